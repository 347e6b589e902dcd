"""Tri-points on a day."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, highest
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.web import OnDate, PageByText, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.paging import ListingOnDate
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.boundaries.routes.lines import LineReference
from gis_service.registers.boundaries.schemas import OfLineOut
from gis_service.registers.divisions.queries import division_named, divisions_by_id
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.divisions.schemas import UnitOut
from gis_service.registers.markers.models import TriPoint
from gis_service.registers.markers.queries.histories import kept_as, papers_of
from gis_service.registers.markers.queries.meeting import (
    synthetic_among,
    tri_point_key,
    tri_points_of,
    tri_points_on,
    units_of,
)
from gis_service.registers.markers.queries.standing import point_of
from gis_service.registers.markers.schemas import TriPointOut

router = APIRouter(prefix="/tri-points", tags=["界桩"], dependencies=[permitted(Act.read_registers)])
line_router = APIRouter(
    prefix="/boundary-lines/{reference}/tri-points",
    tags=["界桩"],
    dependencies=[permitted(Act.read_registers)],
)


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
    return ListingOnDate(on=on, items=_told(session, cut, on=on), next=following)


@line_router.get("", summary="列出某日一条界线的三交点", responses=refusals(404, 409))
def list_tri_points_of_line(session: Reading, reference: LineReference, on: OnDate) -> OfLineOut[TriPointOut]:
    """界线经过或终止于其上的三交点，按名称排列；省界上两市与邻省一市相交之处也在其列。"""
    line = line_named(session, reference, on=on)
    note_reading(session, line.classification, line.code)
    found = tri_points_of(session, [line], on=on)[line.id]
    items = _told(session, found, on=on)
    return OfLineOut(on=on, line=line.id, code=line.code, name=line.name, length_km=None, items=items)


def _told(session: Session, found: Sequence[TriPoint], *, on: date) -> list[TriPointOut]:
    """Those of which the reader may know all three units."""
    known = divisions_by_id(session, {side for each in found for side in units_of(each)}, on=on)
    papers = papers_of(session, {each.begun_by for each in found})
    made_up = synthetic_among(session, {each.marker_id for each in found if each.marker_id is not None})
    told = [_out(each, known, papers, made_up) for each in found if set(units_of(each)) <= known.keys()]
    note_readings(session, ((each.classification, each.name) for each in told))
    return told


def _out(each: TriPoint, known: Any, papers: Any, made_up: Set[UUID]) -> TriPointOut:
    point = point_of(each)
    assert point is not None
    units = [known[side] for side in units_of(each)]
    return TriPointOut(
        id=each.id,
        name=each.name,
        number=each.number,
        lon=point.x,
        lat=point.y,
        units=[UnitOut.model_validate(unit) for unit in units],
        marker=each.marker_id,
        is_synthetic=each.marker_id in made_up,
        classification=highest(kept_as(papers, [each.begun_by]), *(unit.classification for unit in units)),
    )
