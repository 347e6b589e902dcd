"""The calendar of cases: what is due and overdue, for people, programs and people's own calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor
from gis_service.foundation.agenda import CalendarEntry, Span, Wanted, calendar_on
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import Acting, Day, Listing, OnDate, PageByText, Reading, refusals
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.changes.schemas import CalendarEntryOut
from gis_service.procedures.changes.schemas.icalendars import as_icalendar
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(
    prefix="/changes/calendar",
    tags=["变更程序"],
    responses=refusals(404),
    dependencies=[permitted(Act.read_cases)],
)

Within = Annotated[
    NamedDivision | None, Query(description="只列涉及此单位及其以下的案卷（代码或标识）", examples=["320600"])
]


async def _span(
    since: Annotated[Day | None, Query(alias="from", description="期限不早于此日")] = None,
    until: Annotated[Day | None, Query(description="期限不晚于此日")] = None,
    overdue: Annotated[bool, Query(description="只列已逾期的")] = False,
) -> Span:
    return Span(since, until, overdue)


Asked = Annotated[Span, Depends(_span)]


@router.get("", summary="办理日历")
def read_calendar(
    request: Request,
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    span: Asked,
    within: Within = None,
) -> Listing[CalendarEntryOut]:
    """到期、逾期和待办的事项：完成变更（12+6 个月）、代码（1 个月）、公告、勘界、归档、部门答复、效果评估等，
    以及各条界线变更后的定界和修测（案号为 KJ-、XC-）。

    每项写明依据、期限或“法律没有规定日数”、还剩几天（负数为逾期天数）。限定日期时不列没有期限的事项。
    """
    entries = _entries(request, session, actor, within, on, span)
    later = [entry for entry in entries if page.after is None or entry.key > page.after]
    shown, following = page.cut(later[: page.one_more], lambda entry: entry.key)
    _note(session, shown)
    return Listing(items=[CalendarEntryOut.of(entry) for entry in shown], next=following)


@router.get(
    ".ics",
    summary="办理日历（iCalendar）",
    response_class=Response,
    responses={200: {"description": "iCalendar（RFC 5545）", "content": {"text/calendar": {}}}},
)
def read_icalendar(
    request: Request, session: Reading, actor: Acting, on: OnDate, span: Asked, within: Within = None
) -> Response:
    """同“办理日历”，供日历软件订阅；只含有期限的事项，各为一个全天事件，提前七天提醒。"""
    entries = [entry for entry in _entries(request, session, actor, within, on, span) if entry.pending.due_on]
    _note(session, entries)
    written = as_icalendar(entries, host=request.url.hostname or "localhost", on=on)
    return Response(written, media_type="text/calendar; charset=utf-8")


def _entries(
    request: Request, session: Session, actor: Actor, within: UUID | str | None, on: date, span: Span
) -> list[CalendarEntry]:
    unit = division_named(session, within, on=on).division_id if within else None
    pending = ground_of(request).due(session, actor, Wanted(on, within=unit))
    return calendar_on(pending, on=on, span=span)


def _note(session: Session, entries: Iterable[CalendarEntry]) -> None:
    note_readings(session, {(entry.pending.kept, entry.pending.case) for entry in entries})
