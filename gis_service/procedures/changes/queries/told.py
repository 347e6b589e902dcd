"""Parts of a case as they are told: steps and what the law demands, evaluations and their report."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries.cases import follow_ups_of
from gis_service.procedures.changes.queries.conduct import (
    conduct_of,
    evaluations_of,
    provinces_of,
    steps_of,
)
from gis_service.procedures.changes.rules.evaluations import ROUND, indicator_set, indicator_set_for
from gis_service.procedures.changes.rules.steps import demanded_steps, step_kinds
from gis_service.procedures.changes.schemas import (
    DemandOut,
    EvaluationIndicatorOut,
    EvaluationOut,
    EvaluationsOut,
    RoundOut,
    StepOut,
    StepsOut,
    parse_proposal,
)
from gis_service.procedures.changes.schemas.reports import Report
from gis_service.registers.instruments.queries import instruments_by_id


def steps_told(session: Session, case: ChangeCase) -> StepsOut:
    """The steps of a case, and those the law of its day demands."""
    steps = steps_of(session, case)
    taken = {step.kind for step in steps}
    conduct = conduct_of(session, case, parse_proposal(case.proposal, source=f"案卷 {case.number}"))
    return StepsOut(
        steps=[StepOut.model_validate(step) for step in steps],
        demanded=[
            DemandOut(
                step=each.step,
                title=step_kinds()[each.step],
                legal_basis=each.legal_basis,
                status=each.status,
                severity=each.severity,
                is_recorded=each.step in taken,
            )
            for each in demanded_steps(conduct)
        ],
    )


def evaluations_told(session: Session, case: ChangeCase, *, on: date) -> EvaluationsOut:
    """The rounds of a case, what was found in them, and what is asked for today."""
    provinces, _ = provinces_of(session, case)
    by = indicator_set_for(on, provinces)
    return EvaluationsOut(
        rounds=_rounds(session, case),
        evaluations=[EvaluationOut.model_validate(each) for each in evaluations_of(session, case)],
        indicator_set=by.id if by else None,
        status=by.status if by else None,
        indicators=[EvaluationIndicatorOut.model_validate(each) for each in (by.indicators if by else ())],
    )


def _rounds(session: Session, case: ChangeCase) -> list[RoundOut]:
    return [
        RoundOut(round=int(each.duty.removeprefix(ROUND)), due_on=each.due_on, done_on=each.done_on)
        for each in follow_ups_of(session, case)
        if each.duty.startswith(ROUND)
    ]


def report_of_round(session: Session, case: ChangeCase, round_: int) -> Report:
    """What the report of a round tells.

    Raises:
        NotFound: nothing was evaluated in this round.
    """
    held = [
        EvaluationOut.model_validate(each) for each in evaluations_of(session, case) if each.round == round_
    ]
    if not held:
        raise NotFound(f"案卷 {case.number} 没有第 {round_} 轮评估", way_out="请先登记评估")
    known = instruments_by_id(session, filter(None, [case.instrument_id]))
    act = next(iter(known.values()), None)
    return Report(
        number=case.number,
        title=case.title,
        act=f"{act.number} {act.title}" if act else None,
        effective_on=case.effective_on,
        round=round_,
        due_on=next((each.due_on for each in _rounds(session, case) if each.round == round_), None),
        indicator_titles={each.indicator_set: indicator_set(each.indicator_set).title for each in held},
        evaluations=held,
    )
