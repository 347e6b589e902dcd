"""Rounds of evaluating what a change has brought: planned with its approval, recorded with their scores."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand, proposal_of
from gis_service.procedures.changes.commands.steps import require_past
from gis_service.procedures.changes.models import CaseState, ChangeCase, Evaluation, FollowUp
from gis_service.procedures.changes.queries import (
    evaluations_of,
    follow_up_of,
    gather,
    provinces_of,
    touched_by,
)
from gis_service.procedures.changes.rules import lawful_approval
from gis_service.procedures.changes.rules.evaluations import (
    ROUND,
    Evaluated,
    Side,
    evaluate_figures,
    indicator_set_for,
    legal_basis_of_evaluation,
    rounds_of,
)
from gis_service.procedures.changes.schemas import EvaluationIn


def plan_rounds(tx: Transaction, case: ChangeCase) -> None:
    """Enter the rounds of a case among its follow-up duties, while the units it changes still stand."""
    evidence = gather(tx.session, proposal_of(case))
    touched = touched_by(evidence)
    lawful = lawful_approval(touched, areas=evidence.special_areas)
    matters = (each.matter.value for each in touched)
    tx.session.add_all(
        FollowUp(
            case_id=case.id,
            duty=each.duty,
            title=f"第 {each.number} 轮变更效果评估",
            legal_basis=legal_basis_of_evaluation(),
            due_on=each.due_on,
        )
        for each in rounds_of(matters, lawful, effective_on=case.effective_on)
    )
    tx.session.flush()


def record_evaluation(tx: Transaction, number: str, evaluation: EvaluationIn) -> Evaluation:
    """Record a round with figures, scores and grade; recorded again, it is corrected, and both are journaled.

    The evaluation from above ends the round; one's own does not.

    Raises:
        Conflict: the change is not enacted.
        NotFound: it has no such round.
        InvalidInput: a day before the change, or indicators that the set does not know.
    """
    case = in_hand(tx, number, Act.evaluate_change)
    if case.state != CaseState.enacted.value:
        raise Conflict(f"案卷 {number} 尚未实施，不能评估效果", way_out="请在实施后按期评估")
    require_past(tx, evaluation.evaluated_on, "评估日期")
    if evaluation.evaluated_on < case.effective_on:
        raise InvalidInput(f"评估日期早于生效日期 {case.effective_on}", way_out="请核对日期")
    planned = follow_up_of(tx.session, case, f"{ROUND}{evaluation.round}")
    evaluated = _evaluated(tx, case, evaluation)
    kept, before = _kept(tx, case, evaluation, evaluated)
    if evaluation.side is Side.above:
        planned.done_on = evaluation.evaluated_on
    tx.journal(
        "changes.evaluation", number, before=before, after=_told(kept), round=kept.round, side=kept.side
    )
    return kept


def _evaluated(tx: Transaction, case: ChangeCase, evaluation: EvaluationIn) -> Evaluated:
    provinces, _ = provinces_of(tx.session, case)
    by = indicator_set_for(evaluation.evaluated_on, provinces)
    if by is None:
        raise InvalidInput("评估日没有适用的指标", way_out="请核对评估日期")
    evaluated = evaluate_figures(by, evaluation.measured())
    if evaluated.unused:
        raise InvalidInput(
            f"“{by.title}”没有指标：{'、'.join(each[:40] for each in evaluated.unused[:5])}",
            way_out=f"指标有：{'、'.join(each.id for each in by.indicators)}",
        )
    return evaluated


def _kept(
    tx: Transaction, case: ChangeCase, evaluation: EvaluationIn, evaluated: Evaluated
) -> tuple[Evaluation, dict[str, Any] | None]:
    """The record of a round and side, and what stood there before."""
    known = [
        each
        for each in evaluations_of(tx.session, case)
        if (each.round, each.side) == (evaluation.round, evaluation.side)
    ]
    before = _told(known[0]) if known else None
    kept = (
        known[0] if known else Evaluation(case_id=case.id, round=evaluation.round, side=evaluation.side.value)
    )
    kept.evaluated_on, kept.evaluator = evaluation.evaluated_on, evaluation.evaluator
    kept.indicator_set, kept.summary = evaluated.indicator_set.id, evaluation.summary
    kept.figures = [each.model_dump(mode="json") for each in evaluation.figures]
    kept.scores = [asdict(each) for each in evaluated.scores]
    kept.total, kept.grade, kept.recorded_at = evaluated.total, evaluated.grade, tx.at
    tx.session.add(kept)
    tx.session.flush()
    return kept, before


def _told(kept: Evaluation) -> dict[str, Any]:
    fields = ("evaluated_on", "evaluator", "indicator_set", "figures", "total", "grade", "summary")
    return {field: getattr(kept, field) for field in fields}
