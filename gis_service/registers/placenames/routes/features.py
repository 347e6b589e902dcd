"""Features with their names on a day: the list, one of them, its history, what is called after it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import (
    FeaturesOut,
    ListingOnDate,
    OnDate,
    PageById,
    Reading,
    Shape,
    WantedShape,
    feature_collection,
    geojson_content,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.placenames.queries import (
    Validity,
    Wanted,
    derived_from,
    feature_on,
    history_of,
    records_on,
)
from gis_service.registers.placenames.routes.showing import (
    detail_out,
    feature_of,
    history_out,
    record_out,
    told,
)
from gis_service.registers.placenames.schemas import (
    DerivedNamesOut,
    DerivedOut,
    PlaceNameDetailOut,
    PlaceNameHistoryOut,
    PlaceNameOut,
)

router = APIRouter(prefix="/placenames", tags=["地名"], dependencies=[permitted(Act.read_registers)])

SYNTHETIC = "含有合成示例，并非真实地名"
FeatureId = Annotated[UUID, Path(description="地理实体的标识，见 /placenames")]


@router.get(
    "",
    summary="列出某日的地名",
    response_model=ListingOnDate[PlaceNameOut],
    responses={
        **geojson_content("一页地名；GeoJSON 时带图形", FeaturesOut[PlaceNameOut]),
        **refusals(404, 409),
    },
)
def list_place_names(
    request: Request,
    session: Reading,
    on: OnDate,
    page: PageById,
    shape: WantedShape,
    within: Annotated[
        NamedDivision | None,
        Query(description="只列此单位及其下属的（代码或 UUID），按所问之日", examples=["320102"]),
    ] = None,
    class_: Annotated[
        str | None,
        Query(alias="class", pattern="^[0-9]{1,5}$", description="地名类别代码或其前缀", examples=["222"]),
    ] = None,
    validity: Annotated[
        Validity, Query(description="现今：当日在册的；历史：当日之前已注销的；全部：两者都列")
    ] = Validity.standing,
) -> Any:
    """某一天的地名，每个地理实体一条扁平的记录，按标识排列，逐页取得；条件可以并用。

    已注销的按注销前一日的情况列出。改动时须写明所见的 `revision`。
    """
    unit = None if within is None else division_named(session, within, on=on).division_id
    wanted = Wanted(unit, class_, validity, page.after_id, page.one_more)
    cut, following = page.cut(records_on(session, wanted, on=on), lambda each: str(each.id))
    if shape is Shape.json:
        return ListingOnDate(on=on, items=[record_out(each) for each in cut], next=following)
    statement = SYNTHETIC if any(each.synthetic for each in cut) else None
    features = (feature_of(each) for each in cut)
    return feature_collection(request, features, on=on, statement=statement, next_page=following)


@router.get("/{feature_id}", summary="取某日的一个地名", responses=refusals(404))
def read_place_name(session: Reading, feature_id: FeatureId, on: OnDate) -> PlaceNameDetailOut:
    """一个地理实体在某一天的登记内容、全部名称及其标识、从属和派生关系；已注销的按注销前一日的情况答复。"""
    record = feature_on(session, feature_id, on=on)
    history = history_of(session, feature_id)
    note_reading(session, history.kept, record.code or feature_id)
    return detail_out(record, history, on=on)


@router.get("/{feature_id}/history", summary="查一个地名的沿革", responses=refusals(404))
def read_place_name_history(session: Reading, feature_id: FeatureId) -> PlaceNameHistoryOut:
    """历来的名称、类别、所在单位、图形、事项和关系，各有起止日和文件依据。与日期无关。"""
    history = history_of(session, feature_id)
    note_reading(session, history.kept, history.feature.code or feature_id)
    return history_out(history)


@router.get("/{feature_id}/derived", summary="查派生地名", responses=refusals(404))
def read_derived_names(session: Reading, feature_id: FeatureId, on: OnDate) -> DerivedNamesOut:
    """由一个地名派生的地名（车站、学校、道路等），以及再由它们派生的：该地名更名会影响到的清单。"""
    feature_on(session, feature_id, on=on)
    found = derived_from(session, feature_id, on=on)
    items = [DerivedOut(**told(record), steps=steps) for steps, record in found]
    return DerivedNamesOut(on=on, id=feature_id, items=items)
