"""Cutting areas along lines, on the storage grid: every piece shares its vertices with all around it.

Where a cut meets a border between two of its vertices, the border gets a new vertex; all others stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS, GRID_DEGREES
from gis_service.foundation.topology import Geometries, Ints, points_of, vertex_keys

Segment = tuple[int, int]  # the keys of two vertices, the lower first
Insertions = Mapping[Segment, tuple[int, ...]]  # new vertices from the lower to the higher end
HALF_DIAGONAL = 0.5 * 2**0.5 * GRID_DEGREES * 1.001  # a line through a cell of the grid is no farther off


class NotNoded(ValueError):
    """Lines lie closer together than the grid can tell apart; `lon`, `lat` say where."""

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(f"lines cannot be told apart near {lon:.7f}, {lat:.7f}")
        self.lon, self.lat = lon, lat


@dataclass(frozen=True, slots=True)
class Noded:
    """The pieces of each area that falls into several, with the new vertices on the borders around."""

    pieces: dict[int, list[Polygon]]  # by index of the area
    inserted: Insertions


def on_grid(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry with its coordinates on the storage grid."""
    snapped: BaseGeometry = shapely.transform(geometry, lambda xy: np.round(xy, GEOJSON_DECIMALS))
    return snapped


def segments_of(geometries: Geometries) -> Ints:
    """All segments of lines and polygons, once each: pairs of vertex keys, the lower first."""
    rings = shapely.get_parts(shapely.boundary(geometries)) if _are_areas(geometries) else geometries
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    keys = vertex_keys(xy)
    within = (owner[1:] == owner[:-1]) & (keys[1:] != keys[:-1])
    ends = np.column_stack([keys[:-1][within], keys[1:][within]])
    segments: Ints = np.unique(np.sort(ends, axis=1), axis=0)
    return segments


def _are_areas(geometries: Geometries) -> bool:
    return bool(len(geometries)) and bool((shapely.get_dimensions(geometries) == 2).all())


def cut(areas: Geometries, cuts: Sequence[LineString]) -> Noded:
    """Cut polygons along lines; lines that do not divide leave no trace but the vertex where they met.

    Raises:
        NotNoded: a cut runs along a border too closely to be told apart from it.
    """
    borders = segments_of(areas)
    lines = _as_lines(borders)
    near = np.unique(shapely.STRtree(lines).query(list(cuts), predicate="dwithin", distance=GRID_DEGREES)[1])
    noded = _noded([*lines[near], *cuts])
    inserted = _insertions(borders[near], noded)
    untouched = np.delete(borders, near, axis=0)
    pieces = shapely.get_parts(shapely.polygonize(_as_lines(np.concatenate([untouched, noded]))))
    return Noded(_by_area(areas, np.asarray(pieces, dtype=object)), inserted)


def _as_lines(segments: Ints) -> Geometries:
    ends = points_of(segments.reshape(-1))
    return np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)), dtype=object)


def _noded(lines: Sequence[BaseGeometry]) -> Ints:
    noded = shapely.union_all(lines, grid_size=GRID_DEGREES)
    return segments_of(np.asarray(shapely.get_parts(noded), dtype=object))


def _insertions(borders: Ints, noded: Ints) -> dict[Segment, tuple[int, ...]]:
    """For each border that is no longer one segment the vertices that lie on it now."""
    present = set(map(tuple, noded.tolist()))
    vertices = np.unique(noded)
    tree = shapely.STRtree(np.asarray(shapely.points(points_of(vertices)), dtype=object))
    found: dict[Segment, tuple[int, ...]] = {}
    for low, high in borders.tolist():
        if (low, high) in present:
            continue
        start, end = points_of(np.array([low, high]))
        near = tree.query(LineString([start, end]), predicate="dwithin", distance=HALF_DIAGONAL)
        between = [key for key in vertices[near].tolist() if key not in (low, high)]
        along = (points_of(np.array(between, dtype=np.int64)) - start) @ (end - start)
        chain = tuple(between[place] for place in np.argsort(along).tolist())
        _require_present((low, *chain, high), present)
        found[low, high] = chain
    return found


def _require_present(chain: Sequence[int], present: set[Segment]) -> None:
    for one, other in pairwise(chain):
        if (min(one, other), max(one, other)) not in present:
            raise NotNoded(*map(float, points_of(np.array([one]))[0]))


def _by_area(areas: Geometries, pieces: Geometries) -> dict[int, list[Polygon]]:
    """Pieces by the index of the area they lie in; areas that stayed in one piece are left out."""
    points = shapely.point_on_surface(pieces)
    piece, area = shapely.STRtree(areas).query(points, predicate="within")
    found: dict[int, list[Polygon]] = {}
    for index, owner in zip(piece.tolist(), area.tolist(), strict=True):
        found.setdefault(owner, []).append(shapely.orient_polygons(pieces[index]))
    return {owner: several for owner, several in found.items() if len(several) > 1}


def with_vertices(geometry: BaseGeometry, inserted: Insertions) -> BaseGeometry:
    """An area or a line with the new vertices on its segments; the same object where it has none of these."""
    if isinstance(geometry, MultiPolygon):
        parts = list(geometry.geoms)
        grown_parts = [_polygon(part, inserted) for part in parts]
        same = all(one is other for one, other in zip(grown_parts, parts, strict=True))
        return geometry if same else MultiPolygon(grown_parts)
    if isinstance(geometry, Polygon):
        return _polygon(geometry, inserted)
    xy = shapely.get_coordinates(geometry)
    grown = _with_vertices(xy, inserted)
    return geometry if len(grown) == len(xy) else LineString(grown)


def _polygon(part: Polygon, inserted: Insertions) -> Polygon:
    rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
    grown = [_with_vertices(ring, inserted) for ring in rings]
    return part if sum(map(len, grown)) == sum(map(len, rings)) else Polygon(grown[0], grown[1:])


def _with_vertices(xy: npt.NDArray[np.float64], inserted: Insertions) -> npt.NDArray[np.float64]:
    keys = vertex_keys(xy)
    new: list[tuple[int, int]] = []  # index before which a vertex comes, and its key
    for (low, high), between in inserted.items():
        for index in np.flatnonzero((keys[:-1] == low) & (keys[1:] == high)):
            new += [(int(index) + 1, key) for key in between]
        for index in np.flatnonzero((keys[:-1] == high) & (keys[1:] == low)):
            new += [(int(index) + 1, key) for key in reversed(between)]
    if not new:
        return xy
    places, values = zip(*new, strict=True)
    grown: npt.NDArray[np.float64] = np.insert(xy, places, points_of(np.array(values)), axis=0)
    return grown
