"""Desk checks of a boundary line over HTTP: of the register alone, or with a text, copies and parcels."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field, WithJsonSchema

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.geojson import geometry_schema
from gis_service.foundation.stripped import Stripped
from gis_service.foundation.web import OnDate, Reading, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.publications.checks.queries import Asked, check_line
from gis_service.publications.checks.schemas import CheckOut
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.boundaries.routes.lines import LineReference
from gis_service.registers.boundaries.rules import Parcel
from gis_service.registers.boundaries.rules.drawn import read_exactly

MOST_BODY_BYTES = 20_000_000

router = APIRouter(
    prefix="/boundary-lines",
    tags=["内业检查"],
    route_class=JsonBody,
    dependencies=[permitted(Act.ask_at_length)],
)

FromM = Annotated[float | None, Query(ge=0, le=1e8, description="只查一段：起点里程（米）")]
ToM = Annotated[float | None, Query(gt=0, le=1e8, description="只查一段：终点里程（米）")]
Within = Annotated[
    str | None,
    Query(pattern="^[0-9]{2,12}$", description="只查此单位（或其下单位）为一侧的各段", examples=["320300"]),
]
Since = Annotated[date | None, Query(description="与这一天的走向比较；不写则为上一版")]
_LINES, _AREAS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")
Line = Annotated[dict[str, Any], WithJsonSchema(geometry_schema(_LINES))]
Area = Annotated[dict[str, Any], WithJsonSchema(geometry_schema(_AREAS))]


class CopyIn(Stripped):
    """The line as another holder keeps it, or as it was published."""

    source: str = Field(min_length=1, max_length=200, description="来源", examples=["安徽省存档"])
    geometry: Line = Field(description="线（GeoJSON 几何），CGCS2000 经纬度")


class ParcelIn(Stripped):
    """A parcel, or a patch of land use."""

    name: str = Field(min_length=1, max_length=200, description="图斑名称或编号")
    unit: str | None = Field(default=None, pattern="^[0-9]{2,12}$", description="所属单位的代码，如有")
    geometry: Area = Field(description="面（GeoJSON 几何），CGCS2000 经纬度")


class CheckIn(Stripped):
    """What the line is to be held against."""

    text: str | None = Field(default=None, min_length=1, max_length=1_000_000, description="走向说明的全文")
    copies: list[CopyIn] = Field(default_factory=list, max_length=10, description="他方所存或公布的线形")
    parcels: list[ParcelIn] = Field(default_factory=list, max_length=20_000, description="地块或地类图斑")


@router.get("/{reference}/check", summary="内业检查一条界线", responses=refusals(403, 404, 409))
def check(
    session: Reading,
    reference: LineReference,
    on: OnDate,
    from_m: FromM = None,
    to_m: ToM = None,
    since: Since = None,
    within: Within = None,
) -> CheckOut:
    """按 R-BND、R-MRK 各条规则检查登记的界线、界桩和文件，并与上一版比较。每条意见有位置和办法。

    写明 `within` 的只查该单位为一侧的各段；界桩总数、全长等须就全线判断的，只在查全线时判断。
    """
    line = line_named(session, reference, on=on)
    return check_line(session, line, Asked(from_m, to_m, since=since, within=within), on=on)


@router.post(
    "/{reference}/check",
    summary="内业检查一条界线，并与所附资料对照",
    openapi_extra=body_up_to(MOST_BODY_BYTES),
    responses=refusals(403, 404, 409),
)
def check_against(
    session: Reading,
    reference: LineReference,
    on: OnDate,
    body: CheckIn,
    from_m: FromM = None,
    to_m: ToM = None,
    since: Since = None,
    within: Within = None,
) -> CheckOut:
    """同上，另与走向说明、他方所存线形（接边证明）、地块图层（疑似越界）对照。所附资料不保存。"""
    asked = Asked(
        from_m,
        to_m,
        body.text,
        tuple((each.source, _line(each)) for each in body.copies),
        tuple(Parcel(each.name, each.unit, _area(each)) for each in body.parcels),
        since,
        within,
    )
    return check_line(session, line_named(session, reference, on=on), asked, on=on)


def _line(copy: CopyIn) -> Any:
    return read_exactly(copy.geometry, _LINES)


def _area(parcel: ParcelIn) -> Any:
    shape = read_exactly(parcel.geometry, _AREAS)
    if not shape.is_valid:
        raise InvalidInput(f"图斑“{parcel.name}”的图形无效", way_out="请修正自相交或重叠的部分")
    return shape
