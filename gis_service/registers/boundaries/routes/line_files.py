"""One line on a day: its file, its sections, what stands beside it, and places along it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from shapely.geometry import Point

from gis_service.foundation.access import Act, highest
from gis_service.foundation.agenda import Wanted
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import (
    Acting,
    Feature,
    OnDate,
    OneFeatureOut,
    Reading,
    geojson_content,
    one_feature,
    refusals,
)
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import (
    LineInForce,
    Walked,
    claims_on,
    drawn,
    edges_along,
    indicators_on,
    line_file_on,
    line_named,
    sides_of,
    uses_on,
    walked_on,
)
from gis_service.registers.boundaries.queries.telling import (
    claims_told,
    file_told,
    indicators_told,
    lines_told,
    matters_told,
    sections_told,
    uses_told,
)
from gis_service.registers.boundaries.routes.lines import LineReference
from gis_service.registers.boundaries.schemas import (
    ChainageOut,
    ClaimOut,
    IndicatorOut,
    LineFileOut,
    OfLineOut,
    SectionOut,
    UseOut,
)

router = APIRouter(
    prefix="/boundary-lines/{reference}", tags=["行政区域界线"], dependencies=[permitted(Act.read_registers)]
)


class SectionsBy(StrEnum):
    """By what a line is told in sections."""

    units = "units"
    state = "state"
    follows = "follows"
    survey = "survey"


@router.get(
    "",
    summary="取某日的一条界线",
    response_class=Response,
    responses={**geojson_content("一个 GeoJSON 要素", OneFeatureOut[LineFileOut]), **refusals(404, 409)},
)
def read_line(
    request: Request, session: Reading, actor: Acting, reference: LineReference, on: OnDate
) -> Response:
    """一条界线在某一天的线形、两侧、登记内容、长度和飞地（GeoJSON 要素，MultiLineString）。

    代码在不同层级、不同的市会重复：同一代码取层级最高者；最高层级仍有几条时答复 409，并列出各条的标识。
    公布长度与由边算得的长度并列，`lengths.reasons` 说明二者为何不同，从不以一个改另一个。
    `matters` 是此界线尚待办理的勘界、修测事项，登录后可见辖区内的。
    """
    line = line_named(session, reference, on=on)
    along = edges_along(session, sides_of([line]), on=on)
    [told] = lines_told(session, [line], along, on=on)
    file = file_told(session, told, line_file_on(session, line, on=on))
    pending = ground_of(request).due(session, actor, Wanted(on, line=line.id))
    file = file.model_copy(update={"matters": matters_told(session, pending, on=on)})
    drawing = drawn(session, along.of(line.id))
    return one_feature(request, Feature(line.id, drawing.geometry, file), on=on, statement=drawing.statement)


@router.get("/sections", summary="列出某日界线的各段", responses=refusals(404, 409))
def list_sections(
    session: Reading,
    reference: LineReference,
    on: OnDate,
    by: Annotated[
        SectionsBy,
        Query(description="按何分段：units 两侧单位，state 法律状态，follows 所沿之物，survey 任一勘定情况"),
    ] = SectionsBy.units,
) -> OfLineOut[SectionOut]:
    """界线自起点起的各段，首尾相接，合为全线；不能示明时一段也不列，长度为空。"""
    line = line_named(session, reference, on=on)
    walked = walked_on(session, line, on=on)
    length_km = walked.course.length_m / 1000.0 if walked else None
    return _of_line(line, sections_told(session, line, walked, by=by.value), on=on, length_km=length_km)


@router.get("/claims", summary="列出某日界线争议段的主张线", responses=refusals(404, 409))
def list_claims(session: Reading, reference: LineReference, on: OnDate) -> OfLineOut[ClaimOut]:
    """各方对争议段主张的线；登记的界线不因主张而移动。"""
    line = line_named(session, reference, on=on)
    return _of_line(line, claims_told(session, line, claims_on(session, line, on=on)), on=on)


@router.get("/indicators", summary="列出某日界线的指示物", responses=refusals(404, 409))
def list_indicators(session: Reading, reference: LineReference, on: OnDate) -> OfLineOut[IndicatorOut]:
    """在实地标示界线位置的沟渠、道路等线状地物和其他指示物。"""
    line = line_named(session, reference, on=on)
    return _of_line(line, indicators_told(session, line, indicators_on(session, line, on=on)), on=on)


@router.get("/uses", summary="列出某日界线的飞地、插花地和跨界使用", responses=refusals(404, 409))
def list_uses(session: Reading, reference: LineReference, on: OnDate) -> OfLineOut[UseOut]:
    """一侧在另一侧境内管辖或使用的土地，及其同意、决定和备案。"""
    line = line_named(session, reference, on=on)
    return _of_line(line, uses_told(session, line, uses_on(session, line, on=on)), on=on)


def _of_line(
    line: LineInForce, items: list[Any], *, on: date, length_km: float | None = None
) -> OfLineOut[Any]:
    return OfLineOut(on=on, line=line.id, code=line.code, name=line.name, length_km=length_km, items=items)


@router.get("/chainage", summary="查界线上的里程或位置", responses=refusals(404, 409))
def read_chainage(
    session: Reading,
    reference: LineReference,
    on: OnDate,
    m: Annotated[
        float | None, Query(ge=0, le=1e8, description="里程（米），自起点起", examples=[1000])
    ] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180, description="点的经度（CGCS2000）")] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, description="点的纬度（CGCS2000）")] = None,
) -> ChainageOut:
    """写 `m` 得该里程在线上的位置；写 `lon`、`lat` 得该点到界线的垂足、里程、距离和所在一侧。"""
    line = line_named(session, reference, on=on)
    walked = walked_on(session, line, on=on)
    if walked is None:
        raise Conflict(
            f"{line.name}在 {on} 没有可以示明的线形", way_out="请核对日期；部分涉密的，由有权限的人员查阅"
        )
    note_reading(session, highest(line.classification, walked.classification), line.code)
    chainage_m, point, offset_m, side = _place(walked, m, lon, lat)
    _, facts = walked.at(chainage_m)
    return ChainageOut(
        on=on,
        line=line.id,
        chainage_m=chainage_m,
        length_m=walked.course.length_m,
        lon=point.x,
        lat=point.y,
        offset_m=offset_m,
        side=side,
        left=facts.left,
        right=facts.right,
        legal_state=facts.legal_state,
        follows=facts.follows,
        follows_name=facts.follows_name,
        classification=highest(line.classification, facts.classification),
    )


def _place(
    walked: Walked, m: float | None, lon: float | None, lat: float | None
) -> tuple[float, Point, float | None, str | None]:
    if m is not None and lon is None and lat is None:
        if m > walked.course.length_m:
            raise InvalidInput(
                f"里程 {m:g} 米超过界线全长 {walked.course.length_m:.3f} 米", way_out="请写全长以内的里程"
            )
        return m, walked.course.point_at(m), None, None
    if m is None and lon is not None and lat is not None:
        foot = walked.course.foot(Point(lon, lat))
        return foot.chainage_m, foot.point, foot.offset_m, foot.side
    raise InvalidInput("请写里程 m，或写经度 lon 和纬度 lat", way_out="两种查法只取一种")
