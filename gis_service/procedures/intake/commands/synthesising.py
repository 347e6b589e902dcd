"""A synthetic register of markers on real lines, written as a table that the ordinary intake loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.commands.templates import write_rows
from gis_service.procedures.intake.rules.surveys.synthetic import (
    Place,
    Row,
    Side,
    SyntheticLine,
    synthetic_rows,
)
from gis_service.procedures.intake.rules.surveys.synthetic_tri_points import SyntheticMeeting, tri_point_rows
from gis_service.procedures.intake.rules.surveys.table import spacing_m
from gis_service.registers.boundaries.queries import LineInForce, courses_on, lines_in_force
from gis_service.registers.boundaries.queries.by_sides import line_reference
from gis_service.registers.boundaries.queries.chains import Chain, chains_of
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.markers.queries.candidates import tri_point_candidates


def synthesise(
    session: Session,
    lines: Sequence[LineInForce],
    path: Path,
    *,
    on: date,
    spacing_km: float | None = None,
    seed: int = 2026,
) -> int:
    """Write markers of lines as they run on a day, and of the tri-points they end in; how many rows.

    Raises:
        InvalidInput: a line has no edges that day, or the file is no workbook.
    """
    courses = courses_on(session, lines, on=on)
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    codes = {unit.division_id: unit.code for unit in divisions_by_id(session, sides, on=on).values()}
    rows: list[Row] = []
    for line in sorted(lines, key=lambda each: (DivisionLevel(each.level).rank, each.code)):
        if line.id not in courses:
            raise InvalidInput(f"{line.name}在 {on} 没有可用的边", way_out="请核对日期")
        made = SyntheticLine(
            reference=line_reference(session, line, on=on),
            code=line.code,
            sides=(codes[line.first_id], codes[line.second_id]),
            course=courses[line.id],
            spacing_m=spacing_km * 1000 if spacing_km else spacing_m(line.level),
            sides_at=_sides_at(session, line, on),
        )
        rows += synthetic_rows(made, seed=seed)
    rows += tri_point_rows(_meetings(session, lines, courses, on=on), seed=seed)
    write_rows(path, "marker", rows)
    return len(rows)


def _sides_at(
    session: Session, line: LineInForce, on: date
) -> Callable[[Sequence[Place]], list[tuple[Side, ...]]]:
    wanted = {line.first_id, line.second_id}

    def found(places: Sequence[Place]) -> list[tuple[Side, ...]]:
        units = locate(session, places, on=on)
        chains = chains_of(session, {unit for several in units for unit in several}, on=on)
        sides = {
            leaf: Side(above.code, chain[-1].code, chain[-1].name)
            for leaf, chain in chains.items()
            for above in chain
            if above.id in wanted
        }
        return [tuple(sides[unit] for unit in several if unit in sides) for several in units]

    return found


def _meetings(
    session: Session, lines: Sequence[LineInForce], courses: Mapping[UUID, Course], *, on: date
) -> Iterator[SyntheticMeeting]:
    """Where a line ends and exactly three units of its level meet, or cities on a provincial line."""
    ends: dict[Place, str] = {}
    for line in sorted(lines, key=lambda each: DivisionLevel(each.level).rank):
        course = courses[line.id]
        for part in course.parts:
            for end in () if part.is_closed else (part.coords[0], part.coords[-1]):
                ends.setdefault((float(end[0]), float(end[1])), line.level)
        if line.level == DivisionLevel.province:
            ends |= dict.fromkeys(_of_cities_on(session, course, on=on), DivisionLevel.prefecture.value)
    held = locate(session, list(ends), on=on)
    chains = chains_of(session, {unit for units in held for unit in units}, on=on)
    for (place, level), units in zip(ends.items(), held, strict=True):
        around = sorted((chains[unit] for unit in units if unit in chains), key=lambda chain: chain[-1].code)
        meeting = _meeting(session, place, around, level, on=on)
        if meeting is not None:
            yield meeting


def _of_cities_on(session: Session, course: Course, *, on: date) -> list[Place]:
    """Where cities meet on a provincial line."""
    met = tri_point_candidates(session, DivisionLevel.prefecture, on=on)
    return [(each.point.x, each.point.y) for each in met if course.foot(each.point).offset_m < _ON_LINE_M]


_ON_LINE_M = 0.01


def _meeting(
    session: Session, place: Place, around: list[Chain], level: str, *, on: date
) -> SyntheticMeeting | None:
    units = [unit for chain in around for unit in chain if unit.level == level]
    if len(around) != _THREE or len({unit.id for unit in units}) != _THREE:
        return None
    sides = {
        frozenset((one, other)) for pair in combinations(around, 2) for one, other in _sides_of_line(*pair)
    }
    meeting = {unit for pair in sides for unit in pair}
    found = [
        line
        for line in lines_in_force(session, on=on, sides=meeting, told=True)
        if frozenset((line.first_id, line.second_id)) in sides
    ]
    lowest = sorted(found, key=lambda line: (-DivisionLevel(line.level).rank, line.code))
    return SyntheticMeeting(
        place,
        tuple((unit.code, unit.name) for unit in units),
        tuple(
            Side(unit.code, chain[-1].code, chain[-1].name) for unit, chain in zip(units, around, strict=True)
        ),
        tuple(line_reference(session, line, on=on) for line in lowest),
    )


_THREE = 3


def _sides_of_line(one: Chain, other: Chain) -> Iterator[tuple[UUID, UUID]]:
    """The two units between which a line is registered: the highest of one level that differ."""
    levels = {unit.level: unit.id for unit in other}
    for unit in one:
        if levels.get(unit.level, unit.id) != unit.id:
            yield unit.id, levels[unit.level]
            return
