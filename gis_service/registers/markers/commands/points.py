"""Entering boundary points (边界点) and tri-points (三交点)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from gis_service.foundation.database import copy_rows, table_of
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.entering import POSITION, position_rows
from gis_service.registers.markers.commands.observing import point_element
from gis_service.registers.markers.commands.succeeding import From, end_fact
from gis_service.registers.markers.models import BoundaryPoint, TriPoint
from gis_service.registers.markers.rules.given import Position


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A boundary point to enter, and the markers it lies between, in the direction of the line."""

    line_id: UUID
    number: str
    position: Position
    after_marker_id: UUID | None = None
    before_marker_id: UUID | None = None
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class NewTriPoint:
    """A tri-point to enter: where (lon, lat), which three units meet, its marker where it has one."""

    name: str
    point: tuple[float, float]
    units: tuple[UUID, UUID, UUID]
    number: str | None = None
    marker_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def register_boundary_points(
    tx: Transaction, points: Sequence[NewPoint], *, on: date, instrument_id: UUID
) -> None:
    """Enter boundary points from a day on, by the result table that gives them.

    Raises:
        Conflict: a number is taken on its line that day.
    """
    columns = ("id", "line_id", "number", "after_marker_id", "before_marker_id", "feature", *POSITION)
    dated = (Period(on), instrument_id)
    positions = position_rows([each.position for each in points])
    rows = (
        (uuid4(), *_known(each), *position, *dated) for each, position in zip(points, positions, strict=True)
    )
    copy_rows(tx.session, table_of(BoundaryPoint), (*columns, "valid", "begun_by"), rows)
    by_line: dict[UUID, list[NewPoint]] = defaultdict(list)
    for each in points:
        by_line[each.line_id].append(each)
    for line, several in by_line.items():
        after = {each.number: each.position.point for each in several}
        tx.journal("markers.register_points", str(line), instrument_id=instrument_id, after=after, on=on)


def _known(each: NewPoint) -> tuple[Any, ...]:
    return each.line_id, each.number, each.after_marker_id, each.before_marker_id, each.feature


def register_tri_points(
    tx: Transaction, tri_points: Iterable[NewTriPoint], *, on: date, instrument_id: UUID
) -> list[UUID]:
    """Enter tri-points from a day on, by the agreement of the three.

    Raises:
        InvalidInput: one names a unit twice.
    """
    entered = []
    for each in tri_points:
        _begin(tx, each, Period(on), instrument_id)
        after = _told(each)
        tx.journal("markers.register_tri_point", each.name, instrument_id=instrument_id, after=after, on=on)
        entered.append(each.id)
    tx.session.flush()
    return entered


def revise_tri_point(
    tx: Transaction, known_id: UUID, now: NewTriPoint, *, on: date, instrument_id: UUID
) -> UUID:
    """From a day on, a tri-point is as told; what it was stays on record under its old id.

    Raises:
        NotFound: no such tri-point that day.
        InvalidInput: a unit is named twice.
    """
    old = tri_point_in_force(tx, known_id, on=on)
    before, until = _was(old), end_fact(tx, old, From(on, instrument_id))
    tx.session.flush()
    _begin(tx, now, Period(on, until), instrument_id)
    tx.journal(
        "markers.revise_tri_point",
        now.name,
        instrument_id=instrument_id,
        before=before,
        after=_told(now),
        on=on,
    )
    tx.session.flush()
    return now.id


def end_tri_point(tx: Transaction, known_id: UUID, *, on: date, instrument_id: UUID) -> str:
    """From a day on, three units no longer meet there; returns its name.

    Raises:
        NotFound: no such tri-point that day.
        Conflict: it began that very day.
    """
    old = tri_point_in_force(tx, known_id, on=on)
    if old.valid.start == on:
        raise Conflict(f"三交点“{old.name}”自 {on} 起登记，不能在同一日终止", way_out="请核对日期")
    name, before = old.name, _was(old)
    end_fact(tx, old, From(on, instrument_id))
    tx.journal("markers.end_tri_point", name, instrument_id=instrument_id, before=before, after={}, on=on)
    tx.session.flush()
    return name


def tri_point_in_force(tx: Transaction, known_id: UUID, *, on: date) -> TriPoint:
    """A tri-point by its id.

    Raises:
        NotFound: none that holds that day, or none that is shown to the actor.
    """
    found = tx.session.get(TriPoint, known_id)
    if found is None or on not in found.valid:
        raise NotFound(
            f"{on} 没有标识为 {known_id} 的三交点", way_out="标识可用 markers tri-points --json 查得"
        )
    return found


def _begin(tx: Transaction, each: NewTriPoint, valid: Period, instrument_id: UUID) -> None:
    if len(set(each.units)) != len(each.units):
        raise InvalidInput(f"三交点“{each.name}”须由三个不同的单位相交", way_out="请核对三方单位")
    first, second, third = each.units
    tx.session.add(
        TriPoint(
            id=each.id,
            number=each.number,
            name=each.name,
            geom=point_element(each.point),
            marker_id=each.marker_id,
            first_id=first,
            second_id=second,
            third_id=third,
            valid=valid,
            begun_by=instrument_id,
        )
    )


def _told(each: NewTriPoint) -> dict[str, Any]:
    return {"id": each.id, "point": each.point, "units": each.units, "marker": each.marker_id}


def _was(row: TriPoint) -> dict[str, Any]:
    units = (row.first_id, row.second_id, row.third_id)
    return {"id": row.id, "name": row.name, "units": units, "marker": row.marker_id}
