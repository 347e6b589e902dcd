"""Divisions on a day with their areas: the list, one unit, its geometry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Classification, highest
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.web import (
    Feature,
    FeaturesOut,
    ListingOnDate,
    OnDate,
    OneFeatureOut,
    PageByText,
    Reading,
    Shape,
    WantedShape,
    feature_collection,
    geojson_content,
    one_feature,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import (
    UnitOnGround,
    statement_on_areas,
    unit_on_ground,
    units_on_ground,
)
from gis_service.registers.boundaries.schemas import DivisionOnGroundOut, UnitOnGroundOut
from gis_service.registers.divisions.queries import (
    Sought,
    division_named,
    histories_of,
    inferiors_on,
    note_history,
    superiors_of,
)
from gis_service.registers.divisions.routes import DivisionReference, NamedDivision
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType
from gis_service.registers.divisions.schemas import HistoryOut, InferiorsOut, UnitOut

router = APIRouter(prefix="/divisions", tags=["行政区划"], dependencies=[permitted(Act.read_registers)])


def _sought(
    session: Reading,
    on: OnDate,
    level: Annotated[DivisionLevel | None, Query(description="行政层级", examples=["county"])] = None,
    within: Annotated[
        NamedDivision | None,
        Query(description="只列此单位及其下属（代码或 UUID）", examples=["320600"]),
    ] = None,
    name: Annotated[
        str | None, Query(min_length=1, max_length=50, description="名称中含有的文字", examples=["海"])
    ] = None,
    type: Annotated[DivisionType | None, Query(description="建制", examples=["市辖区"])] = None,
) -> Sought:
    root = None
    if within is not None:
        root = division_named(session, within, on=on).division_id
    return Sought(level=level, within=root, name=name, type=type)


@router.get(
    "",
    summary="列出某日的行政区划",
    response_model=ListingOnDate[UnitOnGroundOut],
    responses={
        **geojson_content("一页行政区划；GeoJSON 时带范围", FeaturesOut[UnitOnGroundOut]),
        **refusals(404),
    },
)
def list_divisions(
    request: Request,
    session: Reading,
    on: OnDate,
    sought: Annotated[Sought, Depends(_sought)],
    page: PageByText,
    shape: WantedShape,
) -> Any:
    """某一天有效的单位，按代码排列，逐页取得；条件可以并用。

    要带范围的结果，请用 `Accept: application/geo+json` 或 `format=geojson`：
    坐标为 CGCS2000 经纬度，经度在前，7 位小数；`statement` 是数据来源的声明。
    """
    wants_geometry = shape is Shape.geojson
    found = units_on_ground(
        session, sought, on=on, after=page.after, limit=page.one_more, with_geometry=wants_geometry
    )
    units, following = page.cut(found, lambda unit: unit.code)
    note_readings(session, ((unit.classification, unit.begun_by) for unit in units))
    if wants_geometry:
        features = map(_feature, units)
        statement = statement_on_areas(session, highest(*(unit.classification for unit in units)))
        return feature_collection(request, features, on=on, statement=statement, next_page=following)
    return ListingOnDate(on=on, items=[_plain(unit) for unit in units], next=following)


@router.get("/{reference}", summary="查某日的一个单位", responses=refusals(404))
def read_division(session: Reading, reference: DivisionReference, on: OnDate) -> DivisionOnGroundOut:
    """按代码或标识查一个单位在某一天的情况：上级、下级、面积、历次版本、沿革和文件依据。

    代码当日无人使用时答复 404，并说明该代码在哪些日子由谁使用。
    """
    unit_id = division_named(session, reference, on=on).division_id
    return _in_full(session, unit_on_ground(session, unit_id, on=on, with_geometry=False), on)


@router.get(
    "/{reference}/geometry",
    summary="取某日一个单位的范围",
    response_class=Response,
    responses={**geojson_content("一个 GeoJSON 要素", OneFeatureOut[UnitOnGroundOut]), **refusals(404)},
)
def read_geometry(request: Request, session: Reading, reference: DivisionReference, on: OnDate) -> Response:
    """一个单位在某一天的范围（GeoJSON 要素，MultiPolygon）；没有范围数据时 `geometry` 为空。"""
    unit_id = division_named(session, reference, on=on).division_id
    unit = unit_on_ground(session, unit_id, on=on, with_geometry=True)
    note_reading(session, unit.classification, unit.begun_by)
    statement = statement_on_areas(session, Classification(unit.classification))
    return one_feature(request, _feature(unit), on=on, statement=statement)


def _plain(unit: UnitOnGround) -> UnitOnGroundOut:
    return UnitOnGroundOut.model_validate(unit)


def _feature(unit: UnitOnGround) -> Feature:
    return Feature(unit.id, unit.geometry, _plain(unit))


def _in_full(session: Session, unit: UnitOnGround, on: date) -> DivisionOnGroundOut:
    unit_id = unit.id
    [history] = histories_of(session, [unit_id])
    below, above = inferiors_on(session, unit_id, on=on), superiors_of(session, unit_id, on=on)
    note_reading(session, unit.classification, unit.begun_by)
    note_readings(session, ((each.classification, each.code) for each in (*below, *above)))
    note_history(session, history)
    told = HistoryOut.model_validate(history)
    return DivisionOnGroundOut(
        **_plain(unit).model_dump(),
        on=on,
        superiors=[UnitOut.model_validate(superior) for superior in above],
        inferiors=InferiorsOut(count=len(below), codes=[inferior.code for inferior in below]),
        versions=told.versions,
        came_from=told.came_from,
        went_into=told.went_into,
    )
