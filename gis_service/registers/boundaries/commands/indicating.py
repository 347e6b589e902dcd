"""Indicators of a line on the ground: registered, and changed only by a survey and a filing (R-BND-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID, uuid4

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, NotFound
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.boundaries.commands.periods import make_room
from gis_service.registers.boundaries.models import Indicator
from gis_service.registers.boundaries.queries import LineInForce, surveys_on, walked_on
from gis_service.registers.boundaries.rules import (
    AlongFeature,
    drawn,
    judge_change_of_indicator,
    judge_moved,
)
from gis_service.registers.instruments.queries import instruments_by_id


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator as it is: a feature by its kind and name, its state in words, where it lies (lon/lat)."""

    kind: str
    name: str
    geometry: BaseGeometry
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeBasis:
    """By what an indicator changes: the result of the survey, and the filing."""

    resurvey_id: UUID | None = None
    filing_id: UUID | None = None


def register_indicator(
    tx: Transaction, line: LineInForce, facts: IndicatorFacts, *, on: date, instrument_id: UUID
) -> UUID:
    """Enter an object that fixes a line on the ground; returns what names it from now on."""
    object_id = uuid4()
    row = _row(object_id, line, facts, Period(on), instrument_id)
    tx.session.add(row)
    tx.session.flush()
    tx.journal(
        "boundaries.register_indicator",
        line.code,
        instrument_id=instrument_id,
        after={"object": object_id, "kind": facts.kind, "name": facts.name, "state": facts.state},
        line=line.id,
        on=on,
    )
    return object_id


def change_indicator(
    tx: Transaction,
    line: LineInForce,
    object_id: UUID,
    facts: IndicatorFacts,
    basis: ChangeBasis,
    *,
    on: date,
    instrument_id: UUID,
) -> list[Finding]:
    """From a day on, an indicator is as told; the line stays where it was, and the findings say so.

    Raises:
        NotFound: the line has no such indicator that day.
        RuleViolated: no survey or no filing (R-BND-15); nothing is written.
    """
    old = _indicator(tx, line, object_id, on=on)
    findings = judge_change_of_indicator(
        f"{line.name} {old.name}", resurveyed=basis.resurvey_id is not None, filed=basis.filing_id is not None
    )
    refuse_if_blocking(findings, f"指示物“{old.name}”的变化不能登记", way_out="请补齐文件后重试")
    findings += moved_feature(tx, line, old.name, on=on)
    before = {"kind": old.kind, "name": old.name, "state": old.state}
    rooms = make_room(tx, Indicator, Indicator.object_id, [object_id], on=on, instrument_id=instrument_id)
    row = _row(object_id, line, facts, rooms[object_id], instrument_id)
    row.resurvey_id, row.filing_id = basis.resurvey_id, basis.filing_id
    tx.session.add(row)
    tx.session.flush()
    tx.journal(
        "boundaries.change_indicator",
        line.code,
        instrument_id=instrument_id,
        before=before,
        after={"kind": facts.kind, "name": facts.name, "state": facts.state},
        line=line.id,
        object=object_id,
        on=on,
    )
    return findings


def end_indicator(
    tx: Transaction,
    line: LineInForce,
    object_id: UUID,
    basis: ChangeBasis,
    *,
    on: date,
    instrument_id: UUID,
) -> list[Finding]:
    """From a day on, an object no longer fixes the line, which stays where it was.

    Raises:
        NotFound: the line has no such indicator that day.
        Conflict: what is known of it began that very day.
        RuleViolated: no survey or no filing (R-BND-15); nothing is written.
    """
    old = _indicator(tx, line, object_id, on=on)
    if old.valid.start == on:
        raise Conflict(f"指示物“{old.name}”自 {on} 起登记，不能在同一日终止", way_out="请核对日期")
    findings = judge_change_of_indicator(
        f"{line.name} {old.name}", resurveyed=basis.resurvey_id is not None, filed=basis.filing_id is not None
    )
    refuse_if_blocking(findings, f"指示物“{old.name}”不能终止", way_out="请补齐文件后重试")
    findings += moved_feature(tx, line, old.name, on=on)
    old.valid, old.ended_by = old.valid.ended(on), instrument_id
    tx.session.flush()
    tx.journal(
        "boundaries.end_indicator",
        line.code,
        instrument_id=instrument_id,
        before={"kind": old.kind, "name": old.name, "state": old.state},
        after={},
        line=line.id,
        object=object_id,
        resurvey=basis.resurvey_id,
        filing=basis.filing_id,
        on=on,
    )
    return findings


def moved_feature(tx: Transaction, line: LineInForce, feature: str, *, on: date) -> list[Finding]:
    """What R-BND-14 says where a feature that a line follows has changed: no edge moves by it."""
    walked = walked_on(tx.session, line, on=on)
    if walked is None:
        return []
    along = [place for place, facts in walked.placed if facts.follows_name == feature]
    surveys = surveys_on(tx.session, (place.edge for place in along), on=on)
    acts = instruments_by_id(tx.session, {each.moves_by for each in surveys.values() if each.moves_by})
    stretches = []
    for act, run in groupby(along, key=lambda place: surveys[place.edge].moves_by):
        places = list(run)
        allowed = acts[act].number if act in acts else None
        stretches.append(AlongFeature(places[0].from_m, places[-1].to_m, allowed))
    return judge_moved(line.name, feature, stretches)


def _indicator(tx: Transaction, line: LineInForce, object_id: UUID, *, on: date) -> Indicator:
    wanted = select(Indicator).where(
        Indicator.object_id == object_id, Indicator.line_id == line.id, holds_on(Indicator.valid, on)
    )
    found = tx.session.scalar(wanted)
    if found is None:
        raise NotFound(
            f"{line.name}在 {on} 没有标识为 {object_id} 的指示物", way_out="请用 boundaries show 查看"
        )
    return found


def _row(
    object_id: UUID, line: LineInForce, facts: IndicatorFacts, valid: Period, instrument_id: UUID
) -> Indicator:
    return Indicator(
        object_id=object_id,
        line_id=line.id,
        kind=facts.kind,
        name=facts.name,
        state=facts.state,
        geom=write_ewkb([drawn(facts.geometry)])[0],
        valid=valid,
        begun_by=instrument_id,
    )
