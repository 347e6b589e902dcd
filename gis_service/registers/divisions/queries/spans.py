"""Versions read fast and by the thousand, with the acts that began and ended them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import highest
from gis_service.foundation.readings import note_readings


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it is told beside what it did: its number and title."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """A version of a unit with its acts; `superior` is the superior's code on its first day, where asked."""

    id: UUID
    code: str
    name: str
    level: str
    type: str | None
    seat: str | None
    superior_id: UUID | None
    superior: str | None
    begins: date
    ends: date | None
    begun_by: Act
    ended_by: Act | None
    classification: str
    begun_edtf: str | None
    ended_edtf: str | None

    def holds(self, on: date) -> bool:
        """Whether this is what the unit was on a day."""
        return self.begins <= on and (self.ends is None or on < self.ends)


# The superior is asked for row by row through its index: behind the walls the planner cannot know better.
_SPANS = """
SELECT v.division_id, v.code, v.name, v.level, v.type, v.seat, v.superior_id, {superior},
    lower(v.valid), upper(v.valid), begun.number, begun.title, ended.number, ended.title,
    begun.classification, ended.classification, v.begun_edtf, v.ended_edtf
FROM division_version v
JOIN instrument begun ON begun.id = v.begun_by
LEFT JOIN instrument ended ON ended.id = v.ended_by
{join}
WHERE {condition}
ORDER BY v.division_id, lower(v.valid)
"""
_SUPERIOR = """LEFT JOIN LATERAL (
    SELECT s.code FROM division_version s
    WHERE s.division_id = v.superior_id AND s.valid @> lower(v.valid) OFFSET 0
) superior ON TRUE"""


def spans_where(condition: str, *, with_superior: bool = True) -> TextClause:
    """The statement that reads the versions `v` for which a condition holds."""
    column, join = ("superior.code", _SUPERIOR) if with_superior else ("NULL", "")
    return text(_SPANS.format(condition=condition, superior=column, join=join))


def read_spans(session: Session, statement: TextClause, parameters: dict[str, object]) -> list[Span]:
    """What a statement of `spans_where` finds; of one unit, the oldest first."""
    return [_span(row) for row in session.execute(statement, parameters)]


def _span(row: Any) -> Span:
    begun, ended = Act(row[10], row[11]), None if row[12] is None else Act(row[12], row[13])
    classification = highest(row[14], row[15] or row[14])
    values: list[Any] = [*row[:10], begun, ended, classification, row[16], row[17]]
    return Span(*values)


_UNITS = bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True)))
_IN_FULL, _PLAIN = (
    spans_where("v.division_id = ANY(:units)", with_superior=with_superior).bindparams(_UNITS)
    for with_superior in (True, False)
)


def spans_of(
    session: Session, units: Iterable[UUID], *, with_superior: bool = True
) -> dict[UUID, list[Span]]:
    """Every version of these units, oldest first."""
    found: dict[UUID, list[Span]] = {}
    statement = _IN_FULL if with_superior else _PLAIN
    for span in read_spans(session, statement, {"units": list(units)}):
        found.setdefault(span.id, []).append(span)
    return found


def note_spans(session: Session, spans: Iterable[Span]) -> None:
    """Note that an answer holds these versions."""
    note_readings(session, ((span.classification, f"{span.code} {span.name}") for span in spans))


_SPELLS = text(
    "SELECT division_id, lower(valid), upper(valid) FROM division_version WHERE division_id = ANY(:units)"
).bindparams(_UNITS)


def spells_of(session: Session, units: Iterable[UUID]) -> dict[UUID, list[tuple[date, date | None]]]:
    """When these units were in force, and nothing else about them."""
    found: dict[UUID, list[tuple[date, date | None]]] = {}
    for unit, begins, ends in session.execute(_SPELLS, {"units": list(units)}):
        found.setdefault(unit, []).append((begins, ends))
    return found
