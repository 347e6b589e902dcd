"""Looking entries up, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from gis_service.foundation.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is None does not matter. `below` is a position."""

    subject: str | None = None
    actor: str | None = None
    command: str | None = None
    since: datetime | None = None
    below: int | None = None


def entries(session: Session, wanted: Wanted, *, limit: int) -> Sequence[JournalEntry]:
    """The newest entries that are wanted."""
    newest_first = select(JournalEntry).order_by(JournalEntry.position.desc())
    return session.scalars(newest_first.where(*_conditions(wanted)).limit(limit)).all()


def newest(session: Session) -> tuple[int, datetime | None]:
    """How many entries there are, and when the newest was written; None where there is none."""
    position, at = session.execute(text("SELECT * FROM journal_end()")).one()
    return position or 0, at


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    entry = JournalEntry
    equal = ((entry.subject, wanted.subject), (entry.actor, wanted.actor), (entry.command, wanted.command))
    conditions = [column == value for column, value in equal if value is not None]
    if wanted.since is not None:
        conditions.append(entry.at >= wanted.since)
    if wanted.below is not None:
        conditions.append(entry.position < wanted.below)
    return conditions
