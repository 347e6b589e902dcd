"""Entering boundary points (边界点) and tri-points (三交点)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table

from gis_service.foundation.database import copy_rows
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.entering import POSITION, position_row
from gis_service.registers.markers.commands.observing import point_element
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
    table = BoundaryPoint.__table__
    assert isinstance(table, Table)
    columns = ("id", "line_id", "number", "after_marker_id", "before_marker_id", "feature", *POSITION)
    dated = (Period(on), instrument_id)
    rows = ((uuid4(), *_known(each), *position_row(each.position), *dated) for each in points)
    copy_rows(tx.session, table, (*columns, "valid", "begun_by"), rows)
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
                valid=Period(on),
                begun_by=instrument_id,
            )
        )
        after = {"point": each.point, "units": each.units, "marker": each.marker_id}
        tx.journal("markers.register_tri_point", each.name, instrument_id=instrument_id, after=after, on=on)
        entered.append(each.id)
    tx.session.flush()
    return entered
