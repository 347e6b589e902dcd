"""Reading what a user draws: a geometry in lon/lat, of bounded size, refused where it is not sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.noding import on_grid
from gis_service.registers.boundaries.rules.points import remark_on_point

KINDS = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MOST_VERTICES = 20_000
_LONGEST_STEP = 0.01  # degrees: on longer ones a straight line in lon/lat and the shortest one part visibly


def read_drawn(geojson: Mapping[str, Any]) -> BaseGeometry:
    """A geometry as GeoJSON, as `drawn` judges it.

    Raises:
        InvalidInput: no GeoJSON geometry, or one that `drawn` refuses.
    """
    return drawn(_parsed(geojson))


def read_exactly(geojson: Mapping[str, Any], kinds: tuple[str, ...]) -> BaseGeometry:
    """A GeoJSON geometry of one of these kinds with its own vertices, however many; heights are left out.

    Raises:
        InvalidInput: no GeoJSON geometry, of another kind, empty, or not in degrees.
    """
    geometry = _parsed(geojson)
    if geometry.geom_type not in kinds or geometry.is_empty:
        raise InvalidInput(f"图形的类型是 {geometry.geom_type}", way_out=f"请用 {'、'.join(kinds)}，不可为空")
    _require_degrees(geometry)
    return shapely.force_2d(geometry)


def _parsed(geojson: Mapping[str, Any]) -> BaseGeometry:
    if set(geojson) != {"type", "coordinates"}:
        raise InvalidInput(
            "图形须写 type 与 coordinates 两项，不写其他", way_out="请只送几何，不送要素或要素集"
        )
    try:
        return shapely.from_geojson(orjson.dumps(geojson))
    except (GEOSException, TypeError, orjson.JSONEncodeError) as error:
        raise InvalidInput(
            "图形不是合法的 GeoJSON 几何", way_out="请写 type 与 coordinates，坐标为 [经度,纬度]"
        ) from error


def drawn(geometry: BaseGeometry | None) -> BaseGeometry:
    """A geometry in lon/lat that questions can be asked about, on the storage grid, its steps short.

    Raises:
        InvalidInput: of another kind, empty, too large, invalid, or with coordinates that cannot be meant.
    """
    if geometry is None or geometry.geom_type not in KINDS:
        found = "空" if geometry is None else geometry.geom_type
        raise InvalidInput(f"图形的类型是 {found}", way_out=f"请用 {'、'.join(KINDS)}")
    if geometry.is_empty:
        raise InvalidInput("图形是空的", way_out="请绘制图形")
    if shapely.get_num_coordinates(geometry) > MOST_VERTICES:
        raise InvalidInput(f"图形的点数超过 {MOST_VERTICES}", way_out="请化简图形，或分几次查询")
    _require_degrees(geometry)
    if not geometry.is_valid:
        raise InvalidInput(
            f"图形无效：{shapely.is_valid_reason(geometry)}", way_out="请修正自相交或重叠的部分"
        )
    return _in_short_steps(geometry)


def _in_short_steps(geometry: BaseGeometry) -> BaseGeometry:
    whole = on_grid(shapely.segmentize(shapely.force_2d(geometry), _LONGEST_STEP))
    return whole if whole.is_valid else shapely.make_valid(whole)


def _require_degrees(geometry: BaseGeometry) -> None:
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        told = remark_on_point(west, south) if abs(west) <= 90 else None
        raise InvalidInput(
            f"图形的坐标不是经纬度{f'：{told}' if told else ''}", way_out="请用 CGCS2000 经纬度，先经度后纬度"
        )
    told = remark_on_point((west + east) / 2, (south + north) / 2)
    if told and "写反" in told:
        raise InvalidInput(f"图形的坐标：{told}", way_out="请按 [经度,纬度] 的顺序")
