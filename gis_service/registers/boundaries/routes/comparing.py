"""What became of all units between two days."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from gis_service.foundation.access import Act
from gis_service.foundation.web import Day, Reading, ground_of, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import Changed, Comparison, compare
from gis_service.registers.boundaries.schemas import (
    ActOnDayOut,
    ChangedOut,
    ComparisonOut,
    StateOut,
    UnitThenOut,
)
from gis_service.registers.divisions.queries import Span, ids_ever_named
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.divisions.rules import DivisionLevel

router = APIRouter(prefix="/divisions", tags=["行政区划"], dependencies=[permitted(Act.read_registers)])


@router.get("/compare", summary="比较两日的行政区划", responses=refusals(404))
def compare_divisions(
    request: Request,
    session: Reading,
    from_: Annotated[Day, Query(alias="from", description="一个日期（YYYY-MM-DD）", examples=["1996-01-01"])],
    to: Annotated[Day | None, Query(description="另一个日期；不写则为北京时间今天")] = None,
    level: Annotated[DivisionLevel | None, Query(description="行政层级", examples=["county"])] = None,
    within: Annotated[
        NamedDivision | None,
        Query(description="只列任一日在此单位（代码或 UUID）之内的", examples=["320000"]),
    ] = None,
) -> ComparisonOut:
    """两日之间设立、撤销、建制变更、更名、改码、改隶、迁址和区域有变的单位，一次给全，各有文件依据。

    两个日期不分先后，一律由早到晚比较。由一个单位原样改建的新单位与原单位列为一项（建制变更）。
    """
    roots = ids_ever_named(session, within) if within is not None else []
    later = to or ground_of(request).this_day()
    return comparison_told(compare(session, from_, later, level=level, within=roots))


def comparison_told(found: Comparison) -> ComparisonOut:
    """A comparison as it is told."""
    return ComparisonOut(
        earlier=found.earlier,
        later=found.later,
        counts={
            level.value: {kind.value: count for kind, count in kinds.items()}
            for level, kinds in found.counts.items()
        },
        changes=[_changed(change) for change in found.changes],
    )


def _changed(change: Changed) -> ChangedOut:
    return ChangedOut(
        kinds=list(change.kinds),
        level=change.told.level,
        before=_state(change.before, change.area_before_km2),
        after=_state(change.after, change.area_after_km2),
        acts=[ActOnDayOut.model_validate(act) for act in change.acts],
    )


def _state(span: Span | None, area_km2: float | None) -> StateOut | None:
    if span is None:
        return None
    then = UnitThenOut.model_validate(span).model_dump()
    return StateOut(**then, seat=span.seat, superior=span.superior, area_km2=area_km2)
