"""Resurveys of lines over HTTP: opening them, reading them, telling what they came to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Acting, ListingOnDate, OnDate, PageByText, Reading, Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.resurveys import commands
from gis_service.procedures.resurveys.queries import (
    ResurveysAsked,
    require_in_reach,
    resurvey_numbered,
    resurveys_page,
    told_of,
)
from gis_service.procedures.resurveys.rules import ResurveyState
from gis_service.procedures.resurveys.schemas import (
    ResurveyedIn,
    ResurveyIn,
    ResurveyMovedOut,
    ResurveyOut,
    ResurveyWithdrawnIn,
)
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(prefix="/resurveys", tags=["界线修测"], route_class=JsonBody, responses=refusals(404))

Number = Annotated[
    str, Path(pattern=r"^XC-[0-9]{4}-[0-9]{5,9}$", description="编号", examples=["XC-2021-00001"])
]
OfLine = Annotated[NamedLine | None, Query(description="只列此界线的（代码或标识）", examples=["3234"])]
OfUnit = Annotated[
    NamedDivision | None, Query(description="只列有一侧在此单位及其以下的（代码或标识）", examples=["320600"])
]
InState = Annotated[ResurveyState | None, Query(description="只列此状态的", examples=["open"])]


@router.get("", summary="列出修测任务", dependencies=[permitted(Act.read_settlements)])
def list_resurveys(
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    state: InState = None,
) -> ListingOnDate[ResurveyOut]:
    """您辖区内因河流改道、道路改线、指示物变化或灾害而须修测的界线，按编号逐页取得。"""
    within = division_named(session, unit, on=on).division_id if unit else None
    asked, reach = ResurveysAsked(line, within, state), actor.reach(Act.read_settlements)
    found = resurveys_page(session, asked, reach=reach, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    told = told_of(session, shown, on=on)
    note_readings(session, ((each.classification, each.number) for each in told))
    return ListingOnDate(on=on, items=told, next=following)


@router.get("/{number}", summary="查一件修测任务", dependencies=[permitted(Act.read_settlements)])
def read_resurvey(session: Reading, actor: Acting, number: Number, on: OnDate) -> ResurveyOut:
    """一段界线的修测：缘由、依据、期限、成果和备案。"""
    found = resurvey_numbered(session, number)
    require_in_reach(session, found, actor.reach(Act.read_settlements), on=on)
    [told] = told_of(session, [found], on=on)
    note_reading(session, told.classification, number)
    return told


@router.post(
    "",
    status_code=201,
    summary="开立修测任务",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def open_resurvey(tx: Tx, sent: ResurveyIn) -> ResurveyMovedOut:
    """界线所沿的河流、道路改移，或指示物变化的，开立修测；登记的界线不随之移动（界线条例第七条）。"""
    return _moved(tx, commands.open_resurvey(tx, sent).number, [])


@router.post(
    "/{number}/completion",
    summary="办结修测任务",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def finish_resurvey(tx: Tx, number: Number, sent: ResurveyedIn) -> ResurveyMovedOut:
    """登记修测的成果和结论；指示物变化的须已备案（界线条例第八条）。"""
    return _moved(tx, number, commands.finish_resurvey(tx, number, sent))


@router.post(
    "/{number}/withdrawal",
    summary="撤回修测任务",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def withdraw_resurvey(tx: Tx, number: Number, sent: ResurveyWithdrawnIn) -> ResurveyMovedOut:
    """经核对无须修测的，写明理由。"""
    return _moved(tx, number, commands.withdraw_resurvey(tx, number, sent))


def _moved(tx: Transaction, number: str, findings: list[Finding]) -> ResurveyMovedOut:
    [told] = told_of(tx.session, [resurvey_numbered(tx.session, number)], on=tx.today)
    note_reading(tx.session, told.classification, number)
    return ResurveyMovedOut(resurvey=told, findings=[finding.as_json() for finding in findings])
