"""All versions of units at county level and above, whenever they were in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_at_or_after
from gis_service.procedures.intake.rules.chronicle.joining import Held
from gis_service.procedures.intake.rules.trees import Known
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.models import Instrument, InstrumentKind

_DIGITS = 6


def held_by_register(session: Session) -> list[Held]:
    """Every version with a six-digit code, oldest first."""
    return _held(session, func.length(DivisionVersion.code) == _DIGITS)


def held_below_counties(session: Session) -> list[Held]:
    """Units below the county that are in force without an end."""
    below = DivisionVersion.level == DivisionLevel.township.value
    return _held(session, below & func.upper_inf(DivisionVersion.valid))


def _held(session: Session, condition: ColumnElement[bool]) -> list[Held]:
    version, valid = DivisionVersion, DivisionVersion.valid
    wanted = (
        select(
            version.division_id,
            version.code,
            version.name,
            version.level,
            version.superior_id,
            func.lower(valid),
            func.upper(valid),
            version.begun_by,
            Instrument.kind == InstrumentKind.dataset.value,
        )
        .join(Instrument, Instrument.id == version.begun_by)
        .where(condition)
        .order_by(func.lower(valid))
    )
    seen: set[UUID] = set()
    held = []
    rows: Iterable[Any] = session.execute(wanted)
    for row in rows:
        held.append(Held(*(*row, row[0] not in seen)))
        seen.add(row[0])
    return held


def known_on(session: Session, day: date) -> dict[str, Known]:
    """Every unit in force on a day, by code; a code that is only held later has the day it begins."""
    version, start = DivisionVersion, func.lower(DivisionVersion.valid)
    wanted = (
        select(version.code, version.division_id, version.name, version.level, version.superior_id, start)
        .where(holds_at_or_after(version.valid, day))
        .order_by(start.desc())
    )
    rows: Iterable[Any] = session.execute(wanted)
    return {row[0]: Known(row[1], row[2], row[3], row[4], row[5] if row[5] > day else None) for row in rows}
