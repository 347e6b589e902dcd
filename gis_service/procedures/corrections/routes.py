"""Corrections over HTTP: suggesting, reading what became of it, taking back, deciding."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from gis_service.foundation.access import Act, Reach, may
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Acting, ListingOnDate, OnDate, PageByText, Reading, Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.corrections import commands
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.corrections.queries import (
    SuggestionsAsked,
    asked_by,
    require_known_to,
    suggestion_numbered,
    suggestions_page,
    told_of,
)
from gis_service.procedures.corrections.rules import Kind, SuggestionState
from gis_service.procedures.corrections.schemas import (
    DecisionIn,
    SuggestedOut,
    SuggestionDecidedOut,
    SuggestionIn,
    SuggestionOut,
    SuggestionWithdrawnIn,
)
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(
    prefix="/placenames/suggestions", tags=["地名更正建议"], route_class=JsonBody, responses=refusals(404)
)

Number = Annotated[
    str, Path(pattern=r"^JY-[0-9]{4}-[0-9]{5,9}$", description="编号", examples=["JY-2026-00001"])
]
OfUnit = Annotated[
    NamedDivision | None, Query(description="只列此单位及其以下的（代码或标识）", examples=["320600"])
]
OfKind = Annotated[Kind | None, Query(description="只列此种类的", examples=["name"])]
InState = Annotated[SuggestionState | None, Query(description="只列此状态的", examples=["open"])]
Receipt = Annotated[
    str | None, Header(alias="X-Receipt", max_length=100, description="回执码；未登录提出的凭此查询和撤回")
]


@router.get("", summary="列出更正建议", dependencies=[permitted(Act.read_suggestions)])
def list_suggestions(
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    unit: OfUnit = None,
    kind: OfKind = None,
    state: InState = None,
) -> ListingOnDate[SuggestionOut]:
    """您辖区内的更正建议，按编号逐页取得。"""
    within = division_named(session, unit, on=on).division_id if unit else None
    asked, reach = SuggestionsAsked(within, kind, state), actor.reach(Act.read_suggestions)
    found = suggestions_page(session, asked, reach=reach, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    told = told_of(session, shown, on=on, with_contact=may(actor, Act.decide_suggestions))
    note_readings(session, ((each.classification, each.number) for each in told))
    return ListingOnDate(on=on, items=told, next=following)


@router.get("/own", summary="列出自己提出的建议", dependencies=[permitted(Act.suggest_corrections)])
def list_own_suggestions(
    session: Reading, actor: Acting, page: PageByText, on: OnDate
) -> ListingOnDate[SuggestionOut]:
    """您以自己的账户提出的建议，及处理的结果和理由。"""
    if actor.account_id is None:  # somebody of the public has receipts, and no list
        return ListingOnDate(on=on, items=[], next=None)
    asked, everywhere = SuggestionsAsked(asked_by=actor.account_id), Reach(everywhere=True)
    found = suggestions_page(session, asked, reach=everywhere, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    told = told_of(session, shown, on=on, with_contact=True)
    note_readings(session, ((each.classification, each.number) for each in told))
    return ListingOnDate(on=on, items=told, next=following)


@router.get("/{number}", summary="查一件更正建议", dependencies=[permitted(Act.suggest_corrections)])
def read_suggestion(
    session: Reading, actor: Acting, number: Number, on: OnDate, receipt: Receipt = None
) -> SuggestionOut:
    """一件建议及其处理结果：辖区内的人员、提出人，或出示回执码的人可查。"""
    found = suggestion_numbered(session, number)
    require_known_to(session, found, actor, receipt, on=on)
    own = asked_by(found, actor, receipt)
    [told] = told_of(session, [found], on=on, with_contact=own or may(actor, Act.decide_suggestions))
    note_reading(session, told.classification, number)
    return told


@router.post(
    "",
    status_code=201,
    summary="提出更正建议",
    responses=refusals(409),
    dependencies=[permitted(Act.suggest_corrections)],
)
def suggest_correction(tx: Tx, sent: SuggestionIn) -> SuggestedOut:
    """地名有误、漏登或已不存在的，任何人可以提出；未登录的得到回执码，凭此查询结果。"""
    done = commands.suggest_correction(tx, sent)
    [told] = told_of(tx.session, [done.row], on=tx.today, with_contact=True)
    return SuggestedOut(suggestion=told, receipt=done.receipt)


@router.post(
    "/{number}/withdrawal",
    summary="撤回更正建议",
    responses=refusals(409),
    dependencies=[permitted(Act.suggest_corrections)],
)
def withdraw_suggestion(
    tx: Tx, number: Number, sent: SuggestionWithdrawnIn, receipt: Receipt = None
) -> SuggestionDecidedOut:
    """提出人在处理之前可以撤回。"""
    row = commands.withdraw_suggestion(tx, number, sent, receipt)
    return _told(tx, commands.Decided(row, row.feature_id, None))


@router.post(
    "/{number}/decision",
    summary="答复更正建议",
    responses=refusals(409),
    dependencies=[permitted(Act.decide_suggestions)],
)
def decide_suggestion(tx: Tx, number: Number, sent: DecisionIn) -> SuggestionDecidedOut:
    """采纳、调整后采纳或不采纳，写明理由；采纳的依所列文件同时写入登记簿。"""
    return _told(tx, commands.decide_suggestion(tx, number, sent))


def _told(tx: Transaction, done: commands.Decided) -> SuggestionDecidedOut:
    row: NameSuggestion = done.row
    [told] = told_of(tx.session, [row], on=tx.today, with_contact=True)
    note_reading(tx.session, told.classification, row.number)
    findings = [finding.as_json() for finding in done.findings]
    return SuggestionDecidedOut(
        suggestion=told, feature_id=done.feature_id, revision=done.revision, findings=findings
    )
