"""Cases over HTTP: the list, as JSON or on the map, and one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.web import (
    Day,
    Feature,
    FeaturesOut,
    ListingOnDate,
    OnDate,
    PageByText,
    Reading,
    Shape,
    WantedShape,
    feature_collection,
    geojson_content,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.disputes.queries import as_geojson_text, case_numbered, cases, shapes_of, told
from gis_service.procedures.disputes.routes.asking import (
    InState,
    Number,
    OfKind,
    OfLevel,
    OfPlace,
    state_named,
)
from gis_service.procedures.disputes.schemas import DisputeOut

router = APIRouter(
    prefix="/disputes",
    tags=["隐患纠纷"],
    dependencies=[permitted(Act.read_disputes)],
    responses=refusals(404, 409),
)


@router.get(
    "",
    summary="列出隐患和纠纷",
    response_model=ListingOnDate[DisputeOut],
    responses=geojson_content("一页隐患和纠纷；GeoJSON 时带区间或点位", FeaturesOut[DisputeOut]),
)
def list_disputes(
    request: Request,
    session: Reading,
    page: PageByText,
    on: OnDate,
    shape: WantedShape,
    place: OfPlace,
    state: InState = None,
    level: OfLevel = None,
    kind: OfKind = None,
    due_by: Annotated[
        Day | None, Query(description="只列到此日为止到期而未办结的", examples=["2020-09-01"])
    ] = None,
    only_open: Annotated[bool, Query(alias="open", description="只列未办结的")] = False,
) -> Any:
    """您辖区内界线上的隐患和纠纷，按案号逐页取得；条件可以并用。是否逾期以 `on` 这一天为准。"""
    asked = replace(
        place, state=state_named(state), level=level, kind=kind, only_open=only_open, due_by=due_by
    )
    found = cases(session, asked, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    answer = told(session, shown, on=on)
    if shape is Shape.json:
        return ListingOnDate(on=on, items=answer, next=following)
    features = _features(session, answer, on=on)
    return feature_collection(request, features, on=on, statement=None, next_page=following)


def _features(session: Session, answer: Sequence[DisputeOut], *, on: date) -> list[Feature]:
    shapes = shapes_of(session, answer, on=on)
    return [
        Feature(case.number, as_geojson_text(shapes[case.number]) if case.number in shapes else None, case)
        for case in answer
    ]


@router.get("/{number}", summary="查一件隐患或纠纷")
def read_dispute(session: Reading, number: Number, on: OnDate) -> DisputeOut:
    """一案的全部情况和经过；调整前后的内容都在经过中。"""
    [case] = told(session, [case_numbered(session, number, on=on)], on=on)
    return case
