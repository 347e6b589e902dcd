"""Edges on a day: the stretches of border that are stored once and from which all else follows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.web import (
    WRITTEN_BBOX,
    Feature,
    FeaturesOut,
    OnDate,
    OneFeatureOut,
    PageById,
    Reading,
    feature_collection,
    geojson_content,
    one_feature,
    read_bbox,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import (
    EdgeOnDate,
    Where,
    edge_on,
    edges_on,
    line_named,
    statement_on_edges,
)
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.boundaries.schemas import EdgeOut
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(prefix="/edges", tags=["界线边"], dependencies=[permitted(Act.read_registers)])


def _where(
    session: Reading,
    on: OnDate,
    bbox: Annotated[
        str | None,
        Query(
            description="与此范围相交：西,南,东,北（度，经度在前）",
            examples=["118.0,31.5,119.5,32.5"],
            json_schema_extra=WRITTEN_BBOX,
        ),
    ] = None,
    division: Annotated[
        NamedDivision | None,
        Query(description="围成此单位外边界的边（代码或 UUID）", examples=["320613"]),
    ] = None,
    line: Annotated[
        NamedLine | None,
        Query(description="组成此界线的边（代码或 UUID）", examples=["3234"]),
    ] = None,
) -> Where:
    around = None if division is None else division_named(session, division, on=on).division_id
    found = None if line is None else line_named(session, line, on=on)
    return Where(
        None if bbox is None else read_bbox(bbox),
        around,
        (found.first_id, found.second_id) if found else None,
    )


@router.get(
    "",
    summary="列出某日的界线边",
    response_class=Response,
    responses={**geojson_content("一页 GeoJSON 要素", FeaturesOut[EdgeOut]), **refusals(404, 409)},
)
def list_edges(
    request: Request,
    session: Reading,
    on: OnDate,
    where: Annotated[Where, Depends(_where)],
    page: PageById,
) -> Response:
    """某一天起着边界作用的边（GeoJSON），按标识排列，逐页取得；条件可以并用。

    每一段边界只存一次，左右两侧各是哪个最低级单位由当日的归属决定；合并之后落在单位内部的边当日不列出。
    """
    found = edges_on(session, where, on=on, after=page.after_id, limit=page.one_more)
    edges, following = page.cut(found, lambda edge: str(edge.id))
    note_readings(session, ((edge.classification, edge.source) for edge in edges))
    statement = statement_on_edges(session, (edge.id for edge in edges))
    features = map(_feature, edges)
    return feature_collection(request, features, on=on, statement=statement, next_page=following)


@router.get(
    "/{edge_id}",
    summary="取一条界线边",
    response_class=Response,
    responses={**geojson_content("一个 GeoJSON 要素", OneFeatureOut[EdgeOut]), **refusals(404)},
)
def read_edge(
    request: Request,
    session: Reading,
    edge_id: Annotated[UUID, Path(description="边的标识")],
    on: OnDate,
) -> Response:
    """一条边（GeoJSON 要素，LineString）和它在某一天两侧的单位；左右同为一个单位时，当日它不是边界。"""
    edge = edge_on(session, edge_id, on=on)
    note_reading(session, edge.classification, edge.source)
    return one_feature(request, _feature(edge), on=on, statement=statement_on_edges(session, [edge.id]))


def _feature(edge: EdgeOnDate) -> Feature:
    return Feature(edge.id, edge.geometry, EdgeOut.model_validate(edge))
