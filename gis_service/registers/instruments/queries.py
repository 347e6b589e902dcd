"""Finding acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, literal, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import NotFound
from gis_service.registers.instruments.models import Instrument


def most_closely_kept(*classifications: Any) -> ColumnElement[str]:
    """The SQL expression of the highest of some classifications; unknown ones count as public."""

    def any_is(level: Classification) -> ColumnElement[bool]:
        return or_(*(each == level.value for each in classifications))

    above_public = [(any_is(level), literal(level.value)) for level in reversed(Classification)][:-1]
    return case(*above_public, else_=literal(Classification.public.value))


def instrument_by_number(session: Session, number: str) -> Instrument | None:
    """The act with this document number, if registered."""
    return session.scalar(select(Instrument).where(Instrument.number == number))


def acts_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Instrument]:
    """The acts entered under these numbers; numbers nobody took are left out."""
    rows = session.scalars(select(Instrument).where(Instrument.number.in_(set(numbers))))
    return {row.number: row for row in rows}


def instrument_by_id(session: Session, instrument_id: UUID) -> Instrument:
    """The act with this id.

    Raises:
        NotFound: no such act.
    """
    found = session.get(Instrument, instrument_id)
    if found is None:
        raise NotFound(f"没有编号为 {instrument_id} 的文件")
    return found


def instruments_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Instrument]:
    """Many acts at once, by id."""
    rows = session.scalars(select(Instrument).where(Instrument.id.in_(set(ids))))
    return {row.id: row for row in rows}


def instruments_page(session: Session, *, after: str | None, limit: int | None) -> list[Instrument]:
    """Acts in order of their number, beginning after the number `after`."""
    wanted = select(Instrument).order_by(Instrument.number).limit(limit)
    if after is not None:
        wanted = wanted.where(Instrument.number > after)
    return list(session.scalars(wanted))
