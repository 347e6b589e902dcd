"""Opening a case. A wrong entry is withdrawn with its reason; nothing is deleted or rewritten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.procedures.disputes.commands.in_hand import (
    WAY_OUT,
    add_step,
    require_either_side,
    sides_above,
)
from gis_service.procedures.disputes.commands.peace_ground import require_cleared
from gis_service.procedures.disputes.commands.placing import Placed, placed
from gis_service.procedures.disputes.models import DisputeCase, DisputeState
from gis_service.procedures.disputes.queries import next_number
from gis_service.procedures.disputes.rules import CaseEvidence, judge_case
from gis_service.procedures.disputes.schemas import DisputeIn, StepIn
from gis_service.registers.boundaries.queries import LineInForce, course_on, line_named, read_line_reference
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id

OPENED = "登记"
_ELSEWHERE = {"line", "parties", "responsible", "lon", "lat", "from_m", "to_m"}
_MARKERS = {"marker", "from_marker", "to_marker"}


def open_case(tx: Transaction, sent: DisputeIn) -> tuple[DisputeCase, list[Finding]]:
    """Register a hidden risk or a dispute.

    Raises:
        NotFound: no such line, or no such unit, on the day it was found.
        NotPermitted: neither side of the line lies in the jurisdiction of the actor, or he is not cleared.
        InvalidInput: half of a pair, or a stretch told twice.
        RuleViolated: a blocking finding (R-BND-19); nothing is written.
    """
    tx.require(Act.keep_disputes)
    require_cleared(tx.actor, sent.classification)
    line = line_named(tx.session, read_line_reference(sent.line), on=sent.found_on)
    require_either_side(tx, line.name, (line.first_id, line.second_id))
    course = course_on(tx.session, line, on=sent.found_on)
    place = placed(tx, line, course, sent)
    responsible = division_by_code(tx.session, sent.responsible, on=sent.found_on)
    findings = [*place.findings, *judge_case(_evidence(tx, line, course, place, responsible, sent))]
    refuse_if_blocking(findings, "此隐患纠纷不能登记", way_out=WAY_OUT)
    case = _entered(tx, line, place, responsible, sent)
    add_step(tx, case, StepIn(taken_on=sent.found_on, words=f"{sent.found_how}发现"), OPENED)
    return case, findings


def _entered(
    tx: Transaction, line: LineInForce, place: Placed, responsible: DivisionVersion, sent: DisputeIn
) -> DisputeCase:
    tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.disputes'))"))
    stretch = place.stretch or (None, None)
    case = DisputeCase(
        **sent.model_dump(exclude=_ELSEWHERE | _MARKERS | {"classification"}),
        **{f"{name}_id": marker for name, marker in place.markers.items()},
        classification=sent.classification.value,
        number=next_number(tx.session, tx.today.year),
        line_id=line.id,
        first_id=line.first_id,
        second_id=line.second_id,
        from_m=stretch[0],
        to_m=stretch[1],
        geom=None if place.where is None else write_ewkb([place.where])[0],
        parties=[_party(tx, word, sent) for word in sent.parties],
        responsible_id=responsible.division_id,
        state=DisputeState.registered.value,
    )
    tx.session.add(case)
    tx.session.flush()
    tx.journal("disputes.open", case.number, after=sent.model_dump(mode="json"), line=line.id)
    return case


def _is_code(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _party(tx: Transaction, word: str, sent: DisputeIn) -> dict[str, Any]:
    if not _is_code(word):
        return {"name": word}
    return {"code": word, "name": division_by_code(tx.session, word, on=sent.found_on).name}


def _evidence(
    tx: Transaction,
    line: LineInForce,
    course: Course | None,
    place: Placed,
    responsible: DivisionVersion,
    sent: DisputeIn,
) -> CaseEvidence:
    foot = None if course is None or place.where is None else course.foot(place.where)
    off, missing = _against_sides(tx, line, sent)
    is_off = not sides_above(tx, responsible, line, on=sent.found_on)
    words = {"kind", "place", "level", "cause", "found_how", "measures", "found_on", "due_on"}
    return CaseEvidence(
        subject=line.name,
        **sent.model_dump(include=words),
        parties=tuple(sent.parties),
        today=tx.today,
        length_m=course.length_m if course else None,
        stretch=place.stretch,
        offset_m=foot.offset_m if foot else None,
        parties_off=off,
        sides_missing=missing,
        responsible_off=responsible.name if is_off else None,
        markers=place.said,
    )


def _against_sides(
    tx: Transaction, line: LineInForce, sent: DisputeIn
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units that belong to neither side, and sides no unit of which is a party."""
    off, met = [], set[UUID]()
    for word in filter(_is_code, sent.parties):
        unit = division_by_code(tx.session, word, on=sent.found_on)
        own = sides_above(tx, unit, line, on=sent.found_on)
        met |= own
        if not own:
            off.append(unit.name)
    if not met:
        return tuple(off), ()
    missing = divisions_by_id(tx.session, {line.first_id, line.second_id} - met, on=sent.found_on).values()
    return tuple(off), tuple(each.name for each in missing)
