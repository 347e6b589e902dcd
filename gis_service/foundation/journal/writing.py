"""Writing entries: all of a transaction at once, at its end, so that the chain is locked but a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import event, insert
from sqlalchemy.orm import Session, SessionTransaction

from gis_service.foundation.journal.models import ENTRIES


def plain(values: Mapping[str, Any] | None) -> Any:
    """Values as JSON has them: dates, ids and enumerations as text."""
    return None if values is None else to_jsonable_python(dict(values))


def append(session: Session, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add entries to the end of the journal; the database numbers, links and hashes them.

    Waits for other writers, and makes others wait until this transaction ends: to be called last.
    """
    if entries:
        session.execute(insert(ENTRIES).inline(), list(entries))  # who writes may not read what he wrote


def forget_undone(session: Session, entries: list[dict[str, Any]]) -> None:
    """Take entries back along with what they tell of, when a savepoint or the whole is rolled back."""
    lengths: dict[SessionTransaction, int] = {}

    @event.listens_for(session, "after_transaction_create")
    def _remember(_session: Session, begun: SessionTransaction) -> None:
        lengths[begun] = len(entries)

    @event.listens_for(session, "after_soft_rollback")
    def _forget(_session: Session, undone: SessionTransaction) -> None:
        del entries[lengths.get(undone, 0) :]
