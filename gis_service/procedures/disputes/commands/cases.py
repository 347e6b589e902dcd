"""Opening and leading cases. A wrong entry is withdrawn with its reason; nothing is deleted or rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import text

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput, NotFound, NotPermitted
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.procedures.disputes.models import (
    MOVES,
    STATE_WORDS,
    DisputeCase,
    DisputeState,
    DisputeStep,
)
from gis_service.procedures.disputes.queries import case_numbered, next_number, steps_of
from gis_service.procedures.disputes.rules import (
    CaseEvidence,
    DecisionEvidence,
    judge_case,
    judge_decision,
    judge_result,
)
from gis_service.procedures.disputes.schemas import CaseIn, StepIn
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries import commands as boundaries
from gis_service.registers.boundaries.queries import (
    LineInForce,
    course_on,
    line_named,
    read_line_reference,
    records_on,
)
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id, superiors_of
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import acts_numbered

WAY_OUT = "请按各条意见改正后重试"


def open_case(tx: Transaction, sent: CaseIn) -> tuple[DisputeCase, list[Finding]]:
    """Register a hidden risk or a dispute.

    Raises:
        NotFound: no such line, or no such unit, on the day it was found.
        NotPermitted: neither side of the line lies in the jurisdiction of the actor.
        RuleViolated: a blocking finding (R-BND-19); nothing is written.
    """
    tx.require(Act.keep_disputes)
    if (sent.lon is None) != (sent.lat is None) or (sent.from_m is None) != (sent.to_m is None):
        raise InvalidInput("经度和纬度、起点和终点里程须成对写明", way_out="请补齐，或都不写")
    line = line_named(tx.session, read_line_reference(sent.line), on=sent.found_on)
    _require_either_side(tx, line.name, (line.first_id, line.second_id))
    findings = judge_case(_evidence(tx, line, sent))
    refuse_if_blocking(findings, "此隐患纠纷不能登记", way_out=WAY_OUT)
    case = _entered(tx, line, sent)
    _add_step(tx, case, StepIn(taken_on=sent.found_on, words=f"{sent.found_how}发现"), "登记", None)
    return case, findings


def _entered(tx: Transaction, line: LineInForce, sent: CaseIn) -> DisputeCase:
    plain = sent.model_dump(exclude={"line", "parties", "responsible", "lon", "lat"})
    responsible = division_by_code(tx.session, sent.responsible, on=sent.found_on)
    where = None if sent.lon is None or sent.lat is None else write_ewkb([Point(sent.lon, sent.lat)])[0]
    tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.disputes'))"))
    case = DisputeCase(
        **plain | {"classification": sent.classification.value},
        number=next_number(tx.session, tx.today.year),
        line_id=line.id,
        first_id=line.first_id,
        second_id=line.second_id,
        geom=where,
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


def _party(tx: Transaction, word: str, sent: CaseIn) -> dict[str, Any]:
    if not _is_code(word):
        return {"name": word}
    return {"code": word, "name": division_by_code(tx.session, word, on=sent.found_on).name}


def _evidence(tx: Transaction, line: LineInForce, sent: CaseIn) -> CaseEvidence:
    course = course_on(tx.session, line, on=sent.found_on)
    where = None if sent.lon is None or sent.lat is None else Point(sent.lon, sent.lat)
    foot = None if course is None or where is None else course.foot(where)
    off, missing = _against_sides(tx, line, sent)
    return CaseEvidence(
        subject=line.name,
        **sent.model_dump(
            include={"kind", "place", "level", "cause", "found_how", "measures", "found_on", "due_on"}
        ),
        parties=tuple(sent.parties),
        today=tx.today,
        length_m=course.length_m if course else None,
        stretch=None if sent.from_m is None or sent.to_m is None else (sent.from_m, sent.to_m),
        offset_m=foot.offset_m if foot else None,
        parties_off=off,
        sides_missing=missing,
    )


def _against_sides(
    tx: Transaction, line: LineInForce, sent: CaseIn
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units that belong to neither side, and sides no unit of which is a party."""
    sides = {line.first_id, line.second_id}
    off, met = [], set[UUID]()
    for word in filter(_is_code, sent.parties):
        unit = division_by_code(tx.session, word, on=sent.found_on)
        own = {unit.division_id, *(each.division_id for each in _above(tx, unit, sent))} & sides
        met |= own
        if not own:
            off.append(unit.name)
    if not met:
        return tuple(off), ()
    missing = divisions_by_id(tx.session, sides - met, on=sent.found_on).values()
    return tuple(off), tuple(each.name for each in missing)


def _above(tx: Transaction, unit: DivisionVersion, sent: CaseIn) -> Sequence[DivisionVersion]:
    return superiors_of(tx.session, unit.division_id, on=sent.found_on)


def mediate(tx: Transaction, number: str, step: StepIn, kind: str) -> DisputeCase:
    """Record a meeting, a field visit or the like; the first one begins mediation. Raises as `move`."""
    case = _in_hand(tx, number)
    if DisputeState(case.state) is not DisputeState.mediating:
        return _moved(tx, case, DisputeState.mediating, step, kind)
    _add_step(tx, case, step, kind, _act(tx, case, step))
    return case


def move(tx: Transaction, number: str, target: DisputeState, step: StepIn) -> DisputeCase:
    """Lead a case on: resolved, referred, recurred, withdrawn; a decision is recorded by `decide`.

    Raises:
        NotFound: no such case.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        IllegalMove: the case stands elsewhere.
        InvalidInput: a day to come or before the last step; an act that is not registered.
        RuleViolated: closed without a result.
    """
    if target is DisputeState.decided:
        raise InvalidInput("裁决须另行登记", way_out="请用 disputes decide")
    return _moved(tx, _in_hand(tx, number), target, step, STATE_WORDS[target])


def _moved(tx: Transaction, case: DisputeCase, target: DisputeState, step: StepIn, kind: str) -> DisputeCase:
    require_move(MOVES, DisputeState(case.state), target, subject=case.number, words=STATE_WORDS)
    closing = target in {DisputeState.resolved, DisputeState.decided}
    if closing:
        refuse_if_blocking(judge_result(case.number, step.result), f"{case.number}不能办结", way_out=WAY_OUT)
    act = _act(tx, case, step)
    before, case.state = case.state, target.value
    case.result = step.result if closing else None
    case.closed_on = step.taken_on if closing or target is DisputeState.withdrawn else None
    _add_step(tx, case, step, kind, act, before=before)
    return case


def decide(tx: Transaction, number: str, step: StepIn) -> tuple[DisputeCase, list[Finding]]:
    """Record the decision of the approver (界线条例 Art 15); claims to a section end by it where it says so.

    Raises:
        RuleViolated: another authority decided, or there is no agreement; nothing is written.
        and as `move`.
    """
    case = _in_hand(tx, number)
    now = DisputeState(case.state)
    require_move(MOVES, now, DisputeState.decided, subject=case.number, words=STATE_WORDS)
    act = _act(tx, case, step)
    if act is None:
        raise InvalidInput("没有写明裁决决定的文号", way_out="请写明文号；尚未登记的，在 acts 中写明")
    line = line_named(tx.session, case.line_id, on=step.taken_on)
    findings = judge_decision(_grounds(tx, line, case, act, step))
    refuse_if_blocking(findings, f"{case.number}的裁决不能登记", way_out=WAY_OUT)
    _take_effect(tx, line, case, act, step)
    return _moved(tx, case, DisputeState.decided, step, STATE_WORDS[DisputeState.decided]), findings


def _grounds(
    tx: Transaction, line: LineInForce, case: DisputeCase, act: Instrument, step: StepIn
) -> DecisionEvidence:
    record = records_on(tx.session, [line.id], on=step.taken_on).get(line.id)
    provinces = [
        {each.name for each in superiors_of(tx.session, side, on=step.taken_on) if each.level == "province"}
        for side in (line.first_id, line.second_id)
    ]
    shared = provinces[0] & provinces[1]
    return DecisionEvidence(
        subject=case.number,
        issuer=act.issuer,
        recorded_approver=record.approver if record else None,
        province=next(iter(shared), None),
        has_agreement=record is not None and record.agreement_id is not None,
    )


def _take_effect(
    tx: Transaction, line: LineInForce, case: DisputeCase, act: Instrument, step: StepIn
) -> None:
    if step.section is not None:
        boundaries.settle_claims(tx, line, step.section, on=step.taken_on, instrument_id=act.id)
    if step.legal_state is not None:
        if case.from_m is None:
            raise InvalidInput("此案没有写明区间，不能改变法律状态", way_out="请用 boundaries survey 登记")
        said = boundaries.Surveyed(legal_state=step.legal_state.value)
        stretch = (case.from_m, case.to_m)
        boundaries.survey_edges(tx, line, said, stretch=stretch, on=step.taken_on, instrument_id=act.id)


def _in_hand(tx: Transaction, number: str) -> DisputeCase:
    tx.require(Act.keep_disputes)
    case = case_numbered(tx.session, number)
    tx.session.refresh(case, with_for_update=True)
    _require_either_side(tx, case.number, (case.first_id, case.second_id))
    return case


def _require_either_side(tx: Transaction, subject: str, sides: tuple[UUID, UUID]) -> None:
    if not covered(tx.session, tx.actor.reach(Act.keep_disputes), sides, on=tx.today):
        raise NotPermitted(f"{subject}所涉界线的两侧都不在您的辖区", way_out="请由任一侧的机关办理")


def _act(tx: Transaction, case: DisputeCase, step: StepIn) -> Instrument | None:
    for act in step.acts:
        register_instrument(tx, act, kept_within=(case.first_id, case.second_id))
    if step.instrument is None:
        return None
    known = acts_numbered(tx.session, [step.instrument]).get(step.instrument)
    if known is None:
        raise NotFound(
            f"没有登记文号为“{step.instrument}”的文件",
            way_out="请核对文号；尚未登记的，写在登记内容的 acts 中",
        )
    return known


def _add_step(
    tx: Transaction,
    case: DisputeCase,
    step: StepIn,
    kind: str,
    act: Instrument | None,
    *,
    before: str | None = None,
) -> None:
    taken = steps_of(tx.session, case.id)
    if step.taken_on > tx.today:
        raise InvalidInput(f"日期 {step.taken_on} 尚未到来", way_out="只登记已经发生的事项；请核对日期")
    if taken and step.taken_on < taken[-1].taken_on:
        raise InvalidInput(f"日期 {step.taken_on} 早于上一步的 {taken[-1].taken_on}", way_out="请核对日期")
    plain = step.model_dump(include={"taken_on", "words", "attendants", "agreed", "minutes_sha256"})
    instrument_id = act.id if act else None
    row = DisputeStep(
        case_id=case.id,
        ordinal=len(taken) + 1,
        kind=kind,
        state=case.state,
        instrument_id=instrument_id,
        actor=tx.actor.name,
        authority=tx.actor.authority,
        recorded_at=tx.at,
        **plain,
    )
    tx.session.add(row)
    tx.session.flush()
    after = {"state": case.state, "result": case.result, "step": kind, **plain}
    told = None if before is None else {"state": before}
    tx.journal("disputes.step", case.number, before=told, after=after, instrument_id=instrument_id)
