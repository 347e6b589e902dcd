"""Entering where three units meet, by the agreement of the three; revising and ending it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys.commands.markers import Entered, position_of
from gis_service.procedures.surveys.commands.papers import papers_of
from gis_service.procedures.surveys.schemas.lines import OfLineIn
from gis_service.procedures.surveys.schemas.markers import TriPointIn
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.markers import commands as markers
from gis_service.registers.markers.commands.in_hand import require_a_side
from gis_service.registers.markers.commands.points import tri_point_in_force
from gis_service.registers.markers.queries.named import marker_named


def enter_tri_point(tx: Transaction, sent: TriPointIn, *, on: date) -> Entered:
    """Enter a tri-point from a day on, or how one on record is from then on.

    Raises:
        NotFound: no such unit, marker or tri-point that day.
        NotPermitted: none of the units is within the jurisdiction of the actor.
        InvalidInput: a unit is named twice, or the coordinates cannot be placed.
    """
    tx.require(Act.keep_markers)
    lock_registers(tx.session)
    first, second, third = (division_by_code(tx.session, code, on=on).division_id for code in sent.units)
    units = (first, second, third)
    require_a_side(tx, {sent.name: frozenset(units)})
    point = position_of(sent.place).point
    if point is None:
        raise InvalidInput(
            f"三交点“{sent.name}”的坐标没有当地转换参数，不能定位", way_out="请写 CGCS2000 坐标"
        )
    marker = None if sent.marker is None else marker_named(tx.session, sent.marker, on=on).marker.id
    act = papers_of(tx, sent, within=units)[sent.instrument]
    new = markers.NewTriPoint(sent.name, point, units, sent.number, marker)
    if sent.id is None:
        markers.register_tri_points(tx, [new], on=on, instrument_id=act)
    else:
        _require_reach(tx, sent.id, on)
        markers.revise_tri_point(tx, sent.id, new, on=on, instrument_id=act)
    return Entered((f"{sent.name}（标识 {new.id}）",))


def close_tri_point(tx: Transaction, known_id: UUID, sent: OfLineIn, *, on: date) -> Entered:
    """From a day on, a tri-point is none; raises as `enter_tri_point`."""
    tx.require(Act.keep_markers)
    lock_registers(tx.session)
    _require_reach(tx, known_id, on)
    act = papers_of(tx, sent)[sent.instrument]
    return Entered((markers.end_tri_point(tx, known_id, on=on, instrument_id=act),))


def _require_reach(tx: Transaction, known_id: UUID, on: date) -> None:
    known = tri_point_in_force(tx, known_id, on=on)
    require_a_side(tx, {known.name: frozenset((known.first_id, known.second_id, known.third_id))})
