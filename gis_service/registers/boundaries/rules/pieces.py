"""What may be cut, and what may be left over: judged in metres, said in Chinese. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.measure import area_km2
from gis_service.foundation.noding import on_grid
from gis_service.foundation.plane import Plane
from gis_service.foundation.topology import Geometries
from gis_service.registers.boundaries.rules.cutting import cutting_tolerance

Key = TypeVar("Key")
_LON, _LAT = (-180.0, 180.0), (-90.0, 90.0)


def require_part(part: BaseGeometry) -> BaseGeometry:
    """An area fit to be cut off, on the grid.

    Raises:
        InvalidInput: no area, an empty or an invalid one, or one not in lon/lat.
    """
    _require(part, ("Polygon", "MultiPolygon"), "划出范围", "面（Polygon 或 MultiPolygon）")
    if not part.is_valid:
        raise InvalidInput(
            f"划出范围的图形无效：{shapely.is_valid_reason(part)}", way_out="请修正自相交或重叠的部分后重试"
        )
    placed = on_grid(part)
    return placed if placed.is_valid else shapely.make_valid(placed)


def require_line(line: BaseGeometry) -> BaseGeometry:
    """A line fit to divide, on the grid.

    Raises:
        InvalidInput: no line, an empty or a self-crossing one, or one not in lon/lat.
    """
    _require(line, ("LineString", "MultiLineString"), "分割线", "线（LineString 或 MultiLineString）")
    if not line.is_simple or not line.is_valid:
        raise InvalidInput("分割线自相交", way_out="请重新绘制：一条线不得与自身相交，多条线不得互相交叉")
    return on_grid(line)


def _require(geometry: BaseGeometry, kinds: tuple[str, ...], what: str, wanted: str) -> None:
    if geometry.geom_type not in kinds:
        raise InvalidInput(f"{what}须为{wanted}，来件是 {geometry.geom_type}", way_out="请更换图形")
    if geometry.is_empty:
        raise InvalidInput(f"{what}是空的", way_out="请绘制图形")
    west, south, east, north = geometry.bounds
    if not (_LON[0] <= west <= east <= _LON[1] and _LAT[0] <= south <= north <= _LAT[1]):
        raise InvalidInput(
            f"{what}的坐标不是经纬度", way_out="请用 CGCS2000 经纬度（EPSG:4490），先经度后纬度"
        )


def require_inside(areas: Geometries, part: BaseGeometry, plane: Plane, name: str) -> None:
    """See that a part reaches beyond the giver nowhere farther than the tolerance.

    Raises:
        InvalidInput: it does; says how much and where.
    """
    whole = shapely.coverage_union_all(plane.metres(areas))
    beyond = shapely.difference(plane.metres(part), whole.buffer(cutting_tolerance().snap_m))
    if beyond.is_empty or beyond.area == 0:
        return
    outside = plane.degrees(beyond)
    largest = max(shapely.get_parts(outside), key=lambda piece: piece.area)
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(largest))[0]
    raise InvalidInput(
        f"划出范围有 {area_km2(outside):.4f} 平方千米在{name}之外，最大一处在 {lon:.6f}, {lat:.6f} 附近",
        way_out="请把划出范围裁到该单位的界线以内（与界线相差在容差内的不计）",
    )


def narrow_pieces(pieces: Sequence[BaseGeometry], plane: Plane, width_m: float | None = None) -> list[Any]:
    """Those pieces that are nowhere as wide as the least width."""
    width = cutting_tolerance().sliver_m if width_m is None else width_m
    return [piece for piece in pieces if plane.metres(piece).buffer(-width / 2).is_empty]


def joined_slivers(pieces: Sequence[Polygon], plane: Plane, width_m: float) -> list[Polygon]:
    """Pieces of one area; those narrower than the tolerance joined to the one they share most border with."""
    kept = list(pieces)
    for sliver in narrow_pieces(pieces, plane, width_m):
        others = [piece for piece in kept if piece is not sliver]
        shared = [shapely.length(shapely.intersection(piece.boundary, sliver.boundary)) for piece in others]
        if not others or max(shared) == 0:
            continue
        host = others[int(np.argmax(shared))]
        whole = shapely.coverage_union(host, sliver)
        if whole.geom_type == "Polygon":
            joined = shapely.orient_polygons(whole)
            assert isinstance(joined, Polygon)
            kept = [*(piece for piece in others if piece is not host), joined]
    return kept


def side_by_side(
    faces: Mapping[Key, BaseGeometry], plane: Plane, apart: BaseGeometry | None = None
) -> list[frozenset[Key]]:
    """Faces in groups that hang together, the largest group first.

    By borders of positive length; borders along the line `apart` (lon/lat) part them.
    """
    band = Polygon() if apart is None else plane.metres(apart).buffer(2 * cutting_tolerance().snap_m)
    keys, shapes = list(faces), np.asarray(plane.metres(list(faces.values())), dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="touches")
    group = list(range(len(keys)))
    for low, high in zip(one.tolist(), other.tolist(), strict=True):
        if (
            low < high
            and shapely.difference(shapely.intersection(shapes[low], shapes[high]), band).length > 0
        ):
            gone, stays = group[high], group[low]
            group = [stays if member == gone else member for member in group]
    found: dict[int, set[int]] = {}
    for index, member in enumerate(group):
        found.setdefault(member, set()).add(index)
    by_size = sorted(found.values(), key=lambda members: -sum(shapes[index].area for index in members))
    return [frozenset(keys[index] for index in members) for members in by_size]
