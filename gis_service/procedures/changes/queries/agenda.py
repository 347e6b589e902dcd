"""What cases leave to do and by when, for whoever may know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification, Reach
from gis_service.foundation.agenda import Pending, Wanted
from gis_service.procedures.changes.models import (
    CaseState,
    ChangeCase,
    Consultation,
    FollowUp,
    Party,
)
from gis_service.procedures.changes.rules import duties
from gis_service.procedures.changes.rules.agenda import R_CHG_11, RULE_OF_DUTY
from gis_service.procedures.changes.rules.departments import (
    R_CHG_12,
    departments,
    legal_basis_of_asking,
)
from gis_service.procedures.changes.rules.evaluations import R_CHG_13, ROUND
from gis_service.registers.authorities.queries import covered

COMPLETION = "completion_report"  # the duty whose clock the approver may extend
OPEN = (CaseState.draft.value, CaseState.submitted.value, CaseState.approved.value, CaseState.enacted.value)


def pending_of_cases(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """What is pending on a day in the cases that the reader may know of; none of them is about one line."""
    if wanted.line is not None or not actor.reach(Act.read_cases):
        return []
    cases = _cases(session, wanted.within, wanted.on)
    return [*_duties(session, cases), *_clocks(cases), *_answers(session, cases)]


@dataclass(frozen=True, slots=True)
class _Case:
    """What the calendar needs of a case: proposals and outcomes are long, and cases many."""

    id: UUID
    number: str
    title: str
    state: str
    approved_on: date | None
    completion_due: date | None
    classification: str

    @property
    def kept(self) -> Classification:
        """How closely its being told is journaled: cases kept inside are daily work."""
        kept = Classification(self.classification)
        return kept if kept is Classification.secret else Classification.public


_COLUMNS = (getattr(ChangeCase, field.name) for field in fields(_Case))
_WANTED = select(*_COLUMNS).where(ChangeCase.state.in_(OPEN))


def _cases(session: Session, within: UUID | None, on: date) -> dict[UUID, _Case]:
    cases = {row.id: _Case(*row) for row in session.execute(_WANTED)}
    if within is None:
        return cases
    sides: dict[UUID, set[UUID]] = {}
    for party in session.scalars(select(Party).where(Party.case_id.in_(cases))):
        sides.setdefault(party.division_id, set()).add(party.case_id)
    inside = covered(session, Reach(roots=frozenset({within})), sides, on=on)
    kept = set[UUID]().union(*(sides[division] for division in inside))
    return {key: case for key, case in cases.items() if key in kept}


def _duties(session: Session, cases: dict[UUID, _Case]) -> Iterator[Pending]:
    """What enacted cases have left and nobody has done; rounds of evaluation are among them."""
    wanted = select(FollowUp).where(FollowUp.case_id.in_(cases), FollowUp.done_on.is_(None))
    for each in session.scalars(wanted):
        case = cases[each.case_id]
        if case.state != CaseState.enacted.value:
            continue
        due = case.completion_due if each.duty == COMPLETION else each.due_on
        yield _duty(case, each.duty, each.title, each.legal_basis, due)


def _clocks(cases: dict[UUID, _Case]) -> Iterator[Pending]:
    """The clocks that run from the approval, before the change is carried out."""
    for case in cases.values():
        if case.state == CaseState.approved.value and case.approved_on is not None:
            for duty in duties():
                due = case.completion_due if duty.id == COMPLETION else duty.due_on(case.approved_on)
                if due is not None:
                    yield _duty(case, duty.id, duty.title, duty.legal_basis, due)


def _duty(case: _Case, duty: str, title: str, basis: str, due: date | None) -> Pending:
    rule = R_CHG_13.id if duty.startswith(ROUND) else RULE_OF_DUTY.get(duty, R_CHG_11.id)
    address = f"/changes/{case.number}"
    return Pending(case.number, case.title, duty, title, rule, basis, due, address=address, kept=case.kept)


def _answers(session: Session, cases: dict[UUID, _Case]) -> Iterator[Pending]:
    wanted = select(Consultation).where(Consultation.case_id.in_(cases), Consultation.answered_on.is_(None))
    for each in session.scalars(wanted):
        case = cases[each.case_id]
        if case.state in {CaseState.draft.value, CaseState.submitted.value}:
            title = f"{departments().get(each.department, each.department)}部门答复"
            what = f"answer.{each.department}"
            basis, due = legal_basis_of_asking(), each.answer_by
            address = f"/changes/{case.number}"
            yield Pending(
                case.number,
                case.title,
                what,
                title,
                R_CHG_12.id,
                basis,
                due,
                address=address,
                kept=case.kept,
            )
