"""Gathering what is known of seats on a day, and listing what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.access import Reach
from gis_service.foundation.findings import Finding
from gis_service.procedures.seats.rules import (
    R_SEAT_01,
    Office,
    SeatFacts,
    SeatProblem,
    UnitNamed,
    judge_seat,
)
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.queries import units_holding, units_with_extent
from gis_service.registers.divisions.models import DivisionVersion, SeatAspect
from gis_service.registers.divisions.queries import (
    SeatKnown,
    division_by_code,
    divisions_on,
    find_by_codes,
    lower_units_of,
    seats_of,
)
from gis_service.registers.divisions.rules import DivisionLevel

SEATED = frozenset({"province", "prefecture", "county", "township"})  # villages have no government
Known = dict[tuple[UUID, SeatAspect], SeatKnown]


@dataclass(frozen=True, slots=True)
class UnitSeat:
    """A unit with what is known of its seat."""

    version: DivisionVersion
    facts: SeatFacts


def seats_on(
    session: Session,
    *,
    on: date,
    within: UUID | None = None,
    level: DivisionLevel | None = None,
    after: str | None = None,
    limit: int | None = None,
    reach: Reach,
) -> list[UnitSeat]:
    """Units within a reach with their seats on a day, by code."""
    units = [
        unit
        for unit in divisions_on(session, on=on, within=within, level=level, after=after)
        if unit.level in SEATED
    ]
    inside = covered(session, reach, (unit.division_id for unit in units), on=on)
    units = [unit for unit in units if unit.division_id in inside]
    return _with_seats(session, units[:limit], on=on)


@dataclass(frozen=True, slots=True)
class UnitProblems:
    """A unit with what is wrong with its seat."""

    seat: UnitSeat
    findings: tuple[Finding, ...]


def problems_on(
    session: Session,
    *,
    on: date,
    reach: Reach,
    within: UUID | None = None,
    level: DivisionLevel | None = None,
    kind: SeatProblem | None = None,
) -> list[UnitProblems]:
    """The units within a reach with a problem of relocation on a day, by code; `kind` is which one."""
    found = []
    for seat in seats_on(session, on=on, within=within, level=level, reach=reach):
        findings = tuple(
            each
            for each in judge_seat(seat.facts)
            if each.rule == R_SEAT_01.id and kind in {None, each.class_}
        )
        if findings:
            found.append(UnitProblems(seat, findings))
    return found


def _with_seats(session: Session, units: Sequence[DivisionVersion], *, on: date) -> list[UnitSeat]:
    ids = [unit.division_id for unit in units]
    gathered = _Gathered(session, ids, on=on)
    return [UnitSeat(unit, gathered.facts(unit)) for unit in units]


class _Gathered:
    """Records, points in units, and lower units of many units, however many: asked once each."""

    def __init__(self, session: Session, ids: Iterable[UUID], *, on: date) -> None:
        asked = list(ids)
        self.known: Known = seats_of(session, asked, on=on)
        points = {key: seat.position for key, seat in self.known.items() if seat.position}
        self.holding = units_holding(session, points, on=on)
        self.drawn = units_with_extent(session, asked, on=on)
        self.lower = lower_units_of(session, asked, on=on)
        stated = {seat.located_in for seat in self.known.values() if seat.located_in}
        self.stated = find_by_codes(session, stated, on=on)

    def facts(self, unit: DivisionVersion) -> SeatFacts:
        """What is known of the seat of one unit."""
        actual = self.known.get((unit.division_id, SeatAspect.actual))
        return SeatFacts(
            UnitNamed(unit.code, unit.name),
            self._approved(unit),
            self._office(unit, actual) if actual else None,
        )

    def _approved(self, unit: DivisionVersion) -> Office | None:
        """As it was recorded; else as the register of divisions has it in words."""
        seat = self.known.get((unit.division_id, SeatAspect.approved))
        if seat is not None:
            return self._office(unit, seat)
        if unit.seat is None:
            return None
        lower = self._named(unit, unit.seat)
        return Office(unit.seat, None, None, _label(lower), unit.valid.start, "行政区划登记簿")

    def _office(self, unit: DivisionVersion, seat: SeatKnown) -> Office:
        holding = self.holding.get((unit.division_id, seat.aspect), frozenset())
        stated = self.stated.get(seat.located_in or "")
        by_point = [each for each in self.lower.get(unit.division_id, ()) if each.division_id in holding]
        lower = by_point[0] if by_point else stated or self._named(unit, seat.place)
        within = self._lies_within(unit, seat, holding, stated)
        is_own = lower is not None and lower.superior_id == unit.division_id
        return Office(
            seat.place, seat.position, within, _label(lower) if is_own else None, seat.known_on, seat.source
        )

    def _lies_within(
        self, unit: DivisionVersion, seat: SeatKnown, holding: frozenset[UUID], stated: DivisionVersion | None
    ) -> bool | None:
        if seat.position is not None and unit.division_id in self.drawn:
            return unit.division_id in holding
        return None if stated is None else stated.superior_id == unit.division_id

    def _named(self, unit: DivisionVersion, place: str) -> DivisionVersion | None:
        """The next-lower unit whose name stands at the beginning of a place in words, the longest first."""
        fitting = [each for each in self.lower.get(unit.division_id, ()) if place.startswith(each.name)]
        return max(fitting, key=lambda each: len(each.name), default=None)


def _label(version: DivisionVersion | None) -> UnitNamed | None:
    return UnitNamed(version.code, version.name) if version else None


def seat_of(session: Session, code: str, *, on: date) -> UnitSeat:
    """One unit with its seats on a day."""
    [seat] = _with_seats(session, [division_by_code(session, code, on=on)], on=on)
    return seat
