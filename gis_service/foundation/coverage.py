"""Whether areas form a coverage: no overlap, and every vertex on a shared border is a vertex of both.

GEOS (seen in 3.14) also names sound borders where a hole of an area touches its shell at a point; so what it
names is looked at again, by itself.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.noding import segments_of
from gis_service.foundation.topology import Geometries, vertex_keys


def is_coverage(shapes: Geometries) -> bool:
    """Whether polygons and multipolygons, lon/lat on the storage grid, form a coverage."""
    return bool(shapely.coverage_is_valid(shapes)) or all(flaw.is_empty for flaw in coverage_flaws(shapes))


def coverage_flaws(shapes: Geometries) -> Geometries:
    """For each area the segments at which it does not fit the others; an empty line where it does."""
    named = shapely.coverage_invalid_edges(shapes)
    tree = shapely.STRtree(shapes)
    return np.asarray(
        [_confirmed(shapes, tree, index, flaw) for index, flaw in enumerate(named)], dtype=object
    )


def _confirmed(shapes: Geometries, tree: shapely.STRtree, index: int, flaw: BaseGeometry) -> BaseGeometry:
    if flaw.is_empty:
        return flaw
    near = tree.query(flaw, predicate="intersects")
    others = [shapes[place] for place in near if place != index]
    misfits = any(_overlap(shapes[index], other) or _misfit(flaw, other) for other in others)
    return flaw if misfits else LineString()


def _overlap(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(shapely.relate_pattern(one, other, "T********"))


def _misfit(flaw: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether a segment meets a border elsewhere than in a vertex of both, or along a segment of both."""
    border = shapely.boundary(other)
    segments = set(map(tuple, segments_of(np.asarray([other], dtype=object)).tolist()))
    vertices = {key for segment in segments for key in segment}
    for line in shapely.get_parts(flaw):
        xy = shapely.get_coordinates(line)
        for ends, keys in zip(pairwise(xy.tolist()), pairwise(vertex_keys(xy).tolist()), strict=True):
            if (min(keys), max(keys)) in segments:
                continue
            met = shapely.intersection(LineString(ends), border)
            at = set(vertex_keys(shapely.get_coordinates(met)).tolist())
            if shapely.get_dimensions(met) > 0 or not at <= vertices & set(keys):
                return True
    return False
