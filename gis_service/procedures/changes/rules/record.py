"""What the registers hold of units and of all that must move with them, as it is put right: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.periods import Period
from gis_service.foundation.replaced import Replaced, Row
from gis_service.procedures.changes.rules.evidence import BoundStated
from gis_service.procedures.changes.rules.outcome import Correction

VERSIONS, LINKS, HOLDINGS = "division_version", "lineage", "membership"
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Record:
    """Rows of units, of what hangs on them, of what they hang on, and of who holds the codes concerned.

    `together` names, for a unit and a day, all units of which that day must change along with it: what came
    out of what, who handed a code or a face to whom, who hangs on what begins or ends.
    """

    versions: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    holdings: tuple[Row, ...] = ()
    together: Mapping[tuple[UUID, date], frozenset[UUID]] = field(default_factory=dict)

    def replacing(self, replaced: Iterable[Replaced]) -> Record:
        """The same record once these rows were replaced."""
        replaced = tuple(replaced)
        return Record(
            _after(self.versions, VERSIONS, replaced),
            _after(self.links, LINKS, replaced),
            _after(self.holdings, HOLDINGS, replaced),
            self.together,
        )


def _after(rows: Iterable[Row], table: str, replaced: Sequence[Replaced]) -> tuple[Row, ...]:
    own = [each for each in replaced if each.table == table]
    gone = [each.before for each in own if each.before is not None]
    come = (each.after for each in own if each.after is not None)
    return (*(row for row in rows if row not in gone), *come)


@dataclass(frozen=True, slots=True)
class PutRight:
    """The rows that are replaced, and the rows of which nothing would be left."""

    replaced: tuple[Replaced, ...] = ()
    emptied: tuple[Row, ...] = ()

    @property
    def units(self) -> frozenset[UUID]:
        """Every unit of which anything is replaced."""
        return units_of(self.replaced)


def units_of(replaced: Iterable[Replaced]) -> frozenset[UUID]:
    """The units that replaced rows are about."""
    rows = [row for each in replaced for row in (each.before, each.after) if row is not None]
    keys = ("division_id", "predecessor_id", "successor_id")
    return frozenset(row[key] for row in rows for key in keys if key in row)


def put_right(record: Record, corrections: Iterable[Correction]) -> PutRight:
    """What becomes of the rows of a record by corrections, however many bounds of one row they move."""
    work = _Work(record)
    for correction in corrections:
        work.say(correction)
    return work.done()


class _Work:
    """Rows under correction. Days are looked up as they were, so no order of corrections matters."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.rows: list[tuple[str, Row, dict[str, Any]]] = [
            (table, row, dict(row))
            for table, rows in (
                (VERSIONS, record.versions),
                (LINKS, record.links),
                (HOLDINGS, record.holdings),
            )
            for row in rows
        ]
        self.spans: list[Span | None] = [_span(row) for _, row, _ in self.rows]

    def say(self, correction: Correction) -> None:
        unit = correction.unit
        for table, was, now in self.rows:
            if table == VERSIONS and was["division_id"] == unit.id and was["valid"] == unit.valid:
                now.update(correction.changes)
        bounds = ((correction.begun, unit.valid.start), (correction.ended, unit.valid.end))
        for stated, day in bounds:
            if stated is not None and day is not None:
                self._bound(unit.id, day, stated, begins=stated is correction.begun)

    def _bound(self, unit: UUID, day: date, stated: BoundStated, *, begins: bool) -> None:
        together = self.record.together.get((unit, day), frozenset({unit}))
        for number, (table, was, now) in enumerate(self.rows):
            if table == LINKS:
                self._link(unit, together, day, stated, was, now, begins=begins)
            elif was["division_id"] in together:
                self.spans[number] = _bounded(was, now, self.spans[number], day, stated)

    @staticmethod
    def _link(
        unit: UUID,
        together: frozenset[UUID],
        day: date,
        stated: BoundStated,
        was: Row,
        now: dict[str, Any],
        *,
        begins: bool,
    ) -> None:
        if was["on_date"] != day or not {was["predecessor_id"], was["successor_id"]} & together:
            return
        now["on_date"] = stated.on or now["on_date"]
        if stated.act is not None and was["instrument_id"] == stated.act.instead_of:
            now["instrument_id"] = stated.act.id or was["instrument_id"]
        if stated.certainty is not None and was["successor_id" if begins else "predecessor_id"] == unit:
            now["certainty"] = stated.certainty

    def done(self) -> PutRight:
        replaced, emptied = [], []
        for (table, was, now), span in zip(self.rows, self.spans, strict=True):
            if span is not None and span[1] is not None and span[1] <= span[0]:
                emptied.append(was)
                continue
            if span is not None:
                now["valid"] = Period(*span)
            if now != was:
                replaced.append(Replaced(table, was, now))
        return PutRight(tuple(replaced), tuple(emptied))


def _span(row: Row) -> Span | None:
    valid = row.get("valid")
    return None if valid is None else (valid.start, valid.end)


def _bounded(was: Row, now: dict[str, Any], span: Span | None, day: date, stated: BoundStated) -> Span | None:
    """A row that begins or ends on a day, with what is stated of that day; its span as it is then."""
    valid: Period = was["valid"]
    assert span is not None, "what is held and what is called something has a period"
    start, end = span
    if valid.start == day:
        _told(was, now, stated, "begun")
        start = stated.on or start
    if valid.end == day:
        _told(was, now, stated, "ended")
        end = stated.on or end
    return start, end


def _told(was: Row, now: dict[str, Any], stated: BoundStated, side: str) -> None:
    if f"{side}_edtf" in was and (stated.on is not None or stated.edtf is not None):
        now[f"{side}_edtf"] = stated.edtf
    act = stated.act
    if act is not None and act.id is not None and was[f"{side}_by"] == act.instead_of:
        now[f"{side}_by"] = act.id


def window_of(replaced: Iterable[Replaced]) -> Span | None:
    """From which day to which areas or lines may be other than they were; None where they cannot be."""
    spans = [span for each in replaced for span in _differing(each)]
    if not spans:
        return None
    ends = [end for _, end in spans]
    return min(start for start, _ in spans), None if None in ends else max(end for end in ends if end)


def _differing(each: Replaced) -> list[Span]:
    rows = [row for row in (each.before, each.after) if row is not None]
    spans = [span for span in map(_span, rows) if span is not None]
    if not spans:
        return []
    if len(spans) == 1 or rows[0].get("superior_id") != rows[1].get("superior_id"):
        return spans
    found: list[Span] = []
    (start, end), (other_start, other_end) = spans
    if start != other_start:
        found.append((min(start, other_start), max(start, other_start)))
    if end != other_end:
        known = [day for day in (end, other_end) if day is not None]
        found.append((min(known), max(known) if len(known) == len(spans) else None))
    return found
