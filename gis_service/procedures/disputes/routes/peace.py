"""Agreements to keep the peace, joint meetings and contingency plans over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi import Depends as Needs
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.web import (
    UUID_WRITTEN,
    After,
    Limit,
    ListingOnDate,
    OnDate,
    Page,
    PageByText,
    Reading,
    Tx,
    keyed,
    refusals,
)
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.paging import DEFAULT_LIMIT
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import ContingencyPlan, JointMeeting, PeaceAgreement
from gis_service.procedures.disputes.queries.agreements import (
    PeaceAsked,
    agreements_page,
    agreements_told,
    lines_without_agreement,
)
from gis_service.procedures.disputes.queries.meetings import meetings_page, meetings_told
from gis_service.procedures.disputes.queries.peace_due import note_due, peace_due
from gis_service.procedures.disputes.queries.peace_ground import numbered
from gis_service.procedures.disputes.queries.plans import plans_page, plans_told
from gis_service.procedures.disputes.rules import days_ahead
from gis_service.procedures.disputes.schemas.agreements import (
    KeptAgreementOut,
    PeaceAgreementIn,
    PeaceAgreementOut,
    PeaceDueOut,
    PeaceEndIn,
    WithoutAgreementOut,
)
from gis_service.procedures.disputes.schemas.meetings import (
    JointMeetingIn,
    JointMeetingOut,
    KeptMeetingOut,
    ResolutionDoneIn,
)
from gis_service.procedures.disputes.schemas.plans import (
    ContingencyPlanIn,
    ContingencyPlanOut,
    ExerciseIn,
    KeptPlanOut,
)
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(prefix="/peace", tags=["平安边界"], route_class=JsonBody, responses=refusals(404, 409))

READS = permitted(Act.read_peace)
KEEPS = permitted(Act.keep_peace)
OfLine = Annotated[NamedLine | None, Query(description="只列此界线的（代码或标识）", examples=["3234"])]
OfUnit = Annotated[
    NamedDivision | None, Query(description="只列有一侧在此单位及其以下的（代码或标识）", examples=["320600"])
]
Unit = Annotated[NamedDivision, Query(description="单位（代码或标识）", examples=["320600"])]
Holding = Annotated[bool, Query(description="只列当日有效的")]
Undone = Annotated[bool, Query(description="只列尚有议定事项未办结的")]
Days = Annotated[int, Query(ge=0, le=3660, description="列出此后多少天以内到期的")]
AHEAD = days_ahead()
AfterLine = Annotated[str | None, keyed(f"^[0-9]{{4,24}}\\.{UUID_WRITTEN}$"), After]
AfterDue = Annotated[
    str | None, keyed("^[0-9]{4}-[0-9]{2}-[0-9]{2}\\.[A-Z]{2}-[0-9]{4}-[0-9]{5,9}\\.[0-9]{3,5}$"), After
]


def _number(prefix: str) -> object:
    return Path(
        pattern=f"^{prefix}-[0-9]{{4}}-[0-9]{{5,9}}$", description="编号", examples=[f"{prefix}-2025-00001"]
    )


AgreementNumber = Annotated[str, _number("XY")]
MeetingNumber = Annotated[str, _number("LX")]
PlanNumber = Annotated[str, _number("YA")]
Ordinal = Annotated[int, Path(ge=1, le=100, description="第几项议定事项")]


def asked_in(
    session: Session, line: UUID | str | None, unit: UUID | str | None, on: OnDate, holding: bool
) -> PeaceAsked:
    """Which records a list is asked for.

    Raises:
        NotFound: no such unit that day.
    """
    within = division_named(session, unit, on=on).division_id if unit else None
    return PeaceAsked(line, within, holding)


async def _page_of_lines(request: Request, after: AfterLine = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


async def _page_of_due(request: Request, after: AfterDue = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


@router.get("/agreements", summary="列出平安边界协议", dependencies=[READS])
def list_peace_agreements(
    session: Reading,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    holding: Holding = False,
) -> ListingOnDate[PeaceAgreementOut]:
    """您辖区界线的平安边界协议书、睦邻友好公约，按编号逐页取得。"""
    asked = asked_in(session, line, unit, on, holding)
    found = agreements_page(session, asked, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    return ListingOnDate(on=on, items=agreements_told(session, shown, on=on), next=following)


@router.get("/agreements/{number}", summary="查一份平安边界协议", dependencies=[READS])
def read_peace_agreement(session: Reading, number: AgreementNumber, on: OnDate) -> PeaceAgreementOut:
    """一份协议：签订单位、期限、责任、文件、续签。"""
    [told] = agreements_told(session, [numbered(session, PeaceAgreement, number)], on=on)
    return told


@router.post("/agreements", summary="登记或续签平安边界协议", dependencies=[KEEPS])
def enter_peace_agreement(tx: Tx, sent: PeaceAgreementIn) -> KeptAgreementOut:
    """登记一份由界线双方签订的协议；续签的写明所续的编号，原协议随之终止。"""
    agreement, findings = commands.enter_agreement(tx, sent)
    [told] = agreements_told(tx.session, [agreement], on=tx.today)
    return KeptAgreementOut(agreement=told, findings=[each.as_json() for each in findings])


@router.post("/agreements/{number}/end", summary="终止一份平安边界协议", dependencies=[KEEPS])
def end_peace_agreement(tx: Tx, number: AgreementNumber, sent: PeaceEndIn) -> KeptAgreementOut:
    """写明理由，提前终止一份协议；误登记的，自生效之日起终止。协议保留。"""
    agreement, findings = commands.end_agreement(tx, number, sent)
    [told] = agreements_told(tx.session, [agreement], on=tx.today)
    return KeptAgreementOut(agreement=told, findings=[each.as_json() for each in findings])


@router.get("/due", summary="列出平安边界到期和逾期的事项", dependencies=[READS])
def list_peace_due(
    session: Reading,
    page: Annotated[Page, Needs(_page_of_due)],
    on: OnDate,
    unit: OfUnit = None,
    days: Days = AHEAD,
) -> ListingOnDate[PeaceDueOut]:
    """须续签的协议、未办结的议定事项、须复审的预案，最早到期的在前。"""
    within = division_named(session, unit, on=on).division_id if unit else None
    found = peace_due(session, on=on, days=days, within=within)
    later = [each for each in found if page.after is None or each.key > page.after]
    shown, following = page.cut(later[: page.one_more], lambda each: each.key)
    note_due(session, shown)
    return ListingOnDate(on=on, items=shown, next=following)


@router.get("/lines-without-agreement", summary="列出没有平安边界协议的界线", dependencies=[READS])
def list_lines_without_agreement(
    session: Reading, page: Annotated[Page, Needs(_page_of_lines)], on: OnDate, unit: Unit
) -> ListingOnDate[WithoutAgreementOut]:
    """有一侧在此单位及其以下、当日没有有效协议的界线，按代码逐页取得；附最近一份已失效的协议。"""
    after = None
    if page.after is not None:
        code, _, line = page.after.partition(".")
        after = (code, UUID(line))
    root = division_named(session, unit, on=on).division_id
    found = lines_without_agreement(session, root, on=on, after=after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.key)
    return ListingOnDate(on=on, items=shown, next=following)


@router.get("/meetings", summary="列出联席会议", dependencies=[READS])
def list_joint_meetings(
    session: Reading,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    undone: Undone = False,
) -> ListingOnDate[JointMeetingOut]:
    """您辖区界线截至当日的联席会议和议定事项，按编号逐页取得。"""
    asked = asked_in(session, line, unit, on, undone)
    found = meetings_page(session, asked, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    return ListingOnDate(on=on, items=meetings_told(session, shown, on=on), next=following)


@router.get("/meetings/{number}", summary="查一次联席会议", dependencies=[READS])
def read_joint_meeting(session: Reading, number: MeetingNumber, on: OnDate) -> JointMeetingOut:
    """一次会议：所涉界线、召集单位、议题、议定事项及其办理。"""
    [told] = meetings_told(session, [numbered(session, JointMeeting, number)], on=on)
    return told


@router.post("/meetings", summary="登记一次联席会议", dependencies=[KEEPS])
def enter_joint_meeting(tx: Tx, sent: JointMeetingIn) -> KeptMeetingOut:
    """登记已召开的联席会议；召集单位由双方按年轮流，每项议定事项有责任单位和期限。"""
    meeting, findings = commands.enter_meeting(tx, sent)
    [told] = meetings_told(tx.session, [meeting], on=tx.today)
    return KeptMeetingOut(meeting=told, findings=[each.as_json() for each in findings])


@router.post(
    "/meetings/{number}/resolutions/{ordinal}/completion", summary="办结一项议定事项", dependencies=[KEEPS]
)
def finish_resolution(
    tx: Tx, number: MeetingNumber, ordinal: Ordinal, sent: ResolutionDoneIn
) -> KeptMeetingOut:
    """登记一项议定事项的办结日期和结果。"""
    meeting, findings = commands.finish_resolution(tx, number, ordinal, sent)
    [told] = meetings_told(tx.session, [meeting], on=tx.today)
    return KeptMeetingOut(meeting=told, findings=[each.as_json() for each in findings])


@router.get("/plans", summary="列出突发事件应急预案", dependencies=[READS])
def list_contingency_plans(
    session: Reading,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    holding: Holding = False,
) -> ListingOnDate[ContingencyPlanOut]:
    """您辖区界线的应急预案各版，按编号逐页取得。"""
    asked = asked_in(session, line, unit, on, holding)
    found = plans_page(session, asked, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    return ListingOnDate(on=on, items=plans_told(session, shown, on=on), next=following)


@router.get("/plans/{number}", summary="查一版应急预案", dependencies=[READS])
def read_contingency_plan(session: Reading, number: PlanNumber, on: OnDate) -> ContingencyPlanOut:
    """一版预案：双方联系人、处置步骤、演练和复审。"""
    [told] = plans_told(session, [numbered(session, ContingencyPlan, number)], on=on)
    return told


@router.post("/plans", summary="登记一版应急预案", dependencies=[KEEPS])
def enter_contingency_plan(tx: Tx, sent: ContingencyPlanIn) -> KeptPlanOut:
    """登记一版预案，上一版自此版生效之日起终止；须有双方联系人和处置步骤，不得公开。"""
    plan, findings = commands.enter_plan(tx, sent)
    [told] = plans_told(tx.session, [plan], on=tx.today)
    return KeptPlanOut(plan=told, findings=[each.as_json() for each in findings])


@router.post("/plans/{number}/exercises", summary="登记应急演练或预案复审", dependencies=[KEEPS])
def record_plan_exercise(tx: Tx, number: PlanNumber, sent: ExerciseIn) -> KeptPlanOut:
    """登记一次演练或复审及其结果；复审后，下次复审的期限从此日起算。"""
    plan, findings = commands.record_exercise(tx, number, sent)
    [told] = plans_told(tx.session, [plan], on=tx.today)
    return KeptPlanOut(plan=told, findings=[each.as_json() for each in findings])
