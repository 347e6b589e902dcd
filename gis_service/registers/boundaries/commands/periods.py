"""Facts that follow one another: what holds ends, what comes holds until the next that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from gis_service.foundation.database import holds_at_or_after
from gis_service.foundation.periods import Period
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction


def make_room(
    tx: Transaction,
    model: Any,
    key: Any,
    values: Iterable[UUID],
    *,
    on: date,
    instrument_id: UUID,
    where: ColumnElement[bool] | None = None,
) -> dict[UUID, Period]:
    """End what holds on a day for each value of `key`, and tell how long what comes may hold.

    `where` narrows what counts as the same fact.

    What began the same day has not lasted a day and goes; the journal keeps what it said.
    """
    wanted = list(values)
    until: dict[UUID, list[date]] = defaultdict(list)
    with full_sight(tx.session):
        ids = cast(wanted, ARRAY(PG_UUID(as_uuid=True)))
        rows = select(model).where(key == any_(ids), holds_at_or_after(model.valid, on))
        rows = rows if where is None else rows.where(where)
        for row in tx.session.scalars(rows).all():
            begins, ends = row.valid.start, row.valid.end
            until[getattr(row, key.key)] += [begins] if begins > on else [ends] if ends else []
            if begins == on:
                _tell_gone(tx, row, instrument_id=instrument_id)
                tx.session.delete(row)
            elif begins < on:
                row.valid, row.ended_by = row.valid.ended(on), instrument_id
        tx.session.flush()
    return {value: Period(on, min(until[value], default=None)) for value in wanted}


def _tell_gone(tx: Transaction, row: Any, *, instrument_id: UUID) -> None:
    columns = row.__table__.columns.keys()
    said = {name: getattr(row, name) for name in columns if name not in ("id", "geom", "valid")}
    tx.journal(
        f"boundaries.replace_{row.__tablename__}",
        str(row.id),
        instrument_id=instrument_id,
        before={name: value for name, value in said.items() if value is not None},
        after={},
        on=row.valid.start,
    )
