"""All versions of units at county level and above, whenever they were in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, not_, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_at_or_after
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.procedures.intake.rules.chronicle.joining import Held, Linked, Register
from gis_service.procedures.intake.rules.townships.replaying import Told
from gis_service.procedures.intake.rules.trees import Known
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.divisions.models import Certainty, DivisionVersion, Lineage
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.models import Instrument, InstrumentKind

_DIGITS = 6


def held_by_register(session: Session) -> list[Held]:
    """Every version with a six-digit code, oldest first."""
    return _held(session, func.length(DivisionVersion.code) == _DIGITS)


def told_below_counties(session: Session) -> Told:
    """Units below the county that are in force without an end, and which began or ended in which year."""
    below = DivisionVersion.level == DivisionLevel.township.value
    unit = DivisionVersion.code, DivisionVersion.name

    def in_years(bound: Any) -> set[tuple[int, str, str]]:
        year = cast(func.date_part("year", bound), Integer)
        rows: Iterable[Any] = session.execute(select(year, *unit).where(below, bound.is_not(None)))
        return {(row[0], row[1], row[2]) for row in rows}

    valid = DivisionVersion.valid
    standing = _held(session, below & func.upper_inf(valid))
    return Told(standing, in_years(func.lower(valid)), in_years(func.upper(valid)))


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
            version.ended_by,
            version.ended_edtf,
            version.without_successor,
        )
        .join(Instrument, Instrument.id == version.begun_by)
        .where(condition)
        .order_by(func.lower(valid))
    )
    seen: set[UUID] = set()
    held = []
    rows: Iterable[Any] = session.execute(wanted)
    for row in rows:
        held.append(Held(*(*row[:9], row[0] not in seen, *row[9:])))
        seen.add(row[0])
    return held


def register_of(session: Session) -> Register:
    """What the register holds at county level and above, whenever it was in force, and all links."""
    return Register(held_by_register(session), _links(session), _told_until(session))


def _links(session: Session) -> Iterator[Linked]:
    dataset = Instrument.kind == InstrumentKind.dataset.value
    surmised = (Lineage.certainty == Certainty.reasoned.value) & dataset
    doubtful = Lineage.certainty.in_((Certainty.doubtful.value, Certainty.derived.value))
    wanted = select(
        Lineage.predecessor_id, Lineage.successor_id, Lineage.on_date, not_(surmised | doubtful)
    ).join(Instrument, Instrument.id == Lineage.instrument_id)
    return (Linked(*row) for row in session.execute(wanted).all())


def _told_until(session: Session) -> date:
    """The last day of the histories that were entered before."""
    histories = LoadedDelivery.report.has_key("years")
    return session.scalar(select(func.max(LoadedDelivery.valid_on)).where(histories)) or date.min


def weighed_down(session: Session, ends: Mapping[UUID, date]) -> dict[UUID, str]:
    """Units that cannot end on a day, since something hangs on them or belongs to them afterwards: what."""
    return {
        unit: what
        for what, owner, valid in (
            ("下有乡级以下单位", DivisionVersion.superior_id, DivisionVersion.valid),
            ("已有范围", Membership.division_id, Membership.valid),
        )
        for unit in _holding_after(session, ends, owner, valid, below=what != "已有范围")
    }


def _holding_after(
    session: Session, ends: Mapping[UUID, date], owner: Any, valid: Any, *, below: bool
) -> Iterator[UUID]:
    wanted = select(owner, func.coalesce(func.max(func.coalesce(func.upper(valid), date.max)), date.max))
    wanted = wanted.where(owner.in_(ends)).group_by(owner)
    if below:
        wanted = wanted.where(func.length(DivisionVersion.code) > _DIGITS)
    return (unit for unit, until in session.execute(wanted) if until > ends[unit])


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
