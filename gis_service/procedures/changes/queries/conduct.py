"""How a case was conducted: its steps, the departments asked, verdicts, evaluations and filings."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.foundation.standing import full_sight
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.models import (
    ChangeCase,
    Consultation,
    Evaluation,
    Filing,
    StandardVerdict,
    Step,
)
from gis_service.procedures.changes.queries.evidence import gather
from gis_service.procedures.changes.queries.parties import parties_of
from gis_service.procedures.changes.rules import Basis, ChangeEvidence, Conduct
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.conduct import ConsultationFacts, StepFacts, VerdictFacts
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.divisions.queries import last_known


def steps_of(session: Session, case: ChangeCase) -> list[Step]:
    """The steps of a case in the order in which they were recorded."""
    return list(session.scalars(select(Step).where(Step.case_id == case.id).order_by(Step.ordinal)))


def step_of(session: Session, case: ChangeCase, ordinal: int) -> Step:
    """One step of a case.

    Raises:
        NotFound: the case has no step of this number.
    """
    found = session.get(Step, (case.id, ordinal))
    if found is None:
        raise NotFound(f"案卷 {case.number} 没有第 {ordinal} 项程序", way_out="请在案卷的程序记录中查找")
    return found


def consultations_of(session: Session, case: ChangeCase) -> list[Consultation]:
    """The departments that were asked about a case, the first asked first."""
    wanted = select(Consultation).where(Consultation.case_id == case.id)
    return list(session.scalars(wanted.order_by(Consultation.asked_on, Consultation.department)))


def consultation_of(session: Session, case: ChangeCase, department: str) -> Consultation:
    """What one department was asked.

    Raises:
        NotFound: it was not asked.
    """
    found = session.get(Consultation, (case.id, department))
    if found is None:
        raise NotFound(
            f"案卷 {case.number} 没有征求部门“{department}”意见的记录", way_out="请先登记征求意见的日期"
        )
    return found


def verdicts_of(session: Session, case: ChangeCase) -> list[StandardVerdict]:
    """What standards said about the units of a case, oldest first."""
    wanted = select(StandardVerdict).where(StandardVerdict.case_id == case.id)
    return list(session.scalars(wanted.order_by(StandardVerdict.ordinal)))


def evaluations_of(session: Session, case: ChangeCase) -> list[Evaluation]:
    """The evaluations of a case, round by round."""
    wanted = select(Evaluation).where(Evaluation.case_id == case.id)
    return list(session.scalars(wanted.order_by(Evaluation.round, Evaluation.evaluated_on)))


def filings_of(session: Session, case: ChangeCase) -> list[Filing]:
    """What was filed of a case, oldest first."""
    wanted = select(Filing).where(Filing.case_id == case.id)
    return list(session.scalars(wanted.order_by(Filing.filed_on, Filing.number)))


def touched_by(evidence: ChangeEvidence) -> list[Touched]:
    """What a change does to which units, in the words of the law."""
    return [
        each
        for operation in evidence.operations
        for each in KIND_BY_ID[operation.kind].touches(operation, evidence)
    ]


def provinces_of(session: Session, case: ChangeCase) -> tuple[frozenset[str], frozenset[str]]:
    """The provinces of the sides of a case (two digits), and their types; all sides count, whoever asks."""
    with full_sight(session):
        known = last_known(session, parties_of(session, case)).values()
        provinces = frozenset(version.code[:2] for version in known)
        return provinces, frozenset(version.type for version in known if version.type)


def conduct_of(session: Session, case: ChangeCase, proposal: ProposalIn) -> Conduct:
    """Everything the rules may ask about how a case was conducted."""
    provinces, types = provinces_of(session, case)
    verdicts = {(each.standard, each.unit): each for each in verdicts_of(session, case)}  # the newest counts
    return Conduct(
        on=case.effective_on,
        basis=Basis(proposal.basis_or_implied),
        touched=tuple(touched_by(gather(session, proposal))),
        provinces=provinces,
        types=types,
        steps=tuple(StepFacts(each.kind, each.result) for each in steps_of(session, case)),
        consultations=tuple(
            ConsultationFacts(each.department, each.answered_on, each.opinion)
            for each in consultations_of(session, case)
        ),
        verdicts=tuple(VerdictFacts(each.standard, each.unit, each.verdict) for each in verdicts.values()),
    )
