"""The writers of the register of divisions: establish, end, revise, link. Called by procedures only."""

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
from gis_service.registers.divisions.models import Division, DivisionVersion, Lineage, LineageKind
from gis_service.registers.divisions.queries import division_by_id, inferiors_on
from gis_service.registers.divisions.rules import DivisionLevel


@dataclass(frozen=True, slots=True)
class NewDivision:
    """What a unit is when it begins: GB/T 2260 code, full name, level, type (建制), superior, seat."""

    code: str
    name: str
    level: DivisionLevel
    type: str | None
    superior_id: UUID | None
    seat: str | None = None
    id: UUID = field(default_factory=uuid4)


def establish(tx: Transaction, units: Sequence[NewDivision], *, on: date, instrument_id: UUID) -> None:
    """Begin units on a day (设立), with the ids they were given; superiors may be among them."""
    if not units:
        return
    tx.session.flush()  # what the rows below refer to
    tx.session.execute(insert(Division), [{"id": unit.id} for unit in units])
    tx.session.execute(insert(DivisionVersion), [_first_version(unit, on, instrument_id) for unit in units])
    for unit in units:
        tx.journal(
            "divisions.establish",
            unit.code,
            instrument_id=instrument_id,
            after=_told(_first_version(unit, on, instrument_id)),
            division=unit.id,
        )
    tx.session.flush()


def _told(version: Mapping[str, Any]) -> dict[str, Any]:
    """A version as the journal tells it."""
    valid = version["valid"]
    told = {name: version[name] for name in ("code", "name", "level", "type", "superior_id", "seat")}
    return told | {"valid_from": valid.start, "valid_to": valid.end}


def _first_version(unit: NewDivision, on: date, instrument_id: UUID) -> dict[str, Any]:
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


def end(tx: Transaction, division_id: UUID, *, on: date, instrument_id: UUID) -> DivisionVersion:
    """End a unit on a day (撤销); its last day is the day before.

    Raises:
        Conflict: it began that very day, or units still hang on it.
    """
    version = division_by_id(tx.session, division_id, on=on)
    if version.valid.start == on:
        raise Conflict(
            f"{version.name}（{version.code}）自 {on} 起始，不能在同日终止", way_out="请核对生效日期"
        )
    below = inferiors_on(tx.session, division_id, on=on)
    if below:
        names = "、".join(f"{unit.name}（{unit.code}）" for unit in below[:5])
        raise Conflict(
            f"{version.name}（{version.code}）尚有下级单位：{names}", way_out="先变更其下级单位的隶属关系"
        )
    before = _told(vars(version))
    version.valid = version.valid.ended(on)
    version.ended_by = instrument_id
    tx.session.flush()
    tx.journal(
        "divisions.end",
        version.code,
        instrument_id=instrument_id,
        before=before,
        after=_told(vars(version)),
        division=division_id,
    )
    return version


@dataclass(frozen=True, slots=True)
class Descent:
    """That a share of one unit's area went to another; shares are fractions in [0, 1], or unknown."""

    predecessor_id: UUID
    successor_id: UUID
    kind: LineageKind
    share_of_predecessor: float | None
    share_of_successor: float | None


def link(tx: Transaction, descents: Iterable[Descent], *, on: date, instrument_id: UUID) -> None:
    """Record which unit came out of which on a day."""
    for descent in descents:
        tx.session.add(
            Lineage(
                predecessor_id=descent.predecessor_id,
                successor_id=descent.successor_id,
                on_date=on,
                kind=descent.kind.value,
                share_of_predecessor=descent.share_of_predecessor,
                share_of_successor=descent.share_of_successor,
                instrument_id=instrument_id,
            )
        )
    tx.session.flush()
