"""Evaluating what a change has brought, round by round, and the report of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.web import Reading, answered_with, ground_of, header, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries import evaluations_told, report_of_round
from gis_service.procedures.changes.routes.in_hand import REVISION, InHand, Number, announced
from gis_service.procedures.changes.schemas import EvaluationIn, EvaluationsOut
from gis_service.procedures.changes.schemas.reports import as_markdown, as_page

router = APIRouter(
    prefix="/changes/{number}/evaluations",
    tags=["变更程序"],
    route_class=JsonBody,
    responses=refusals(404),
)
TOLD = answered_with(200, ETag=REVISION)


class ReportForm(StrEnum):
    """How a report is written."""

    markdown = "md"
    page = "html"


@router.get("", summary="列出变更效果评估", responses=TOLD, dependencies=[permitted(Act.read_cases)])
def list_evaluations(request: Request, session: Reading, number: Number) -> EvaluationsOut:
    """各轮评估的期限和结果，以及今天适用的指标及其权重。"""
    return _told(request, session, announced(request, session, number))


@router.post(
    "",
    summary="登记变更效果评估",
    responses={**TOLD, **refusals(409)},
    dependencies=[permitted(Act.evaluate_change)],
)
def record_evaluation(request: Request, case: InHand, evaluation: EvaluationIn) -> EvaluationsOut:
    """登记一轮自评或评估：各项指标变更前后的数值，由此计分；再次登记即更正，前后都记入登记日志。"""
    return _told(request, case.tx.session, case.after(commands.record_evaluation, evaluation))


def _told(request: Request, session: Session, case: ChangeCase) -> EvaluationsOut:
    return evaluations_told(session, case, on=ground_of(request).this_day())


@router.get(
    "/{round}/report",
    summary="变更效果评估报告",
    response_class=Response,
    responses={
        200: {
            "description": "报告，Markdown 或可打印的网页",
            "content": {"text/markdown": {}, "text/html": {}},
            "headers": {"ETag": header("案卷的修订次数", {"type": "string", "pattern": '^"[0-9]+"$'})},
        }
    },
    dependencies=[permitted(Act.read_cases)],
)
def read_report(
    request: Request,
    session: Reading,
    number: Number,
    round_: Annotated[int, Path(alias="round", ge=1, le=20, description="第几轮", examples=[1])],
    form: Annotated[
        ReportForm, Query(alias="format", description="md 为 Markdown，html 为可打印的网页")
    ] = ReportForm.markdown,
) -> Response:
    """一轮评估的报告：案卷、批准文件、各方评估的逐项数值、得分、总分和结论。"""
    text = as_markdown(report_of_round(session, announced(request, session, number), round_))
    if form is ReportForm.markdown:
        return Response(text, media_type="text/markdown; charset=utf-8")
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(as_page(text), media_type="text/html; charset=utf-8", headers=policy)
