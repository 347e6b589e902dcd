"""From polygons that share borders to edges that are each stored once, with a face on either side.

Pure and vectorised: two and a half million vertices take a few seconds. The input must be a valid coverage,
in which neighbours share their vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS

NOTHING = -1  # the side of an edge on which no face is known

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


class NotEdgeMatched(ValueError):
    """Two borders run over one another without sharing their vertices; `lon`, `lat` say where."""

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(f"borders are not edge-matched near {lon:.7f}, {lat:.7f}")
        self.lon, self.lat = lon, lat


@dataclass(frozen=True, slots=True)
class Edges:
    """Polylines with the index of the face on either side (`NOTHING` where none is known).

    `lines`, `left`, `right` and `chain` have one entry per edge; `chain` is the index of the given open
    edge this one is (a piece of), or `NOTHING` for a new edge.
    """

    lines: Geometries
    left: Ints
    right: Ints
    chain: Ints


@dataclass(frozen=True, slots=True)
class _Chains:
    """Directed segments in order along rings and open chains; the face lies on the left of each."""

    start: Ints  # vertex key of each segment's start
    end: Ints
    face: Ints
    chain: Ints  # which ring or open chain a segment belongs to
    closed: Flags  # per segment: whether its chain is a ring
    given: Ints  # per segment: index of the given open edge, or NOTHING


def faces_of(geometries: Sequence[BaseGeometry] | Geometries) -> tuple[Geometries, Ints]:
    """Connected pieces of polygons and multipolygons, with the index of the geometry each came from."""
    parts, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    return np.asarray(shapely.orient_polygons(parts), dtype=object), owner.astype(np.int64)


def canonical(area: BaseGeometry) -> MultiPolygon:
    """A polygon or multipolygon in the one form in which equal areas are equal byte for byte."""
    whole = MultiPolygon(list(shapely.get_parts(area))).normalize()
    assert isinstance(whole, MultiPolygon)
    return whole


def edges_of(
    faces: Sequence[Polygon] | Geometries,
    *,
    given: Sequence[LineString] | Geometries = (),
    given_left: Sequence[int] | Ints = (),
) -> Edges:
    """The edges between `faces` (lon/lat on the storage grid), each once.

    `given` are registered edges whose right side was open, with the index of the face on their left: new
    faces attach to them. Face indices of `given_left` and of `faces` (counted from 0) must not be mixed up:
    the caller numbers registered faces from `len(faces)` on.

    Faces must form a valid coverage: that is proved by the caller. Only the grossest breach shows here.

    Raises:
        NotEdgeMatched: one stretch is claimed twice from the same side, or by a third face.
    """
    chains = _gather(np.asarray(faces, dtype=object), np.asarray(given, dtype=object), given_left)
    mate = _mates(chains)
    is_node = _nodes(chains, mate)
    order = _rotated_to_nodes(chains, is_node)
    return _runs(chains, mate, is_node, order)


def _gather(faces: Geometries, given: Geometries, given_left: Sequence[int] | Ints) -> _Chains:
    oriented = shapely.orient_polygons(faces) if len(faces) else faces
    rings, face_of_ring = shapely.get_rings(oriented, return_index=True)
    lines = np.concatenate([np.asarray(given, dtype=object), np.asarray(rings, dtype=object)])
    left = np.concatenate([np.asarray(given_left, dtype=np.int64), face_of_ring.astype(np.int64)])
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    keys = vertex_keys(xy)
    within = (owner[1:] == owner[:-1]) & (keys[1:] != keys[:-1])
    chain = owner[:-1][within].astype(np.int64)
    is_given = np.arange(len(lines)) < len(given)
    return _Chains(
        start=keys[:-1][within],
        end=keys[1:][within],
        face=left[chain],
        chain=chain,
        closed=np.asarray(shapely.is_closed(lines))[chain],
        given=np.where(is_given, np.arange(len(lines)), NOTHING)[chain],
    )


def vertex_keys(xy: Floats) -> Ints:
    """Lon and lat on the grid, packed into one integer: 32 + 31 bits, so equal points have equal keys."""
    grid = np.rint(xy * 10**GEOJSON_DECIMALS).astype(np.int64)
    lon, lat = grid[:, 0] + 180 * 10**GEOJSON_DECIMALS, grid[:, 1] + 90 * 10**GEOJSON_DECIMALS
    keys: Ints = (lon << 31) | lat
    return keys


def points_of(keys: Ints) -> Floats:
    """The way back from keys to lon and lat."""
    lon = (keys >> 31) - 180 * 10**GEOJSON_DECIMALS
    lat = (keys & (2**31 - 1)) - 90 * 10**GEOJSON_DECIMALS
    points: Floats = np.column_stack([lon, lat]) / 10**GEOJSON_DECIMALS
    return points


def _mates(chains: _Chains) -> Ints:
    """For each segment the index of the one that runs the other way, or `NOTHING`."""
    low, high = np.minimum(chains.start, chains.end), np.maximum(chains.start, chains.end)
    order = np.lexsort((high, low))
    same = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    first, second = order[:-1][same], order[1:][same]
    same_way = chains.start[first] == chains.start[second]
    thrice = np.flatnonzero(same[1:] & same[:-1])
    if same_way.any() or len(thrice):
        culprit = first[np.argmax(same_way)] if same_way.any() else order[thrice[0]]
        lon, lat = points_of(chains.start[[culprit]])[0]
        raise NotEdgeMatched(float(lon), float(lat))
    mate = np.full(len(order), NOTHING, dtype=np.int64)
    mate[first], mate[second] = second, first
    return mate


def _kept(chains: _Chains, mate: Ints) -> Flags:
    """Of two segments that run over each other, keep the given one, else that of the lower face."""
    alone = mate == NOTHING
    is_given = chains.given != NOTHING
    other_given = is_given[mate] & ~alone
    kept: Flags = alone | is_given | (~other_given & (chains.face < chains.face[mate]))
    return kept


def _nodes(chains: _Chains, mate: Ints) -> Flags:
    """Per segment: whether its start is a node, a vertex where other than two borders meet."""
    kept = _kept(chains, mate)
    ends = np.concatenate([chains.start[kept], chains.end[kept]])
    vertices, degree = np.unique(ends, return_counts=True)
    nodes = vertices[degree != 2]
    found = np.searchsorted(nodes, chains.start)
    found[found == len(nodes)] = 0
    is_node: Flags = nodes[found] == chains.start if len(nodes) else np.zeros(len(found), dtype=np.bool_)
    return is_node


def _rotated_to_nodes(chains: _Chains, is_node: Flags) -> Ints:
    """The order of segments in which each ring begins at a node, or at its lowest vertex if it has none."""
    _, offset, length = np.unique(chains.chain, return_index=True, return_counts=True)
    shift = np.zeros(len(offset), dtype=np.int64)
    for ring in np.flatnonzero(chains.closed[offset]):
        own = slice(offset[ring], offset[ring] + length[ring])
        shift[ring] = np.argmax(is_node[own]) if is_node[own].any() else np.argmin(chains.start[own])
    at, count = np.repeat(offset, length), np.repeat(length, length)
    position = np.arange(len(chains.chain)) - at
    rotated: Ints = at + (position + np.repeat(shift, length)) % count
    return rotated


def _runs(chains: _Chains, mate: Ints, is_node: Flags, order: Ints) -> Edges:
    """Cut the kept segments into runs from node to node, each an edge."""
    kept = _kept(chains, mate)[order]
    right = np.where(mate == NOTHING, NOTHING, chains.face[mate])[order]
    chain = chains.chain[order]
    breaks = np.ones(len(order), dtype=np.bool_)
    breaks[1:] = (chain[1:] != chain[:-1]) | is_node[order][1:] | (kept[1:] != kept[:-1])
    breaks[1:] |= right[1:] != right[:-1]
    run = np.cumsum(breaks)[kept] - 1
    segments = order[kept]
    heads = np.flatnonzero(np.diff(run, prepend=-1))
    tails = np.append(heads[1:], len(run)) - 1
    lines = _lines(chains, segments, heads, tails)
    return Edges(
        lines=lines,
        left=chains.face[segments][heads],
        right=right[kept][heads],
        chain=chains.given[segments][heads],
    )


def _lines(chains: _Chains, segments: Ints, heads: Ints, tails: Ints) -> Geometries:
    """Each run of segments as a line: the start of every segment, then the end of its last."""
    starts, lasts = chains.start[segments], chains.end[segments[tails]]
    vertices = np.insert(starts, tails + 1, lasts)
    owner = np.repeat(np.arange(len(heads)), tails - heads + 2)
    return np.asarray(shapely.linestrings(points_of(vertices), indices=owner), dtype=object)


def face_from_edges(lines: Sequence[LineString] | Geometries) -> BaseGeometry:
    """The polygon that edges around one face enclose, holes included; the proof that nothing was lost."""
    area: BaseGeometry = shapely.build_area(shapely.multilinestrings(list(lines)))
    return area
