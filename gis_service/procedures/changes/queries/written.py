"""What a case wrote: as it was recorded with it, or, for older cases, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.replaced import Replaced
from gis_service.foundation.rows import key_of, read_replaced, standing_rows
from gis_service.procedures.changes.models import CaseState, ChangeCase
from gis_service.procedures.changes.queries.record import TABLES

_OF_UNITS = ("divisions.end", "divisions.establish", "divisions.revise")
_OF_AREAS = "boundaries.hand_over"


@dataclass(frozen=True, slots=True)
class WroteOf:
    """The units a case wrote, by which act they stand, and the rows a correction replaced."""

    units: frozenset[UUID]
    instrument_id: UUID
    replaced: tuple[Replaced, ...] = ()


def wrote(session: Session, case: ChangeCase) -> WroteOf | None:
    """What a case wrote; None where neither it nor the journal tells."""
    kept = case.written
    if kept is None:
        return _from_journal(session, case)
    replaced = tuple(read_replaced(TABLES, told) for told in kept.get("replaced", ()))
    units = frozenset(map(UUID, kept["units"]))
    return WroteOf(units, UUID(kept["instrument"]), replaced) if units else None


def _from_journal(session: Session, case: ChangeCase) -> WroteOf | None:
    """Everything the enactment wrote stands in the journal at its very moment, under its act."""
    of_case = select(JournalEntry).where(JournalEntry.subject == case.number)
    enacted = session.scalar(of_case.where(JournalEntry.command == f"changes.{CaseState.enacted.value}"))
    if enacted is None:
        return None
    announced = of_case.where(JournalEntry.command == "changes.announcement")
    announcement = session.scalar(announced.order_by(JournalEntry.position.desc()).limit(1))
    act = announcement.instrument_id if announcement else case.instrument_id
    wanted = select(JournalEntry).where(
        JournalEntry.at == enacted.at,
        JournalEntry.instrument_id == act,
        JournalEntry.command.in_([*_OF_UNITS, _OF_AREAS]),
    )
    units = frozenset(UUID(unit) for entry in session.scalars(wanted) for unit in _units(entry))
    return WroteOf(units, act, ()) if units and act else None


def _units(entry: JournalEntry) -> Iterable[str]:
    if entry.command in _OF_UNITS:
        return [entry.detail["division"]] if "division" in entry.detail else []
    sides: Sequence[dict[str, Any] | None] = (entry.before, entry.after)
    return [side["division"] for side in sides if side and "division" in side]


def altered_since(session: Session, replaced: Iterable[Replaced]) -> list[Replaced]:
    """The rows that are not any more as a correction wrote them."""
    found = []
    by_table: dict[str, list[Replaced]] = {}
    for each in replaced:
        by_table.setdefault(each.table, []).append(each)
    for name, own in by_table.items():
        table = TABLES[name]
        sides = [row for each in own for row in (each.before, each.after) if row is not None]
        standing = standing_rows(session, table, sides)
        for each in own:
            now = {key_of(table, row): row for row in (each.after,) if row is not None}
            gone = {key_of(table, row) for row in (each.before,) if row is not None} - set(now)
            if any(standing.get(key) != row for key, row in now.items()) or gone & set(standing):
                found.append(each)
    return found


def corrected_since(session: Session, case: ChangeCase, written: WroteOf) -> list[str]:
    """The numbers of corrections, not revoked, of what a case wrote by its act."""
    wanted = select(ChangeCase).where(
        ChangeCase.id != case.id,
        ChangeCase.state == CaseState.enacted.value,
        ChangeCase.written.has_key("replaced"),
    )
    return [
        each.number
        for each in session.scalars(wanted.order_by(ChangeCase.number))
        if (other := wrote(session, each)) is not None and _concern(other.replaced, written)
    ]


def _concern(replaced: Iterable[Replaced], written: WroteOf) -> bool:
    acts = ("begun_by", "ended_by", "instrument_id")
    sides = ("division_id", "predecessor_id", "successor_id")
    return any(
        {row.get(key) for key in sides} & written.units
        and written.instrument_id in {row.get(key) for key in acts}
        for each in replaced
        for row in (each.before, each.after)
        if row is not None
    )
