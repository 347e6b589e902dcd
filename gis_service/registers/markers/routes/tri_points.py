"""Tri-points on a day."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from gis_service.foundation.access import Act, highest
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import OnDate, PageByText, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.paging import ListingOnDate
from gis_service.registers.divisions.queries import division_named, divisions_by_id
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.divisions.schemas import UnitOut
from gis_service.registers.markers.models import TriPoint
from gis_service.registers.markers.queries.evidence import tri_point_key, tri_points_on
from gis_service.registers.markers.queries.histories import kept_as, papers_of
from gis_service.registers.markers.queries.standing import point_of
from gis_service.registers.markers.schemas import TriPointOut

router = APIRouter(prefix="/tri-points", tags=["界桩"], dependencies=[permitted(Act.read_registers)])


@router.get("", summary="列出某日的三交点", responses=refusals(404))
def list_tri_points(
    session: Reading,
    on: OnDate,
    page: PageByText,
    unit: Annotated[
        NamedDivision | None, Query(description="相交单位之一（代码或 UUID）", examples=["320000"])
    ] = None,
) -> ListingOnDate[TriPointOut]:
    """三个同级单位的界线相交之处，按名称和标识排列，逐页取得。"""
    units = None if unit is None else [division_named(session, unit, on=on).division_id]
    found = tri_points_on(session, on=on, units=units, after=page.after, limit=page.one_more)
    cut, following = page.cut(found, tri_point_key)
    known = divisions_by_id(session, {side for each in cut for side in _sides(each)}, on=on)
    papers = papers_of(session, {each.begun_by for each in cut})
    told = [_out(each, known, papers) for each in cut if set(_sides(each)) <= known.keys()]
    note_readings(session, ((each.classification, each.name) for each in told))
    return ListingOnDate(on=on, items=told, next=following)


def _sides(each: TriPoint) -> tuple[UUID, UUID, UUID]:
    return each.first_id, each.second_id, each.third_id


def _out(each: TriPoint, known: Any, papers: Any) -> TriPointOut:
    point = point_of(each)
    assert point is not None
    units = [known[side] for side in _sides(each)]
    return TriPointOut(
        id=each.id,
        name=each.name,
        number=each.number,
        lon=point.x,
        lat=point.y,
        units=[UnitOut.model_validate(unit) for unit in units],
        marker=each.marker_id,
        classification=highest(kept_as(papers, [each.begun_by]), *(unit.classification for unit in units)),
    )
