"""What holds of a marker from a day on, in place of what held before; nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction

_NEVER_COPIED = frozenset({"id", "valid", "begun_by", "ended_by"})


@dataclass(frozen=True, slots=True)
class From:
    """From which day on, by which instrument."""

    on: date
    instrument_id: UUID


def facts_on(tx: Transaction, model: Any, on: date, **keys: Any) -> list[Any]:
    """The rows of a table that hold on a day for these keys."""
    conditions = [getattr(model, name) == value for name, value in keys.items()]
    return list(tx.session.scalars(select(model).where(*conditions, holds_on(model.valid, on))))


def end_fact(tx: Transaction, row: Any, since: From) -> date | None:
    """Let a row end; one that began the same day has not lasted a day and goes. Returns its end till then."""
    until: date | None = row.valid.end
    if row.valid.start == since.on:
        tx.session.delete(row)
    else:
        row.valid, row.ended_by = row.valid.ended(since.on), since.instrument_id
    return until


def succeed(
    tx: Transaction, model: Any, keys: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], since: From
) -> None:
    """End what holds for the keys, and begin these rows in its place, for as long as the last of it held."""
    ends = [end_fact(tx, old, since) for old in facts_on(tx, model, since.on, **keys)]
    tx.session.flush()  # the old period must end before the new one may begin
    until = None if not ends or None in ends else max(end for end in ends if end is not None)
    for row in rows:
        known = {name: value for name, value in row.items() if name not in _NEVER_COPIED}
        tx.session.add(
            model(**{**keys, **known}, valid=Period(since.on, until), begun_by=since.instrument_id)
        )
    tx.session.flush()


def as_row(fact: Any) -> dict[str, Any]:
    """The columns of a row, for one that differs from it in a few."""
    names = [column.key for column in fact.__table__.columns]
    return {name: getattr(fact, name) for name in names if name not in _NEVER_COPIED}
