"""Leading cases: mediation step by step, and the moves from state to state."""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.in_hand import WAY_OUT, act_named, add_step, in_hand
from gis_service.procedures.disputes.models import MOVES, OPEN, STATE_WORDS, DisputeCase, DisputeState
from gis_service.procedures.disputes.rules import StepEvidence, judge_result, judge_step
from gis_service.procedures.disputes.schemas import StepIn
from gis_service.registers.instruments.models import Instrument


def mediate(
    tx: Transaction, number: str, step: StepIn, kind: str = "会议"
) -> tuple[DisputeCase, list[Finding]]:
    """Record a meeting, a field visit or the like; the first one begins mediation. Raises as `move`."""
    case = in_hand(tx, number, on=step.taken_on)
    findings = _judged(case, step)
    if DisputeState(case.state) is DisputeState.mediating:
        add_step(tx, case, step, kind, act_named(tx, case, step))
    else:
        moved(tx, case, DisputeState.mediating, step, kind)
    return case, findings


def move(
    tx: Transaction, number: str, target: DisputeState, step: StepIn
) -> tuple[DisputeCase, list[Finding]]:
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
    case = in_hand(tx, number, on=step.taken_on)
    findings = [] if target is DisputeState.withdrawn else _judged(case, step)
    moved(tx, case, target, step, STATE_WORDS[target])
    return case, findings


def moved(
    tx: Transaction,
    case: DisputeCase,
    target: DisputeState,
    step: StepIn,
    kind: str,
    act: Instrument | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Lead a case to another state, and leave the step behind. Raises as `move`."""
    require_move(MOVES, DisputeState(case.state), target, subject=case.number, words=STATE_WORDS)
    closing = target in {DisputeState.resolved, DisputeState.decided}
    if closing:
        refuse_if_blocking(judge_result(case.number, step.result), f"{case.number}不能办结", way_out=WAY_OUT)
    act = act or act_named(tx, case, step)
    before, case.state = case.state, target.value
    case.result = step.result if closing else None
    case.closed_on = step.taken_on if closing or target is DisputeState.withdrawn else None
    add_step(tx, case, step, kind, act, before=before, detail=detail)


def _judged(case: DisputeCase, step: StepIn) -> list[Finding]:
    paper = step.instrument is not None or step.minutes_sha256 is not None
    is_open = DisputeState(case.state) in OPEN
    return list(
        judge_step(StepEvidence(case.number, step.taken_on, case.due_on, is_open, step.agreed, paper))
    )
