"""A synthetic register of markers on real lines, written as a table that the ordinary intake loads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

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
from gis_service.procedures.intake.rules.surveys.table import spacing_m
from gis_service.registers.boundaries.queries import LineInForce, courses_on
from gis_service.registers.boundaries.queries.by_sides import line_reference
from gis_service.registers.boundaries.queries.chains import chains_of
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel


def synthesise(
    session: Session,
    lines: Sequence[LineInForce],
    path: Path,
    *,
    on: date,
    spacing_km: float | None = None,
    seed: int = 2026,
) -> int:
    """Write markers of lines as they run on a day; how many rows.

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
