"""The tri-points that rows of markers tell of: where the three units of a row meet, with its marker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.measure import distance_m
from gis_service.procedures.intake.rules.surveys import GivenMarker, Notes
from gis_service.procedures.intake.rules.surveys.table import R_SUR_10
from gis_service.registers.boundaries.rules import threshold
from gis_service.registers.markers.commands import NewTriPoint
from gis_service.registers.markers.models import TriPoint
from gis_service.registers.markers.queries.meeting import tri_points_on, units_of
from gis_service.registers.markers.queries.standing import point_of

_WAY_OUT = "请用 markers tri-point 登记三交点，或把界桩关联到它"


def tri_points_of(
    session: Session,
    given: Iterable[GivenMarker],
    markers: Mapping[int, UUID],
    units: Mapping[str, UUID],
    notes: Notes,
    *,
    on: date,
) -> list[NewTriPoint]:
    """What is to be entered of the rows whose markers were registered: ids by row, units by code.

    A row whose marker has no position, or whose tri-point is on record, is told and enters none.
    """
    rows = [each for each in given if each.units and each.row in markers]
    known = tri_points_on(session, on=on, units={units[code] for each in rows for code in each.units})
    found = []
    for each in rows:
        first, second, third = (units[code] for code in each.units)
        name = each.tri_point or f"{'、'.join(each.units)}三交点"
        point = each.position.point if each.position is not None else None
        if point is None:
            notes.warn(R_SUR_10, each.row, each.number, "没有可用的坐标，三交点未登记", _WAY_OUT)
        elif any(_is_same(one, {first, second, third}, point) for one in known):
            notes.warn(R_SUR_10, each.row, each.number, f"三交点“{name}”已登记，没有再登记", _WAY_OUT)
        else:
            meeting = (first, second, third)
            found.append(NewTriPoint(name, point, meeting, each.number, markers[each.row]))
    return found


def _is_same(known: TriPoint, units: Set[UUID], point: tuple[float, float]) -> bool:
    """Whether a tri-point on record is that of these units at this place; two may meet twice."""
    at = point_of(known)
    assert at is not None
    return set(units_of(known)) == units and distance_m(at.x, at.y, *point) <= threshold(
        "tri_point", "near_m"
    )
