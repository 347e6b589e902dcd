"""Disputed stretches: where each side holds that a line runs. The edges stay where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.boundaries.commands.periods import make_room
from gis_service.registers.boundaries.commands.surveying import (
    Stretch,
    SurveyDone,
    Surveyed,
    survey_edges,
)
from gis_service.registers.boundaries.models import ClaimedLine, LegalState
from gis_service.registers.boundaries.queries import LineInForce, course_on
from gis_service.registers.boundaries.rules import drawn, stretch_between_ends
from gis_service.registers.divisions.queries import superiors_of


@dataclass(frozen=True, slots=True)
class Claim:
    """Where some units hold that a section of a line runs: unit → line (lon/lat); `stretch` is disputed.

    Without a stretch, it reaches from where the claims leave the registered line to where they come back.
    """

    section: str
    lines: Mapping[UUID, BaseGeometry]
    stretch: Stretch | None = None


def claim_line(
    tx: Transaction, line: LineInForce, claim: Claim, *, on: date, instrument_id: UUID
) -> SurveyDone | None:
    """Record claims from a day on; once both sides have claimed a section, its edges are disputed.

    Returns what became disputed, or None while only one side has claimed.

    Raises:
        InvalidInput: a claim is no line, or claims nothing; the stretch does not lie on the line.
        Conflict: a claimant belongs to neither side.
    """
    side_of = {unit: _side_of(tx, line, unit, on=on) for unit in claim.lines}
    for unit, shape in claim.lines.items():
        _put(tx, line, claim.section, unit, _as_lines(shape), on=on, instrument_id=instrument_id)
    tx.session.flush()
    tx.journal(
        "boundaries.claim_line",
        line.code,
        instrument_id=instrument_id,
        after={"section": claim.section, "claimants": [*side_of]},
        line=line.id,
        on=on,
    )
    if len({_side_of(tx, line, row.claimant_id, on=on) for row in _claims(tx, line, claim.section, on)}) < 2:
        return None
    disputed = Surveyed(legal_state=LegalState.disputed.value)
    stretch = claim.stretch or _stretch_of(tx, line, claim, on=on)
    return survey_edges(tx, line, disputed, stretch=stretch, on=on, instrument_id=instrument_id)


def settle_claims(tx: Transaction, line: LineInForce, section: str, *, on: date, instrument_id: UUID) -> int:
    """End all claims to a section, as decided; how many. What state it is in then, a survey must tell.

    Raises:
        Conflict: nobody claims this section that day.
    """
    claims = _claims(tx, line, section, on)
    if not claims:
        raise Conflict(f"{line.name}在 {on} 没有名为“{section}”的争议段", way_out="请用 boundaries show 查看")
    for row in claims:
        if row.valid.start == on:
            raise Conflict(f"“{section}”的主张线自 {on} 起登记，不能同日终止", way_out="请核对日期")
        row.valid, row.ended_by = row.valid.ended(on), instrument_id
    tx.session.flush()
    tx.journal(
        "boundaries.settle_claims",
        line.code,
        instrument_id=instrument_id,
        before={"section": section, "claimants": [row.claimant_id for row in claims]},
        after={},
        line=line.id,
        on=on,
    )
    return len(claims)


def _claims(tx: Transaction, line: LineInForce, section: str, on: date) -> list[ClaimedLine]:
    wanted = select(ClaimedLine).where(
        ClaimedLine.line_id == line.id, ClaimedLine.section == section, holds_on(ClaimedLine.valid, on)
    )
    return list(tx.session.scalars(wanted))


def _side_of(tx: Transaction, line: LineInForce, unit: UUID, *, on: date) -> UUID:
    above = {unit, *(superior.division_id for superior in superiors_of(tx.session, unit, on=on))}
    for side in (line.first_id, line.second_id):
        if side in above:
            return side
    raise Conflict(f"提出主张的单位不属于{line.name}的任何一侧", way_out="请核对单位代码和日期")


def _as_lines(shape: BaseGeometry) -> MultiLineString:
    line = drawn(shape)
    if line.geom_type not in ("LineString", "MultiLineString"):
        raise InvalidInput(f"主张线须为线，来件是 {line.geom_type}", way_out="请更换图形")
    return MultiLineString(list(shapely.get_parts(line)))


def _put(
    tx: Transaction,
    line: LineInForce,
    section: str,
    unit: UUID,
    shape: MultiLineString,
    *,
    on: date,
    instrument_id: UUID,
) -> None:
    same = (ClaimedLine.line_id == line.id) & (ClaimedLine.section == section)
    rooms = make_room(
        tx, ClaimedLine, ClaimedLine.claimant_id, [unit], on=on, instrument_id=instrument_id, where=same
    )
    row = ClaimedLine(line_id=line.id, claimant_id=unit, section=section, geom=write_ewkb([shape])[0])
    row.valid, row.begun_by = rooms[unit], instrument_id
    tx.session.add(row)


def _stretch_of(tx: Transaction, line: LineInForce, claim: Claim, *, on: date) -> Stretch:
    course = course_on(tx.session, line, on=on)
    if course is None:
        return None, None
    return stretch_between_ends(course, claim.lines.values())
