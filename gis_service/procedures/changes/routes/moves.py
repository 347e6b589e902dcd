"""The moves of a case: submission, decision, enactment, and what is done afterwards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from gis_service.foundation.access import Act
from gis_service.foundation.web import ground_of, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.routes.in_hand import TOLD, InHand
from gis_service.procedures.changes.schemas import (
    AnnouncementIn,
    ApprovalIn,
    CaseOut,
    ConsentIn,
    DoneIn,
    DutyDoneIn,
    ReasonIn,
    RevocationIn,
)

router = APIRouter(
    prefix="/changes/{number}",
    tags=["行政区划变更"],
    route_class=JsonBody,
    responses={**TOLD, **refusals(404, 409)},
)


@router.post("/submission", summary="报请批准", dependencies=[permitted(Act.submit_change)])
def submit_change(case: InHand) -> CaseOut:
    """起草 → 已报请。有阻断意见则拒绝（422），各项意见都在答复中，案卷不变。"""
    return case.moved_by(commands.submit)


@router.post("/endorsement", summary="会签", dependencies=[permitted(Act.endorse_change)])
def endorse_change(case: InHand) -> CaseOut:
    """为本辖区的一方或各方会签一个尚未报请的案卷。报请时，报请人辖区以外的各方都须已会签。"""
    return case.moved_by(commands.endorse)


@router.post("/approval", summary="登记批准", dependencies=[permitted(Act.decide_change)])
def approve_change(case: InHand, approval: ApprovalIn) -> CaseOut:
    """已报请 → 已批准：登记批准文件，开始计算完成变更的期限（12 个月）。

    制发机关须是法定的批准机关（R-CHG-01）。起草、报请的人不能登记批准；国务院、省级的批准须有省级辖区才能登记。
    """
    return case.moved_by(commands.approve, approval.act, filing=approval.filing, overrides=approval.overrides)


@router.post("/rejection", summary="登记未获批准", dependencies=[permitted(Act.decide_change)])
def reject_change(case: InHand, given: ReasonIn) -> CaseOut:
    """已报请 → 未获批准。"""
    return case.moved_by(commands.reject, reason=given.reason)


@router.post("/withdrawal", summary="撤回", dependencies=[permitted(Act.submit_change)])
def withdraw_change(case: InHand, given: ReasonIn) -> CaseOut:
    """起草或已报请 → 已撤回。"""
    return case.moved_by(commands.withdraw, reason=given.reason)


@router.post("/enactment", summary="实施", dependencies=[permitted(Act.enact_change)])
def enact_change(case: InHand) -> CaseOut:
    """已批准 → 已实施：单位、代码、范围、界线、沿革在一个事务中改变，有关图幅随之过期。

    先按登记簿当时的状况重新核查；有阻断意见则拒绝（422），登记簿不作任何改动。答复到达时改动已经保存。
    起草、报请的人不能实施。批准文件定密的，须据公告实施（`announced-enactment`）。
    """
    return case.moved_by(commands.enact)


@router.post("/announced-enactment", summary="据公告实施", dependencies=[permitted(Act.enact_change)])
def enact_announced_change(case: InHand, announcement: AnnouncementIn) -> CaseOut:
    """同“实施”，但登记事项依所写的公告成立：批准文件定密的，变更仍须向社会公告（区划条例第十八条）。"""
    return case.moved_by(commands.enact, announcement=announcement)


@router.post("/cancellation", summary="撤销已实施的变更", dependencies=[permitted(Act.enact_change)])
def cancel_change(case: InHand, revoked: RevocationIn) -> CaseOut:
    """已实施 → 已撤销：依撤销文件，登记簿恢复到变更之前；所公布过的版本和沿革仍可查。

    变更之后又有其他登记的，拒绝（422）并列出，登记簿不作任何改动。起草、报请的人不能撤销；撤销文件由原批准机关制发。
    """
    return case.moved_by(commands.cancel, revoked.act, reason=revoked.reason)


@router.post("/extension", summary="延长完成期限", dependencies=[permitted(Act.decide_change)])
def extend_change(case: InHand, given: ConsentIn) -> CaseOut:
    """经批准机关同意，完成期限延长 6 个月，只能延长一次。"""
    return case.moved_by(commands.extend, consent=given.consent)


@router.post("/completion", summary="报告完成", dependencies=[permitted(Act.follow_up_change)])
def complete_change(request: Request, case: InHand, done: DoneIn) -> CaseOut:
    """向批准机关报告变更完成，期限到此为止。"""
    return case.moved_by(commands.complete, on=done.on or ground_of(request).this_day())


@router.post("/duties/{duty}", summary="办结一项后续事项", dependencies=[permitted(Act.follow_up_change)])
def record_duty_done(
    request: Request,
    case: InHand,
    duty: Annotated[
        str, Path(pattern=r"^[a-z_]{1,40}$", description="事项，见案卷的 follow_ups", examples=["code"])
    ],
    done: DutyDoneIn,
) -> CaseOut:
    """登记一项后续事项已办结；再次登记即更正日期或说明，前后都记入登记日志。"""
    on = done.on or ground_of(request).this_day()
    return case.moved_by(commands.record_duty_done, duty, on=on, note=done.note)
