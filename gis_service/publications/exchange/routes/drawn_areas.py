"""Whose a drawn shape is on a day, and whose it was on another."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from gis_service.foundation.access import Act
from gis_service.foundation.geojson import geometry_schema
from gis_service.foundation.web import Day, OnDate, Reading
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.registers.boundaries.queries.drawn_areas import Flow, corresponding, covered_on
from gis_service.registers.boundaries.rules import read_drawn
from gis_service.registers.boundaries.rules.drawn import KINDS
from gis_service.registers.boundaries.schemas import PlacedUnitOut, RevisionOut, StepOut
from gis_service.registers.divisions.rules import DivisionLevel

MOST_BODY_BYTES = 4_000_000

router = APIRouter(
    prefix="/divisions",
    tags=["行政区划"],
    route_class=JsonBody,
    dependencies=[permitted(Act.ask_at_length)],
)


Drawn = Annotated[dict[str, Any], WithJsonSchema(geometry_schema(KINDS))]


class ShapeIn(BaseModel):
    """A shape that somebody drew."""

    model_config = ConfigDict(extra="forbid")

    geometry: Drawn = Field(
        description="GeoJSON 几何，CGCS2000 经纬度，至多 20000 个点",
        examples=[{"type": "Point", "coordinates": [120.86, 32.01]}],
    )


class PortionOut(BaseModel):
    """What of the shape lies in a unit."""

    model_config = ConfigDict(from_attributes=True)

    unit: PlacedUnitOut = Field(description="单位")
    relation: str = Field(
        description="contains 单位包含图形；within 单位全在图形以内；overlaps 部分重合；touches 仅相接",
        examples=["overlaps"],
    )
    size: float | None = Field(description="图形在此单位内的面积（平方千米）或长度（千米）；点为空")
    share_of_shape: float | None = Field(description="占图形的比例，0 至 1")
    share_of_unit: float | None = Field(description="占单位面积的比例，0 至 1；线和点为空")


class CoveredOut(BaseModel):
    """A shape on a day."""

    model_config = ConfigDict(from_attributes=True)

    on: date = Field(description="本答复所依据的日期")
    size: float | None = Field(description="图形的面积（平方千米）或长度（千米），椭球面；点为空")
    portions: list[PortionOut] = Field(description="各单位，由大到小")
    uncovered: float | None = Field(description="没有登记范围的部分，单位同 size；点为空")


class FlowOut(BaseModel):
    """What of the shape was one unit's on the one day and is another's on the other."""

    model_config = ConfigDict(from_attributes=True)

    before: PlacedUnitOut | None = Field(description="起点日的单位；空表示当日没有登记范围")
    after: PlacedUnitOut | None = Field(description="终点日的单位；空表示当日没有登记范围")
    size: float | None = Field(description="面积（平方千米）或长度（千米），椭球面；点为空")
    share_of_shape: float | None = Field(description="占图形的比例，0 至 1；各项合计为 1")
    acts: list[StepOut] = Field(description="其间由前者到后者的各次变更")
    revisions: list[RevisionOut] = Field(description="单位未变时，其间更名、代码变更等")


class CorrespondenceOut(BaseModel):
    """Whose a shape was and is."""

    on: date = Field(description="起点日")
    to: date = Field(description="终点日")
    size: float | None = Field(description="图形的面积（平方千米）或长度（千米），椭球面；点为空")
    flows: list[FlowOut] = Field(description="各部分，由大到小")


@router.post("/relations", summary="查某日一个图形与哪些单位重合", openapi_extra=body_up_to(MOST_BODY_BYTES))
def relate_shape(
    session: Reading,
    asked: ShapeIn,
    on: OnDate,
    level: Annotated[
        DivisionLevel | None, Query(description="只看此层级的单位；不写为最低一级", examples=["county"])
    ] = None,
) -> CoveredOut:
    """图形（面、线或点）在某一天与各单位怎样重合、各占多少；没有登记范围的部分另行说明。"""
    covered = covered_on(session, read_drawn(asked.geometry), on=on, level=level)
    return CoveredOut(
        on=on,
        size=covered.size,
        portions=[PortionOut.model_validate(portion) for portion in covered.portions],
        uncovered=covered.uncovered,
    )


@router.post(
    "/correspondence", summary="查一个图形先后属于哪些单位", openapi_extra=body_up_to(MOST_BODY_BYTES)
)
def correspond_shape(
    session: Reading,
    asked: ShapeIn,
    on: OnDate,
    to: Annotated[Day, Query(description="另一日，可早可晚", examples=["2020-06-05"])],
) -> CorrespondenceOut:
    """图形的各部分在两日各属哪个最低一级单位、各有多大，以及其间的各次变更。"""
    found = corresponding(session, read_drawn(asked.geometry), on=on, to=to)
    return CorrespondenceOut(on=on, to=to, size=found.size, flows=[_flow(flow) for flow in found.flows])


def _flow(flow: Flow) -> FlowOut:
    return FlowOut(
        before=flow.before and PlacedUnitOut.model_validate(flow.before),
        after=flow.after and PlacedUnitOut.model_validate(flow.after),
        size=flow.size,
        share_of_shape=flow.share_of_shape,
        acts=[StepOut.model_validate(act) for act in flow.acts],
        revisions=[RevisionOut.model_validate(each) for each in flow.revisions],
    )
