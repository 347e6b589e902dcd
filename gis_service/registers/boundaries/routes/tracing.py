"""What became of a unit from one day to another, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import Day, Reading, ground_of, refusals
from gis_service.foundation.web.announcing import announce_day
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import Heir, Revision, Trace, trace
from gis_service.registers.boundaries.schemas import (
    HeirOut,
    RevisionOut,
    SpellOut,
    StepOut,
    TraceOut,
    UnitThenOut,
)
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import last_held, standing_or_retired, versions_meant
from gis_service.registers.divisions.routes import DivisionReference

router = APIRouter(prefix="/divisions", tags=["行政区划"], dependencies=[permitted(Act.read_registers)])

From = Annotated[
    Day | None,
    Query(
        description="起点日（YYYY-MM-DD）。不写则为此代码（或标识）最后有效的一日，至今有效的为北京时间今天",
        examples=["1996-01-01"],
    ),
]
To = Annotated[
    Day | None,
    Query(description="终点日；早于起点日时追溯来源。不写则为北京时间今天", examples=["2020-01-01"]),
]


@router.get("/{reference}/trace", summary="查一个单位到另一日成了哪些单位", responses=refusals(404))
def trace_division(
    request: Request, session: Reading, reference: DivisionReference, on: From = None, to: To = None
) -> TraceOut:
    """从起点日的单位出发，沿历次变更到终点日（或倒溯到更早的一日），列出其范围所在的每个单位。

    每项有面积比例、确定程度和沿途文件；已停用的代码同样可查。比例无从得知时为空，不作推测：两日均有范围的
    按面积计算，否则按登记的比例，只有一个去向的为 1。
    """
    today = ground_of(request).this_day()
    told = trace_told(session, reference, on=on, to=to or today, today=today)
    announce_day(request, told.on)
    return told


def trace_told(
    session: Session, reference: UUID | str, *, on: date | None, to: date, today: date
) -> TraceOut:
    """The trace of what a reference means on a day, or meant last; with all that it ever meant.

    Raises:
        NotFound: it never meant anything, or nothing until that day; says when it did.
    """
    if on is None:
        meant, start = last_held(session, reference, today=today)
    else:
        meant, start = standing_or_retired(session, reference, on=on)
    found = trace(session, meant.division_id, on=start, to=to)
    return _told(found, versions_meant(session, reference), session, asked_on=on)


def _told(
    found: Trace, holders: Sequence[DivisionVersion], session: Session, *, asked_on: date | None
) -> TraceOut:
    note_readings(session, ((held.classification, held.code) for held in holders))
    return TraceOut(
        source=UnitThenOut.model_validate(found.source),
        on=found.on,
        asked_on=asked_on,
        to=found.to,
        units=[_heir(heir) for heir in found.units],
        shares_sum=found.shares_sum,
        doubtful=[StepOut.model_validate(step) for step in found.doubtful],
        revisions=[_revision(revision) for revision in found.revisions],
        holders=[_holder(held) for held in holders],
    )


def _heir(heir: Heir) -> HeirOut:
    return HeirOut(
        **UnitThenOut.model_validate(heir.unit).model_dump(),
        share_of_source=heir.share_of_source,
        share_of_target=heir.share_of_target,
        certainty=heir.certainty,
        acts=[StepOut.model_validate(step) for step in heir.acts],
    )


def _revision(revision: Revision) -> RevisionOut:
    return RevisionOut(
        on=revision.on,
        before=UnitThenOut.model_validate(revision.before),
        after=UnitThenOut.model_validate(revision.after),
        instrument=revision.after.begun_by.number,
        title=revision.after.begun_by.title,
    )


def _holder(held: DivisionVersion) -> SpellOut:
    return SpellOut(
        id=held.division_id,
        code=held.code,
        name=held.name,
        level=held.level,
        type=held.type,
        begins=held.valid.start,
        ends=held.valid.end,
    )
