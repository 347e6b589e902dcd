"""How a case is conducted: steps of the procedure, consulted departments, verdicts by standards, filings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.web import Reading, answered_with, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries import (
    archive_list,
    consultations_of,
    filings_of,
    steps_told,
    verdicts_of,
)
from gis_service.procedures.changes.routes.in_hand import REVISION, InHand, Number, announced
from gis_service.procedures.changes.rules.departments import departments
from gis_service.procedures.changes.schemas import (
    AnswerIn,
    ArchiveListOut,
    AskIn,
    AttachedFiguresIn,
    ConsultationOut,
    FilingIn,
    FilingOut,
    KeptVerdictOut,
    StepCorrectionIn,
    StepIn,
    StepsOut,
)

router = APIRouter(
    prefix="/changes/{number}",
    tags=["变更程序"],
    route_class=JsonBody,
    responses={**answered_with(200, ETag=REVISION), **refusals(404)},
)
READ, RECORD, FOLLOW_UP = (
    permitted(act) for act in (Act.read_cases, Act.record_conduct, Act.follow_up_change)
)
TAKEN = refusals(409)

Ordinal = Annotated[int, Path(ge=1, le=10_000, description="程序在案卷中的序号", examples=[1])]
Department = Annotated[
    str,
    Path(
        json_schema_extra={"enum": list(departments())},
        description="部门，见 consultations",
        examples=["ethnic_affairs"],
    ),
]


@router.get("/steps", summary="列出案卷的程序", dependencies=[READ])
def list_steps(request: Request, session: Reading, number: Number) -> StepsOut:
    """已登记的程序（专家论证、风险评估、征求意见、实地考察、会议审议等），和依法应经而尚无记录的程序。"""
    return steps_told(session, announced(request, session, number))


@router.post("/steps", summary="登记一项程序", responses=TAKEN, dependencies=[RECORD])
def add_step(case: InHand, step: StepIn) -> StepsOut:
    """登记一项已进行的程序。`documents` 是有关文件的内容摘要，文件须先收入案卷。"""
    return steps_told(case.tx.session, case.after(commands.add_step, step))


@router.post("/steps/{ordinal}/correction", summary="更正一项程序", responses=TAKEN, dependencies=[RECORD])
def correct_step(case: InHand, ordinal: Ordinal, given: StepCorrectionIn) -> StepsOut:
    """以所写的全部内容代替原记录；前后内容和理由都记入登记日志。"""
    corrected = case.after(commands.correct_step, ordinal, given.step, reason=given.reason)
    return steps_told(case.tx.session, corrected)


@router.get("/consultations", summary="列出征求部门意见的情况", dependencies=[READ])
def list_consultations(request: Request, session: Reading, number: Number) -> list[ConsultationOut]:
    """征求过哪些部门的意见，何时答复，意见如何。"""
    return _consultations(session, announced(request, session, number))


@router.post("/consultations", summary="登记征求部门意见", responses=TAKEN, dependencies=[RECORD])
def ask_department(case: InHand, asked: AskIn) -> list[ConsultationOut]:
    """登记何时征求了一个部门的意见；答复之前再登记，即更正日期。"""
    return _consultations(case.tx.session, case.after(commands.ask_department, asked))


@router.post(
    "/consultations/{department}/answer", summary="登记部门的答复", responses=TAKEN, dependencies=[RECORD]
)
def answer_of_department(case: InHand, department: Department, answer: AnswerIn) -> list[ConsultationOut]:
    """登记部门的答复；再次登记即更正，前后都记入登记日志。"""
    answered = case.after(commands.answer_of_department, department, answer)
    return _consultations(case.tx.session, answered)


def _consultations(session: Session, case: ChangeCase) -> list[ConsultationOut]:
    return [ConsultationOut.model_validate(each) for each in consultations_of(session, case)]


@router.get("/verdicts", summary="列出设立标准的对照", dependencies=[READ])
def list_verdicts(request: Request, session: Reading, number: Number) -> list[KeptVerdictOut]:
    """随案卷保存的设立标准对照：所报指标、当日适用的版本、逐项结论。"""
    return _verdicts(session, announced(request, session, number))


@router.post("/verdicts", summary="附上设立标准的对照", responses=TAKEN, dependencies=[RECORD])
def attach_verdict(case: InHand, figures: AttachedFiguresIn) -> list[KeptVerdictOut]:
    """按当日当地的标准逐项对照，连同所报指标保存在案卷中；以前的对照仍然保留。"""
    return _verdicts(case.tx.session, case.after(commands.attach_verdict, figures))


def _verdicts(session: Session, case: ChangeCase) -> list[KeptVerdictOut]:
    return [KeptVerdictOut.model_validate(each) for each in verdicts_of(session, case)]


@router.get("/filings", summary="列出备案", dependencies=[READ])
def list_filings(request: Request, session: Reading, number: Number) -> list[FilingOut]:
    """案卷的备案记录：事项、文号、日期、受理机关。"""
    return _filings(session, announced(request, session, number))


@router.post("/filings", summary="登记备案", responses=TAKEN, dependencies=[FOLLOW_UP])
def record_filing(case: InHand, filing: FilingIn) -> list[FilingOut]:
    """登记已批准案卷的一项备案。依第八条批准的，登记批准时所写的备案文号已自动登记。"""
    return _filings(case.tx.session, case.after(commands.record_filing, filing))


def _filings(session: Session, case: ChangeCase) -> list[FilingOut]:
    return [FilingOut.model_validate(each) for each in filings_of(session, case)]


@router.get("/archive-list", summary="归档目录", dependencies=[READ])
def read_archive_list(request: Request, session: Reading, number: Number) -> ArchiveListOut:
    """请示、报告、图表、批准文件等各类目中已有的文件（附内容摘要）和记录，以及应有而缺的（区划条例第二十条）。"""
    return archive_list(session, announced(request, session, number))
