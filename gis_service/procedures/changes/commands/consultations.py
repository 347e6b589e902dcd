"""Asking departments about a case, and recording what they answer."""

from __future__ import annotations

from typing import Any

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand
from gis_service.procedures.changes.commands.steps import require_documents, require_kept, require_past
from gis_service.procedures.changes.models import Consultation
from gis_service.procedures.changes.queries import consultation_of, consultations_of
from gis_service.procedures.changes.rules.departments import departments
from gis_service.procedures.changes.schemas import AnswerIn, AskIn


def ask_department(tx: Transaction, number: str, asked: AskIn) -> Consultation:
    """Record that a department was asked; asked again before it answers, the days are set anew.

    Raises:
        InvalidInput: no such department, or impossible days.
        Conflict: it has answered already, or the case was given up.
    """
    if asked.department not in departments():
        raise InvalidInput(f"没有部门“{asked.department[:40]}”", way_out=f"应为：{'、'.join(departments())}")
    require_past(tx, asked.asked_on, "征求意见的日期")
    if asked.answer_by is not None and asked.answer_by < asked.asked_on:
        raise InvalidInput(f"要求答复的日期 {asked.answer_by} 早于征求意见的日期", way_out="请核对日期")
    case = in_hand(tx, number, Act.record_conduct)
    require_kept(case)
    known = {each.department: each for each in consultations_of(tx.session, case)}.get(asked.department)
    if known is not None and known.answered_on is not None:
        raise Conflict(
            f"{departments()[asked.department]}部门已于 {known.answered_on} 答复", way_out="请查看其答复"
        )
    before = None if known is None else _asked(known)
    consultation = known or Consultation(case_id=case.id, department=asked.department)
    consultation.asked_on, consultation.answer_by = asked.asked_on, asked.answer_by
    consultation.recorded_at = tx.at
    tx.session.add(consultation)
    tx.session.flush()
    tx.journal(
        "changes.ask_department",
        number,
        before=before,
        after=_asked(consultation),
        department=asked.department,
    )
    return consultation


def _asked(consultation: Consultation) -> dict[str, Any]:
    return {"asked_on": consultation.asked_on, "answer_by": consultation.answer_by}


def answer_of_department(tx: Transaction, number: str, department: str, answer: AnswerIn) -> Consultation:
    """Record what a department answered; recorded again, it is corrected, and the journal keeps both.

    Raises:
        NotFound: it was not asked.
        InvalidInput: a day before it was asked, or a document that is not in the file.
    """
    case = in_hand(tx, number, Act.record_conduct)
    require_kept(case)
    consultation = consultation_of(tx.session, case, department)
    require_past(tx, answer.answered_on, "答复日期")
    if answer.answered_on < consultation.asked_on:
        raise InvalidInput(
            f"答复日期 {answer.answered_on} 早于征求意见的日期 {consultation.asked_on}", way_out="请核对日期"
        )
    require_documents(tx, case, [answer.document] if answer.document else [])
    before = _answered(consultation)
    for field, value in answer.model_dump().items():
        setattr(consultation, field, value)
    consultation.opinion, consultation.recorded_at = answer.opinion.value, tx.at
    tx.session.flush()
    tx.journal(
        "changes.department_answered",
        number,
        before=before,
        after=_answered(consultation),
        department=department,
    )
    return consultation


def _answered(consultation: Consultation) -> dict[str, Any]:
    return {field: getattr(consultation, field) for field in AnswerIn.model_fields}
