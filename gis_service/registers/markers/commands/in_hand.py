"""Markers that somebody is about to write of: they stand on the day, and the actor may write of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import NotFound, NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.markers.queries import MarkerOnDay, markers_on


@dataclass(frozen=True, slots=True)
class InHand:
    """Markers by id, and the sides of all the lines that each stands on, with their codes."""

    markers: Mapping[UUID, MarkerOnDay]
    sides: Mapping[UUID, frozenset[UUID]]
    codes: Mapping[UUID, str]

    def codes_of(self, marker: UUID) -> frozenset[str]:
        """The codes of the sides of a marker."""
        return frozenset(self.codes.get(side, str(side)) for side in self.sides[marker])


def take_in_hand(
    tx: Transaction, markers: Iterable[UUID], *, on: date, where_they_stand: bool = False
) -> InHand:
    """Let nobody else write, and find the markers.

    `where_they_stand` lets those write too in whose jurisdiction a marker stands or is said to stand: a
    county looks after the markers of a provincial line at its own border, though the line is not its own.

    Raises:
        NotFound: one does not stand on the day, or is not shown to the actor.
        NotPermitted: a marker stands on no line with a side in the jurisdiction of the actor.
    """
    tx.require(Act.keep_markers)
    lock_registers(tx.session)
    wanted = set(markers)
    found = {each.marker.id: each for each in markers_on(tx.session, on=on, ids=wanted)}
    if missing := wanted - found.keys():
        named = "、".join(sorted(map(str, missing))[:3])
        raise NotFound(f"{on} 没有在册的界桩 {named}", way_out="请核对界桩和日期；已报废的界桩不再登记")
    sides_of_line = sides_by_line(tx, {line for each in found.values() for line in each.lines})
    sides = {
        marker: frozenset().union(*(sides_of_line.get(line, frozenset()) for line in each.lines))
        for marker, each in found.items()
    }
    around = _units_around(tx, found.values(), on=on) if where_they_stand else {}
    asked = {found[marker].number: own | around.get(marker, frozenset()) for marker, own in sides.items()}
    require_a_side(tx, asked)
    return InHand(found, sides, codes_of(tx, {side for own in sides.values() for side in own}))


def _units_around(
    tx: Transaction, markers: Iterable[MarkerOnDay], *, on: date
) -> dict[UUID, frozenset[UUID]]:
    markers = list(markers)
    placed = units_at(
        tx, [None if each.point is None else (each.point.x, each.point.y) for each in markers], on=on
    )
    return {each.marker.id: units | each.sides.keys() for each, units in zip(markers, placed, strict=True)}


def units_at(
    tx: Transaction, places: Sequence[tuple[float, float] | None], *, on: date
) -> list[frozenset[UUID]]:
    """For each place (lon, lat) the lowest-level units it lies in, on a border all that meet there."""
    located = iter(locate(tx.session, [place for place in places if place is not None], on=on))
    return [frozenset() if place is None else frozenset(next(located)) for place in places]


def sides_by_line(tx: Transaction, lines: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The two units of each line."""
    wanted = select(BoundaryLine.id, BoundaryLine.first_id, BoundaryLine.second_id)
    rows = tx.session.execute(wanted.where(BoundaryLine.id.in_(set(lines))))
    return {row[0]: frozenset((row[1], row[2])) for row in rows}


def codes_of(tx: Transaction, units: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of units, those that have ended included."""
    return {unit.division_id: unit.code for unit in last_known(tx.session, list(units)).values()}


def require_a_side(
    tx: Transaction, sides: Mapping[str, frozenset[UUID]], act: Act = Act.keep_markers
) -> None:
    """A line belongs to both of its sides: whoever acts for one of them, or for what lies below, may write.

    Raises:
        NotPermitted: names markers of which no side, and nothing below one, is within reach.
    """
    reach = tx.actor.reach(act)
    own = covered(tx.session, reach, {side for several in sides.values() for side in several}, on=tx.today)
    beyond = sorted(number for number, several in sides.items() if not several & own)
    if beyond and not reach.everywhere:
        raise NotPermitted(
            f"界桩 {'、'.join(beyond[:5])} 所在界线的各方都不在您的辖区", way_out="请由界线一方的机关办理"
        )
