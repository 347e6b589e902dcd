"""What falls due, what a year brought, and which stretches of lines weigh most."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gis_service.foundation.access import Act
from gis_service.foundation.web import Day, ListingOnDate, OnDate, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.disputes.queries import cases, counted, due, found_in, risk_told, told, weighing
from gis_service.procedures.disputes.routes.asking import OfPlace, Within, asked_of
from gis_service.procedures.disputes.schemas import DisputeDueOut, RiskOut, YearOut

router = APIRouter(
    prefix="/disputes",
    tags=["隐患纠纷"],
    dependencies=[permitted(Act.read_disputes)],
    responses=refusals(404, 409),
)

Year = Annotated[int, Query(ge=1949, le=2999, description="年份", examples=[2026])]
Top = Annotated[int | None, Query(ge=1, le=10_000, description="只列前几段；不写则全列")]
By = Annotated[Day | None, Query(description="到哪一天为止到期的；不写则为 `on`", examples=["2020-09-01"])]


@router.get("/report", summary="一年的隐患和纠纷")
def report_year(session: Reading, on: OnDate, year: Year, place: OfPlace) -> YearOut:
    """一年中发现的：按等级、种类、状态、起因、界线计数，及截至 `on` 办结、逾期、复发、延期的；撤回的不计。"""
    everything = told(session, cases(session, place, on=on), on=on)
    return counted(found_in(everything, year), year, on=on)


@router.get("/risk", summary="重点地段")
def rank_stretches(session: Reading, on: OnDate, place: OfPlace, top: Top = None) -> RiskOut:
    """界线分为约 5 公里一段，有界桩处在界桩分段；各段未办结案件的等级权数相加，大者在前。"""
    return risk_told(weighing(session, place, on=on), top=top)


@router.get("/due", summary="到期的事项")
def list_due(
    session: Reading, on: OnDate, by: By = None, within: Within = None
) -> ListingOnDate[DisputeDueOut]:
    """到此日为止到期而未办结的，最早到期的在前。"""
    root = asked_of(session, None, within, on=on).within
    return ListingOnDate(on=on, items=due(session, root, by=by or on, on=on), next=None)
