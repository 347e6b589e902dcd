"""Polygons to faces and edges in memory, beside shapely alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from benchmarks.figures import Figure, agree, repeated
from benchmarks.scene import Scene
from gis_service.foundation.topology import NOTHING, edges_of, faces_of

Pairs = dict[tuple[int, int], float]  # who borders whom, and the planar length of their border in degrees


def measure(scene: Scene) -> Iterator[Figure]:
    """Who borders whom along which line: from shared edges, and from the intersection of neighbours."""
    polygons = np.asarray(list(scene.shapes.values()), dtype=object)
    ours, (edges, owner) = repeated(lambda: _edges(polygons), scene.runs)
    theirs, borders = repeated(lambda: _touching(polygons), min(scene.runs, 2))
    pairs = _pairs(edges, owner)
    agree(pairs.keys() == borders.keys(), "the pairs of neighbours that share a border")
    agree(all(abs(pairs[pair] - borders[pair]) < 1e-9 for pair in pairs), "the lengths of shared borders")
    yield Figure(
        what="polygons to faces and edges, in memory",
        size=f"{scene.size}; {len(edges.lines):,} edges, {len(pairs):,} pairs",
        ours_s=ours.median,
        baseline="shapely alone: STRtree touches, then intersection pair by pair",
        baseline_s=theirs.median,
        runs=scene.runs,
        target_s=60.0,
        note="the baseline knows neither outer borders nor nodes",
    )


def _edges(polygons: Any) -> tuple[Any, Any]:
    faces, owner = faces_of(polygons)
    return edges_of(faces), owner


def _pairs(edges: Any, owner: Any) -> Pairs:
    shared = edges.right != NOTHING
    left, right = owner[edges.left[shared]], owner[edges.right[shared]]
    pairs: Pairs = {}
    for one, other, length in zip(left, right, shapely.length(edges.lines[shared]), strict=True):
        if one != other:
            pair = (min(one, other), max(one, other))
            pairs[pair] = pairs.get(pair, 0.0) + float(length)
    return pairs


def _touching(polygons: Any) -> Pairs:
    one, other = shapely.STRtree(polygons).query(polygons, predicate="touches")
    one, other = one[one < other], other[one < other]
    lengths = shapely.length(shapely.intersection(polygons[one], polygons[other]))
    found = zip(one.tolist(), other.tolist(), lengths.tolist(), strict=True)
    return {(first, second): length for first, second, length in found if length > 0}
