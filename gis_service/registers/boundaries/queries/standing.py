"""Registered lines as they are called on a day: what is on record wins over what is made by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, cast, exists, func, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.database import holds_on
from gis_service.foundation.periods import Period
from gis_service.registers.boundaries.models import BoundaryLine, LineRecord
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import in_force
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import most_closely_kept


@dataclass(frozen=True, slots=True)
class LineInForce:
    """A registered line on a day, by the code and the name that hold on it (R-BND-01, -02).

    It is as classified as the most closely kept of the acts its existence and its name stand by.
    """

    id: UUID
    level: str
    code: str
    name: str
    first_id: UUID
    second_id: UUID
    valid: Period
    begun_by: UUID
    ended_by: UUID | None
    recorded_by: UUID | None
    classification: str


AnyLine: TypeAlias = BoundaryLine | LineInForce

_BEGUN, _RECORDED = aliased(Instrument), aliased(Instrument)
_code: ColumnElement[str] = func.coalesce(LineRecord.code, BoundaryLine.code)
_name: ColumnElement[str] = func.coalesce(LineRecord.name, BoundaryLine.name)


def lines_in_force(
    session: Session,
    *,
    on: date,
    code: str | None = None,
    level: DivisionLevel | None = None,
    sides: Iterable[UUID] | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
    told: bool = False,
) -> list[LineInForce]:
    """Registered lines on a day, by code and id; `sides` keeps lines with one of these units as a side.

    `told` keeps those of which both sides are shown to the reader on that day.
    """
    wanted = _called(on).where(holds_on(BoundaryLine.valid, on))
    if told:
        wanted = wanted.where(_stands(BoundaryLine.first_id, on), _stands(BoundaryLine.second_id, on))
    if code is not None:
        wanted = wanted.where(BoundaryLine.id.in_(_ever_called(code, on)), _code == code)
    if level is not None:
        wanted = wanted.where(BoundaryLine.level == level.value)
    if sides is not None:
        ids = list(sides)
        wanted = wanted.where(BoundaryLine.first_id.in_(ids) | BoundaryLine.second_id.in_(ids))
    if after is not None:
        at_code, at_id = after
        wanted = wanted.where((_code > at_code) | ((_code == at_code) & (BoundaryLine.id > at_id)))
    return _read(session, wanted.limit(limit))


def lines_by_id(session: Session, lines: Iterable[UUID], *, on: date) -> list[LineInForce]:
    """These lines as they are called on a day, by code and id; also when they are not in force."""
    ids = cast(list(lines), ARRAY(PG_UUID(as_uuid=True)))
    return _read(session, _called(on).where(BoundaryLine.id == any_(ids)))


def lines_among(session: Session, units: Iterable[UUID], *, on: date) -> list[LineInForce]:
    """Registered lines on a day of which both sides are among some units, by code and id."""
    ids = cast(list(units), ARRAY(PG_UUID(as_uuid=True)))
    sides = (BoundaryLine.first_id == any_(ids), BoundaryLine.second_id == any_(ids))
    return _read(session, _called(on).where(*sides, holds_on(BoundaryLine.valid, on)))


def _read(session: Session, wanted: Any) -> list[LineInForce]:
    return [LineInForce(*row) for row in session.execute(wanted.order_by(_code, BoundaryLine.id))]


def _called(on: date) -> Any:
    """The columns of `LineInForce` in its order."""
    return (
        select(
            BoundaryLine.id,
            BoundaryLine.level,
            _code,
            _name,
            BoundaryLine.first_id,
            BoundaryLine.second_id,
            BoundaryLine.valid,
            BoundaryLine.begun_by,
            BoundaryLine.ended_by,
            LineRecord.begun_by,
            most_closely_kept(_BEGUN.classification, _RECORDED.classification),
        )
        .join(_BEGUN, _BEGUN.id == BoundaryLine.begun_by)
        .outerjoin(LineRecord, and_(LineRecord.line_id == BoundaryLine.id, holds_on(LineRecord.valid, on)))
        .outerjoin(_RECORDED, _RECORDED.id == LineRecord.begun_by)
    )


def _ever_called(code: str, on: date) -> Any:
    """Lines that have a code by rule or on record: found by its indexes, before it is asked which wins."""
    on_record = select(LineRecord.line_id).where(LineRecord.code == code, holds_on(LineRecord.valid, on))
    return union(select(BoundaryLine.id).where(BoundaryLine.code == code), on_record).scalar_subquery()


def _stands(unit: Any, on: date) -> ColumnElement[bool]:
    return exists().where(DivisionVersion.division_id == unit, in_force(on))
