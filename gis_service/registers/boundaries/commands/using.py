"""Enclaves, and land that one side uses beyond a line: registered as they are, with what they stand by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.findings import Finding
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.boundaries.commands.periods import make_room
from gis_service.registers.boundaries.models import CrossLineKind, CrossLineUse
from gis_service.registers.boundaries.queries import LineInForce
from gis_service.registers.boundaries.rules import UseEvidence, drawn, judge_use
from gis_service.registers.divisions.queries import superiors_of


@dataclass(frozen=True, slots=True)
class Use:
    """That one unit uses or holds land on the other side; `consents` are what the governments wrote."""

    kind: CrossLineKind
    user_id: UUID
    host_id: UUID
    place: str
    purpose: str | None = None
    geometry: BaseGeometry | None = None
    consents: tuple[UUID, ...] = ()
    decision_id: UUID | None = None
    filing_id: UUID | None = None


def register_use(
    tx: Transaction, line: LineInForce, use: Use, *, on: date, instrument_id: UUID
) -> tuple[UUID, list[Finding]]:
    """Enter a use of land beyond a line; what it lacks is found and does not stop it (R-BND-16).

    Returns what names the use from now on, however often it is revised.

    Raises:
        InvalidInput: user and host do not lie on either side of the line.
    """
    _require_sides(tx, line, use, on=on)
    use_id = uuid4()
    tx.session.add(_row(use_id, line, use, Period(on), instrument_id))
    tx.session.flush()
    _tell(tx, "boundaries.register_use", line, use_id, None, use, on=on, instrument_id=instrument_id)
    return use_id, _judged(line, use)


def revise_use(
    tx: Transaction, line: LineInForce, use_id: UUID, use: Use, *, on: date, instrument_id: UUID
) -> list[Finding]:
    """From a day on, a use on record is as told; what was on record before ends that day and stays.

    Raises:
        NotFound: the line has no such use that day.
        InvalidInput: see `register_use`.
    """
    old = _standing(tx, line, use_id, on=on)
    before = {"kind": old.kind, "place": old.place, "purpose": old.purpose}
    _require_sides(tx, line, use, on=on)
    rooms = make_room(tx, CrossLineUse, CrossLineUse.use_id, [use_id], on=on, instrument_id=instrument_id)
    tx.session.add(_row(use_id, line, use, rooms[use_id], instrument_id))
    tx.session.flush()
    _tell(tx, "boundaries.revise_use", line, use_id, before, use, on=on, instrument_id=instrument_id)
    return _judged(line, use)


def end_use(tx: Transaction, line: LineInForce, use_id: UUID, *, on: date, instrument_id: UUID) -> None:
    """From a day on, land is no longer used so.

    Raises:
        NotFound: the line has no such use that day.
        Conflict: what is on record of it began that day, or is followed by something later.
    """
    row = _standing(tx, line, use_id, on=on)
    if row.valid.start == on or row.valid.end is not None:
        raise Conflict(
            f"该项登记的期间为 {row.valid.start} 至 {row.valid.end or '今'}，不能在 {on} 终止",
            way_out="请核对日期；同日登记有误的，请修订",
        )
    row.valid, row.ended_by = row.valid.ended(on), instrument_id
    tx.session.flush()
    before = {"kind": row.kind, "place": row.place, "purpose": row.purpose}
    _tell(tx, "boundaries.end_use", line, use_id, before, None, on=on, instrument_id=instrument_id)


def _standing(tx: Transaction, line: LineInForce, use_id: UUID, *, on: date) -> CrossLineUse:
    wanted = select(CrossLineUse).where(CrossLineUse.use_id == use_id, holds_on(CrossLineUse.valid, on))
    row = tx.session.scalar(wanted)
    if row is None or row.line_id != line.id:
        raise NotFound(
            f"{line.name}在 {on} 没有标识为 {use_id} 的跨界使用",
            way_out="请用 boundaries show 查看，并核对日期",
        )
    return row


def _row(use_id: UUID, line: LineInForce, use: Use, valid: Period, instrument_id: UUID) -> CrossLineUse:
    return CrossLineUse(
        use_id=use_id,
        kind=use.kind.value,
        line_id=line.id,
        user_id=use.user_id,
        host_id=use.host_id,
        place=use.place,
        purpose=use.purpose,
        geom=None if use.geometry is None else write_ewkb([drawn(use.geometry)])[0],
        consents=list(use.consents),
        decision_id=use.decision_id,
        filing_id=use.filing_id,
        valid=valid,
        begun_by=instrument_id,
    )


def _tell(
    tx: Transaction,
    command: str,
    line: LineInForce,
    use_id: UUID,
    before: dict[str, Any] | None,
    use: Use | None,
    *,
    on: date,
    instrument_id: UUID,
) -> None:
    after: dict[str, Any] = {}
    if use is not None:
        after = {"kind": use.kind, "place": use.place, "purpose": use.purpose}
        after |= {"user": use.user_id, "host": use.host_id}
    tx.journal(
        command,
        line.code,
        instrument_id=instrument_id,
        before=before,
        after=after,
        use=use_id,
        line=line.id,
        on=on,
    )


def _judged(line: LineInForce, use: Use) -> list[Finding]:
    return judge_use(
        UseEvidence(
            subject=f"{line.name} {use.place}",
            kind=use.kind.value,
            consents=len(set(use.consents)),
            decided=use.decision_id is not None,
            filed=use.filing_id is not None,
        )
    )


def _require_sides(tx: Transaction, line: LineInForce, use: Use, *, on: date) -> None:
    sides = set()
    for unit in (use.user_id, use.host_id):
        above = {unit, *(superior.division_id for superior in superiors_of(tx.session, unit, on=on))}
        sides |= above & {line.first_id, line.second_id}
    if len(sides) != 2:
        raise InvalidInput(f"使用方与土地所在方须分属{line.name}的两侧", way_out="请核对两方的代码和日期")
