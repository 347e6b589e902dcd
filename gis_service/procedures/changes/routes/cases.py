"""Opening, listing, reading and rehearsing cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from gis_service.foundation.access import Act
from gis_service.foundation.findings import in_order_of_weight
from gis_service.foundation.web import (
    Listing,
    PageByText,
    Reading,
    Tx,
    announce,
    answered_with,
    header,
    refusals,
)
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.rehearsing import Rehearsal
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.commands import Checked
from gis_service.procedures.changes.models import CaseState
from gis_service.procedures.changes.queries import case_by_number, cases_page
from gis_service.procedures.changes.routes.in_hand import REVISION, TOLD, Number, told
from gis_service.procedures.changes.schemas import CaseOut, CaseSummaryOut, CheckedOut, ProposalIn

router = APIRouter(prefix="/changes", tags=["行政区划变更"], route_class=JsonBody)

OPENED = answered_with(
    201,
    ETag=REVISION,
    Location=header("案卷的地址", {"type": "string", "pattern": "/changes/BG-[0-9]{4}-[0-9]{5,9}$"}),
)


@router.get("", summary="列出变更案卷", dependencies=[permitted(Act.read_cases)])
def list_changes(
    session: Reading,
    page: PageByText,
    state: Annotated[CaseState | None, Query(description="只列此状态的案卷", examples=["enacted"])] = None,
) -> Listing[CaseSummaryOut]:
    """全部变更案卷，按案号排列，逐页取得。"""
    found = cases_page(session, state=state, after=page.after, limit=page.one_more)
    cases, following = page.cut(found, lambda case: case.number)
    return Listing(items=[CaseSummaryOut.model_validate(case) for case in cases], next=following)


@router.post(
    "",
    summary="立案",
    status_code=201,
    responses={**OPENED, **refusals(409)},
    dependencies=[permitted(Act.draft_change)],
)
def draft_change(request: Request, tx: Tx, proposal: ProposalIn) -> CaseOut:
    """按方案立案（起草）。方案与变更文件（TOML）同样的项目，写成 JSON。

    登记已公布的批复，请写 `instrument`；申请变更的，不写，待批准后再登记。材料的内容另行收入案卷
    （`POST /changes/{number}/materials`），只在方案中列名的不算数。同一变更已有案卷的，答复 409。
    """
    case = commands.draft(tx, proposal)
    announce(request, "Location", f"{request.scope.get('root_path', '')}/changes/{case.number}")
    return told(request, tx.session, case)


@router.post(
    "/check", summary="演练一个方案", responses=refusals(409), dependencies=[permitted(Act.rehearse_change)]
)
def check_proposal(tx: Rehearsal, proposal: ProposalIn) -> CheckedOut:
    """做完实施的全部步骤后撤销，报告各项意见和实施的结果；什么也不写入。

    有阻断意见时同样答复 200，`blocking` 为 true，`outcome` 为空。
    """
    return _checked(commands.check(tx, proposal))


@router.get(
    "/{number}",
    summary="查一个案卷",
    responses={**TOLD, **refusals(404)},
    dependencies=[permitted(Act.read_cases)],
)
def read_change(request: Request, session: Reading, number: Number) -> CaseOut:
    """案卷的状态、方案、意见、结果、材料和后续事项。`ETag` 头是修订次数，办理时可放在 `If-Match` 头中。"""
    return told(request, session, case_by_number(session, number))


@router.post(
    "/{number}/check",
    summary="演练一个案卷",
    responses=refusals(404, 409),
    dependencies=[permitted(Act.rehearse_change)],
)
def check_change(tx: Rehearsal, number: Number) -> CheckedOut:
    """同“演练一个方案”，但只算已收入案卷的材料；已批准的，用所登记的批准文件。什么也不写入。"""
    return _checked(commands.check_case(tx, number))


def _checked(checked: Checked) -> CheckedOut:
    findings = [finding.as_json() for finding in in_order_of_weight(checked.findings)]
    return CheckedOut.model_validate(
        {"blocking": checked.outcome is None, "findings": findings, "outcome": checked.outcome}
    )
