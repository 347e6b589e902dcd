"""Where the ground is claimed by nobody or by several, found from unmatched border segments.

A segment of a border is matched when exactly two claimants run along it, in opposite directions. The
unmatched ones are polygonised; each face is then a gap (claimed by nobody), an overlap (by several) or
neither, so that every fault comes with its area, its place and its claimants.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import Point, Polygon
from shapely.strtree import STRtree

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.measure import SQUARE_METRES_PER_KM2, area_km2, length_km
from gis_service.procedures.intake.rules.thresholds import limit

Geometries = npt.NDArray[np.object_]

_TURNS = 12  # points tried beside one that lies on a border; the first nearly always serves
_GOLDEN_ANGLE = 2.399963229728653  # radians: no two tries lie on one line through the point


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of ground claimed by nobody or by several: `claimants` index the claims.

    For a gap they are the units around it.
    """

    piece: Polygon
    claimants: tuple[int, ...]
    is_gap: bool
    area_m2: float
    width_m: float

    @property
    def is_sliver(self) -> bool:
        """Too narrow or too small to be land of its own."""
        return self.width_m < limit("coverage", "sliver_width_m")

    @property
    def is_mendable(self) -> bool:
        """Whether it may be mended without choosing whose land it is."""
        if self.is_gap:
            return self.is_sliver or self.area_m2 < limit("coverage", "sliver_area_m2")
        if self.width_m < limit("coverage", "hairline_m"):
            return True
        return self.is_sliver and self.area_m2 <= limit("coverage", "mendable_overlap_m2")


def faults_of(claims: Geometries) -> list[Fault]:
    """Every gap enclosed by the claims and every overlap between them, the noise of the grid left out."""
    lines = unmatched_segments(claims)
    if not len(lines):
        return []
    tree = STRtree(claims)
    faces = _faces(lines)
    found = []
    for face, owners in zip(faces, _owners(faces, tree), strict=True):
        if not owners:
            found.append(_gap(face, tree))
        elif len(owners) > 1:
            found += _overlaps(face, claims, tree)
    noise = limit("coverage", "noise_area_m2")
    return [fault for fault in found if fault.area_m2 >= noise]


def _faces(lines: Geometries) -> Geometries:
    faces: Geometries = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    return faces


def _owners(faces: Geometries, tree: STRtree) -> list[tuple[int, ...]]:
    """Per face the claimants of a point inside it; the number of them is the same all over the face.

    A point may fall on a border between neighbours inside the face, where it belongs to none or to several:
    then another one is taken beside it.
    """
    points = shapely.point_on_surface(faces)
    owners = _grouped(tree.query(points, predicate="within"), len(faces))
    touched = _grouped(tree.query(points, predicate="intersects"), len(faces))
    for index in range(len(faces)):
        if len(owners[index]) != len(touched[index]):
            owners[index] = _owners_beside(faces[index], points[index], tree)
    return owners


def _grouped(pairs: npt.NDArray[np.int64], count: int) -> list[tuple[int, ...]]:
    groups: list[list[int]] = [[] for _ in range(count)]
    for face, claimant in pairs.T.tolist():
        groups[face].append(claimant)
    return [tuple(sorted(group)) for group in groups]


def _owners_beside(face: Polygon, point: Point, tree: STRtree) -> tuple[int, ...]:
    """Claimants of a point in the face that lies on no border, found around a point that does."""
    reach = shapely.distance(point, face.boundary)
    for turn in range(1, _TURNS):
        angle, radius = turn * _GOLDEN_ANGLE, reach * turn / (_TURNS + 1)
        beside = Point(point.x + radius * math.cos(angle), point.y + radius * math.sin(angle))
        owners = tree.query(beside, predicate="within")
        if len(owners) == len(tree.query(beside, predicate="intersects")):
            return tuple(sorted(owners.tolist()))
    return tuple(sorted(tree.query(point, predicate="intersects").tolist()))


def _overlaps(face: Polygon, claims: Geometries, tree: STRtree) -> list[Fault]:
    """An overlap cut along the borders inside it, so that each piece has the same claimants throughout."""
    around = tree.query(face, predicate="intersects")
    borders = shapely.intersection(shapely.boundary(claims[around]), face)
    pieces = _faces(np.asarray([face.boundary, *borders], dtype=object))
    inside = pieces[shapely.contains_properly(face, shapely.point_on_surface(pieces))]
    return [
        _measured(piece, owners, is_gap=False)
        for piece, owners in zip(inside, _owners(inside, tree), strict=True)
        if len(owners) > 1
    ]


def _gap(face: Polygon, tree: STRtree) -> Fault:
    around = np.unique(tree.query(face.exterior, predicate="intersects"))
    return _measured(face, tuple(around.tolist()), is_gap=True)


def _measured(face: Polygon, claimants: tuple[int, ...], *, is_gap: bool) -> Fault:
    area_m2 = area_km2(face) * SQUARE_METRES_PER_KM2
    perimeter_m = length_km(face) * 1000.0
    width_m = 2.0 * area_m2 / perimeter_m if perimeter_m else 0.0
    return Fault(face, claimants, is_gap, area_m2, width_m)


def unmatched_segments(claims: Geometries) -> Geometries:
    """Segments along which not exactly two claimants run in opposite directions, as lines of two points."""
    start, end, low, high = _segments(claims)
    order = np.lexsort((high, low))
    low, high, start, end = low[order], high[order], start[order], end[order]
    new = np.ones(len(low), dtype=np.bool_)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    group = np.cumsum(new) - 1
    size = np.bincount(group)
    forward = np.bincount(group, weights=start == low).astype(np.int64)
    matched = (size == 2) & (forward == 1)
    lone = ~matched[group] & new
    ends = np.stack([_points(low[lone]), _points(high[lone])], axis=1)
    lines: Geometries = np.asarray(shapely.linestrings(ends), dtype=object)
    return lines


def _segments(claims: Geometries) -> tuple[npt.NDArray[np.int64], ...]:
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(claims)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    keys = _keys(xy)
    within = (ring[1:] == ring[:-1]) & (keys[1:] != keys[:-1])
    start, end = keys[:-1][within], keys[1:][within]
    return start, end, np.minimum(start, end), np.maximum(start, end)


def _keys(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    grid = np.rint(xy * 10**GEOJSON_DECIMALS).astype(np.int64)
    keys: npt.NDArray[np.int64] = ((grid[:, 0] + 180 * 10**GEOJSON_DECIMALS) << 31) | (
        grid[:, 1] + 90 * 10**GEOJSON_DECIMALS
    )
    return keys


def _points(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    lon = (keys >> 31) - 180 * 10**GEOJSON_DECIMALS
    lat = (keys & (2**31 - 1)) - 90 * 10**GEOJSON_DECIMALS
    points: npt.NDArray[np.float64] = np.column_stack([lon, lat]) / 10**GEOJSON_DECIMALS
    return points
