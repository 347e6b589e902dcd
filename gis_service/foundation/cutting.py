"""Where a drawn line cuts an area: its course inside, with its ends on the area's own border.

What runs along the border within a tolerance means the border and is no cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.plane import Plane
from gis_service.foundation.topology import Geometries


@dataclass
class Cuts:
    """Lines inside an area, lon/lat on the storage grid, and how far their ends were moved at most."""

    lines: list[LineString] = field(default_factory=list)
    moved_m: float = 0.0


@dataclass
class _Border:
    """The border of all areas in metres, with the vertices a cut may end at."""

    plane: Plane
    line: BaseGeometry
    vertices: Geometries
    tree: shapely.STRtree
    snap_m: float
    new: list[Point] = field(default_factory=list)

    def end_at(self, point: Point) -> Point:
        """The vertex near a point on the border, one chosen before, or else the very point of the border."""
        for known in self.new:
            if known.distance(point) <= self.snap_m:
                return known
        nearest: Point = self.vertices[int(self.tree.nearest(point))]
        if nearest.distance(point) <= self.snap_m:
            return Point(nearest)
        chosen = self.line.interpolate(self.line.project(point))
        snapped = Point(np.round(shapely.get_coordinates(self.plane.degrees(chosen))[0], GEOJSON_DECIMALS))
        self.new.append(self.plane.metres(snapped))
        return self.new[-1]


def cuts_inside(
    areas: Geometries, drawn: BaseGeometry, plane: Plane, *, snap_m: float, along_m: float
) -> Cuts:
    """The stretches of a drawn line (lon/lat) that cut areas, each from border to border if it gets there."""
    shapes = plane.metres(areas)
    border = _border(shapes, plane, snap_m)
    cuts = Cuts()
    course = plane.metres(drawn)
    for area in shapes:
        if not area.intersects(course):
            continue
        band = area.boundary.buffer(snap_m)
        for inside in _lines_of(shapely.difference(shapely.intersection(course, area), area.boundary)):
            for stretch in _not_along(inside, band, along_m):
                _add(cuts, border, stretch)
    return cuts


def _border(shapes: Geometries, plane: Plane, snap_m: float) -> _Border:
    vertices = np.asarray(shapely.points(shapely.get_coordinates(shapes)), dtype=object)
    line = shapely.multilinestrings(shapely.get_rings(shapes).tolist())
    return _Border(plane, line, vertices, shapely.STRtree(vertices), snap_m)


def _lines_of(geometry: BaseGeometry) -> list[LineString]:
    lines = [part for part in shapely.get_parts(geometry) if part.geom_type in ("LineString", "LinearRing")]
    if not lines:
        return []
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _not_along(line: LineString, band: BaseGeometry, along_m: float) -> list[LineString]:
    """A line without its stretches that run along the border for longer than it takes to cross the band."""
    if band.covers(line):
        return []
    along = [near for near in _lines_of(shapely.intersection(line, band)) if near.length > along_m]
    return [line] if not along else _lines_of(shapely.difference(line, shapely.union_all(along)))


def _add(cuts: Cuts, border: _Border, line: LineString) -> None:
    xy = [tuple(vertex) for vertex in shapely.get_coordinates(line)]
    if not line.is_closed or border.line.distance(Point(xy[0])) < 1e-6:
        head, tail = _ended(cuts, border, Point(xy[0])), _ended(cuts, border, Point(xy[-1]))
        xy = [*head, *xy[1:-1], *reversed(tail)]
    course = np.round(shapely.get_coordinates(border.plane.degrees(LineString(xy))), GEOJSON_DECIMALS)
    kept = np.append(True, (np.diff(course, axis=0) != 0).any(axis=1))
    if kept.sum() > 1:
        cuts.lines.append(LineString(course[kept]))


def _ended(cuts: Cuts, border: _Border, end: Point) -> list[Any]:
    """The end of a cut, moved to the border's vertex or joined to it; left alone where no border is near."""
    away = border.line.distance(end)
    if away > border.snap_m * 1.01:
        return [end.coords[0]]
    target = border.end_at(end)
    cuts.moved_m = max(cuts.moved_m, float(target.distance(end)))
    joined = [target.coords[0]]
    return joined if away < border.snap_m * 0.5 else [*joined, end.coords[0]]
