"""Reading rows as plain values, and replacing them whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Table, Uuid, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from gis_service.foundation.database import PeriodColumn
from gis_service.foundation.periods import Period
from gis_service.foundation.replaced import Replaced, Row


def differences(table: str, before: Mapping[Any, Row], after: Mapping[Any, Row]) -> list[Replaced]:
    """What became of rows, by their keys; rows that are as they were are left out."""
    keys = [*before, *(key for key in after if key not in before)]
    pairs = ((before.get(key), after.get(key)) for key in keys)
    return [Replaced(table, was, now) for was, now in pairs if was != now]


def rows_of(session: Session, table: Table, *where: Any) -> list[Row]:
    """The rows of a table that meet all conditions, whole."""
    session.flush()
    return [dict(row._mapping) for row in session.execute(select(table).where(*where))]


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    """What tells a row from all others of its table."""
    return tuple(row[column.name] for column in table.primary_key)


def standing_rows(session: Session, table: Table, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """The rows that stand now under the keys of these, by key."""
    keys = [key_of(table, row) for row in rows]
    if not keys:
        return {}
    found = rows_of(session, table, tuple_(*table.primary_key).in_(keys))
    return {key_of(table, row): row for row in found}


def replace_rows(session: Session, table: Table, replaced: Iterable[Replaced]) -> None:
    """Let rows of a table be what they are to be; all go first, so that days and codes may change hands."""
    replaced = list(replaced)
    session.flush()
    if gone := [key_of(table, each.before) for each in replaced if each.before is not None]:
        session.execute(delete(table).where(tuple_(*table.primary_key).in_(gone)))
    if come := [dict(each.after) for each in replaced if each.after is not None]:
        session.execute(insert(table), come)
    session.expire_all()


def read_replaced(tables: Mapping[str, Table], told: Mapping[str, Any]) -> Replaced:
    """A replaced row as it was kept as JSON."""
    table = tables[told["table"]]
    return Replaced(table.name, _read(table, told["before"]), _read(table, told["after"]))


def _read(table: Table, told: Mapping[str, Any] | None) -> Row | None:
    if told is None:
        return None
    return {name: _value(table.columns[name].type, value) for name, value in told.items()}


def _value(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, PeriodColumn):
        return Period(*(date.fromisoformat(day) if day else None for day in value))  # type: ignore[arg-type]
    if isinstance(type_, Uuid):
        return UUID(value)
    return date.fromisoformat(value) if isinstance(type_, Date) else value
