"""The writers of the register of divisions: establish, end, revise, link. Called by procedures only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

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


def establish(
    tx: Transaction, new: NewDivision, *, on: date, instrument_id: UUID, division_id: UUID | None = None
) -> DivisionVersion:
    """Begin a unit on a day (设立) and return its first version."""
    identity = Division() if division_id is None else Division(id=division_id)
    tx.session.add(identity)
    tx.session.flush()
    version = DivisionVersion(
        division_id=identity.id,
        code=new.code,
        name=new.name,
        level=new.level.value,
        type=new.type,
        superior_id=new.superior_id,
        seat=new.seat,
        valid=Period(on),
        begun_by=instrument_id,
    )
    tx.session.add(version)
    tx.session.flush()
    tx.journal(
        "divisions.establish",
        new.code,
        instrument_id=instrument_id,
        division=str(identity.id),
        after={"name": new.name, "type": new.type, "on": str(on)},
    )
    return version


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
    before = {"name": version.name, "type": version.type, "valid_from": str(version.valid.start)}
    version.valid = version.valid.ended(on)
    version.ended_by = instrument_id
    tx.session.flush()
    tx.journal(
        "divisions.end",
        version.code,
        instrument_id=instrument_id,
        division=str(division_id),
        before=before,
        after={"valid_to": str(on)},
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
