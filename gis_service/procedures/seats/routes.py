"""Seats over HTTP: what is known, what is wrong, and what was seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import Acting, ListingOnDate, OnDate, PageByText, Reading, Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.seats import commands
from gis_service.procedures.seats.queries import problems_on, seat_of, seats_on
from gis_service.procedures.seats.rules import SeatProblem
from gis_service.procedures.seats.schemas import SeatIn, SeatOut, SeatProblemsOut
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.divisions.rules import DivisionLevel

router = APIRouter(prefix="/seats", tags=["驻地"], route_class=JsonBody, responses=refusals(404))

Within = Annotated[
    NamedDivision | None, Query(description="只列此单位及其以下的（代码或标识）", examples=["320600"])
]
Level = Annotated[DivisionLevel | None, Query(description="只列此级别的单位", examples=["county"])]
Kind = Annotated[SeatProblem | None, Query(description="只列此类问题")]


@router.get("", summary="列出驻地", dependencies=[permitted(Act.read_seats)])
def list_seats(
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    within: Within = None,
    level: Level = None,
) -> ListingOnDate[SeatOut]:
    """您辖区内各单位的批准驻地和最近看到的实际办公地，按代码逐页取得。

    没有单独登记批准驻地的，取行政区划登记簿所载。
    """
    unit = division_named(session, within, on=on).division_id if within else None
    reach = actor.reach(Act.read_seats)
    found = seats_on(
        session, on=on, reach=reach, within=unit, level=level, after=page.after, limit=page.one_more
    )
    shown, following = page.cut(found, lambda seat: seat.version.code)
    note_readings(session, ((seat.version.classification, seat.version.code) for seat in shown))
    return ListingOnDate(on=on, items=[SeatOut.of(seat.facts) for seat in shown], next=following)


@router.get("/problems", summary="列出驻地迁移遗留问题", dependencies=[permitted(Act.read_seats)])
def list_problems(
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    within: Within = None,
    level: Level = None,
    problem: Kind = None,
) -> ListingOnDate[SeatProblemsOut]:
    """您辖区内驻地有问题的单位：不在本辖区、与批准驻地不在同一下级单位、未登记办公地、无从核对（R-SEAT-01）。"""
    unit = division_named(session, within, on=on).division_id if within else None
    reach = actor.reach(Act.read_seats)
    found = problems_on(session, on=on, reach=reach, within=unit, level=level, kind=problem)
    later = [each for each in found if page.after is None or each.seat.version.code > page.after]
    shown, following = page.cut(later[: page.one_more], lambda each: each.seat.version.code)
    note_readings(session, ((each.seat.version.classification, each.seat.version.code) for each in shown))
    items = [SeatProblemsOut.with_findings(each.seat.facts, each.findings) for each in shown]
    return ListingOnDate(on=on, items=items, next=following)


@router.post(
    "/observations",
    summary="登记驻地或实际办公地",
    status_code=201,
    dependencies=[permitted(Act.observe_seat)],
)
def observe_seat(tx: Tx, seen: SeatIn) -> SeatOut:
    """登记一个单位的批准驻地，或某日看到的实际办公地。以前的记录一律保留，以最近的为准。"""
    commands.observe_seat(tx, seen)
    seat = seat_of(tx.session, seen.unit, on=seen.known_on)
    note_readings(tx.session, [(seat.version.classification, seat.version.code)])
    return SeatOut.of(seat.facts)
