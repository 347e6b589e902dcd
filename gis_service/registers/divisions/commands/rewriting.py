"""Ending, beginning and revising units on a day, all at once: codes may change hands within one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.events import VersionsWritten
from gis_service.registers.divisions.models import Division, DivisionVersion
from gis_service.registers.divisions.queries import division_by_id, inferiors_on
from gis_service.registers.divisions.rules import DivisionLevel


@dataclass(frozen=True, slots=True)
class NewDivision:
    """What a unit is from a day on: GB/T 2260 code, full name, level, type (建制), superior, seat.

    `id` is new for a unit that begins, and its own for one that is revised.
    """

    code: str
    name: str
    level: DivisionLevel
    type: str | None
    superior_id: UUID | None
    seat: str | None = None
    id: UUID = field(default_factory=uuid4)


def rewrite(
    tx: Transaction,
    *,
    ended: Iterable[UUID] = (),
    begun: Sequence[NewDivision] = (),
    revised: Sequence[NewDivision] = (),
    on: date,
    instrument_id: UUID,
) -> None:
    """End (撤销), begin (设立) and revise (更名、改码、改隶、迁址) units; identity outlives a revision.

    What was in force before is closed first, so that a code or name may pass from one unit to another.

    Raises:
        Conflict: a unit to be ended or revised began that very day, or units would hang on one that ended.
    """
    ended = list(ended)
    if not (ended or begun or revised):
        return
    tx.session.flush()  # what the rows below refer to
    closed = {unit: _close(tx, unit, on=on, instrument_id=instrument_id) for unit in ended}
    before = {unit.id: _close(tx, unit.id, on=on, instrument_id=instrument_id) for unit in revised}
    tx.session.flush()
    if begun:
        tx.session.execute(insert(Division), [{"id": unit.id} for unit in begun])
    versions = [_version(unit, on, instrument_id) for unit in (*begun, *revised)]
    if versions:
        tx.session.execute(insert(DivisionVersion), versions)
    _require_none_left_hanging(tx, ended, on=on)
    _tell(tx, closed, begun, revised, before, on=on, instrument_id=instrument_id)
    tx.session.flush()
    written = (*ended, *(unit.id for unit in (*begun, *revised)))
    tx.publish(VersionsWritten(written, instrument_id))


def establish(tx: Transaction, units: Sequence[NewDivision], *, on: date, instrument_id: UUID) -> None:
    """Begin units on a day (设立), with the ids they were given; superiors may be among them."""
    rewrite(tx, begun=units, on=on, instrument_id=instrument_id)


def end(tx: Transaction, division_id: UUID, *, on: date, instrument_id: UUID) -> None:
    """End a unit on a day (撤销); its last day is the day before.

    Raises:
        Conflict: it began that very day, or units still hang on it.
    """
    rewrite(tx, ended=[division_id], on=on, instrument_id=instrument_id)


def _close(tx: Transaction, division_id: UUID, *, on: date, instrument_id: UUID) -> dict[str, Any]:
    """Let the version in force end; returns it as the journal tells it, before."""
    version = division_by_id(tx.session, division_id, on=on)
    if version.valid.start == on:
        raise Conflict(
            f"{version.name}（{version.code}）自 {on} 起始，不能在同日终止", way_out="请核对生效日期"
        )
    before = _told(vars(version))
    version.valid = version.valid.ended(on)
    version.ended_by = instrument_id
    return before


def _require_none_left_hanging(tx: Transaction, ended: Iterable[UUID], *, on: date) -> None:
    for unit in ended:
        below = inferiors_on(tx.session, unit, on=on)
        if below:
            names = "、".join(f"{each.name}（{each.code}）" for each in below[:5])
            raise Conflict(f"被撤销的单位尚有下级单位：{names}", way_out="先变更其下级单位的隶属关系")


def _version(unit: NewDivision, on: date, instrument_id: UUID) -> dict[str, Any]:
    return {
        "division_id": unit.id,
        "code": unit.code,
        "name": unit.name,
        "level": unit.level.value,
        "type": unit.type,
        "superior_id": unit.superior_id,
        "seat": unit.seat,
        "valid": Period(on),
        "begun_by": instrument_id,
    }


def _told(version: Mapping[str, Any]) -> dict[str, Any]:
    """A version as the journal tells it."""
    valid = version["valid"]
    told = {name: version[name] for name in ("code", "name", "level", "type", "superior_id", "seat")}
    return told | {"valid_from": valid.start, "valid_to": valid.end}


def _tell(
    tx: Transaction,
    closed: Mapping[UUID, dict[str, Any]],
    begun: Iterable[NewDivision],
    revised: Iterable[NewDivision],
    before: Mapping[UUID, dict[str, Any]],
    *,
    on: date,
    instrument_id: UUID,
) -> None:
    for unit, was in closed.items():
        after = was | {"valid_to": on}
        tx.journal(
            "divisions.end",
            was["code"],
            instrument_id=instrument_id,
            before=was,
            after=after,
            division=unit,
        )
    for new in begun:
        after = _told(_version(new, on, instrument_id))
        tx.journal("divisions.establish", new.code, instrument_id=instrument_id, after=after, division=new.id)
    for new in revised:
        tx.journal(
            "divisions.revise",
            before[new.id]["code"],
            instrument_id=instrument_id,
            before=before[new.id],
            after=_told(_version(new, on, instrument_id)),
            division=new.id,
        )
