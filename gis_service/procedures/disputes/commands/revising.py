"""Revising a case: level, measures, due date, responsible unit; what stood before is told by the step."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.in_hand import WAY_OUT, add_step, in_hand, sides_above
from gis_service.procedures.disputes.models import OPEN, STATE_WORDS, DisputeCase, DisputeState
from gis_service.procedures.disputes.rules import RevisionEvidence, judge_revision
from gis_service.procedures.disputes.schemas import ChangedOut, RevisionIn, StepIn
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, last_known

REVISED = "调整"


def revise(tx: Transaction, number: str, sent: RevisionIn) -> tuple[DisputeCase, list[Finding]]:
    """Record what an open case says from now on.

    Raises:
        NotFound: no such case, or no such unit on the day.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        Conflict: the case is closed.
        InvalidInput: nothing changes; a day to come or before the last step.
        RuleViolated: put off or made lesser without a reason, or an unknown level; nothing is written.
    """
    case = in_hand(tx, number, on=sent.taken_on)
    state = DisputeState(case.state)
    if state not in OPEN:
        raise Conflict(
            f"{number}现为“{STATE_WORDS[state]}”，不能调整", way_out="复发的，请先登记复发（disputes move）"
        )
    unit = _unit(tx, sent)
    findings = list(judge_revision(_evidence(tx, case, unit, sent)))
    refuse_if_blocking(findings, f"{number}的调整不能登记", way_out=WAY_OUT)
    changes = list(_changes(tx, case, unit, sent))
    if not changes:
        raise InvalidInput("没有要调整的内容，或与现状相同", way_out="请写明新的等级、措施、期限或责任单位")
    _apply(case, unit, sent)
    step = StepIn(taken_on=sent.taken_on, words=sent.words or "、".join(each.field for each in changes))
    add_step(tx, case, step, REVISED, changes=changes)
    return case, findings


def _unit(tx: Transaction, sent: RevisionIn) -> DivisionVersion | None:
    if sent.responsible is None:
        return None
    return division_by_code(tx.session, sent.responsible, on=sent.taken_on)


def _evidence(
    tx: Transaction, case: DisputeCase, unit: DivisionVersion | None, sent: RevisionIn
) -> RevisionEvidence:
    is_off = unit is not None and not sides_above(tx, unit, case, on=sent.taken_on)
    return RevisionEvidence(
        subject=case.number,
        reason=sent.words,
        found_on=case.found_on,
        today=tx.today,
        level_before=case.level,
        due_before=case.due_on,
        level=sent.level,
        due_on=sent.due_on,
        responsible_off=unit.name if unit is not None and is_off else None,
    )


def _changes(
    tx: Transaction, case: DisputeCase, unit: DivisionVersion | None, sent: RevisionIn
) -> Iterator[ChangedOut]:
    said = (
        ("等级", case.level, sent.level),
        ("措施", case.measures, sent.measures),
        ("期限", case.due_on.isoformat(), sent.due_on.isoformat() if sent.due_on else None),
    )
    for field, before, after in said:
        if after is not None and after != before:
            yield ChangedOut(field=field, before=before, after=after)
    if unit is not None and unit.division_id != case.responsible_id:
        former = last_known(tx.session, [case.responsible_id]).get(case.responsible_id)
        yield ChangedOut(field="责任单位", before=_called(former), after=_called(unit))


def _called(unit: DivisionVersion | None) -> str:
    return "" if unit is None else f"{unit.code} {unit.name}"


def _apply(case: DisputeCase, unit: DivisionVersion | None, sent: RevisionIn) -> None:
    case.level = sent.level or case.level
    case.measures = sent.measures or case.measures
    case.due_on = sent.due_on or case.due_on
    if unit is not None:
        case.responsible_id = unit.division_id
