"""Enclaves, and land that one side uses beyond a line: registered as they are, with what they stand by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.findings import Finding
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
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

    Raises:
        InvalidInput: user and host do not lie on either side of the line.
    """
    _require_sides(tx, line, use, on=on)
    row = CrossLineUse(
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
        valid=Period(on),
        begun_by=instrument_id,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.journal(
        "boundaries.register_use",
        line.code,
        instrument_id=instrument_id,
        after={"use": row.id, "kind": use.kind, "place": use.place, "user": use.user_id, "host": use.host_id},
        line=line.id,
        on=on,
    )
    return row.id, judge_use(
        UseEvidence(
            subject=f"{line.name} {use.place}",
            kind=use.kind.value,
            consents=len(set(use.consents)),
            decided=use.decision_id is not None,
            filed=use.filing_id is not None,
        )
    )


def end_use(tx: Transaction, line: LineInForce, use_id: UUID, *, on: date, instrument_id: UUID) -> None:
    """From a day on, land is no longer used so.

    Raises:
        NotFound: the line has no such use.
        Conflict: it did not hold before that day.
    """
    row = tx.session.get(CrossLineUse, use_id)
    if row is None or row.line_id != line.id:
        raise NotFound(f"{line.name}没有标识为 {use_id} 的跨界使用", way_out="请用 boundaries show 查看")
    if on not in row.valid or row.valid.start == on:
        raise Conflict(f"该项自 {row.valid.start} 起登记，不能在 {on} 终止", way_out="请核对日期")
    row.valid, row.ended_by = row.valid.ended(on), instrument_id
    tx.session.flush()
    tx.journal(
        "boundaries.end_use",
        line.code,
        instrument_id=instrument_id,
        before={"use": use_id, "kind": row.kind, "place": row.place},
        after={},
        line=line.id,
        on=on,
    )


def _require_sides(tx: Transaction, line: LineInForce, use: Use, *, on: date) -> None:
    sides = set()
    for unit in (use.user_id, use.host_id):
        above = {unit, *(superior.division_id for superior in superiors_of(tx.session, unit, on=on))}
        sides |= above & {line.first_id, line.second_id}
    if len(sides) != 2:
        raise InvalidInput(f"使用方与土地所在方须分属{line.name}的两侧", way_out="请核对两方的代码和日期")
