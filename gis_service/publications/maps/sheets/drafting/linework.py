"""Borders as the ground has them: segments shared by two units, and set work on lines by their segments.

Borders in the registers are stored once, so the two sides of a border have identical vertices; comparing
segments is therefore exact, and no tolerance is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GRID_DEGREES
from gis_service.publications.maps.schemas import Level, LineTrace, UnitShape

Segment = tuple[int, int, int, int]
Segments = frozenset[Segment]

_PREFIX = {Level.province: 2, Level.prefecture: 4}


def segments_of(geometry: BaseGeometry) -> list[Segment]:
    """Undirected segments of all lines and rings, as grid numbers, in order of course."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    if geometry.area:
        parts = shapely.get_rings(parts)
    found: list[Segment] = []
    for part in parts:
        grid = np.rint(shapely.get_coordinates(part) / GRID_DEGREES).astype(np.int64)
        steps = np.hstack([grid[:-1], grid[1:]])
        swap = (steps[:, 0] > steps[:, 2]) | ((steps[:, 0] == steps[:, 2]) & (steps[:, 1] > steps[:, 3]))
        steps[swap] = steps[swap][:, [2, 3, 0, 1]]
        found.extend(map(tuple, steps[(steps[:, 0] != steps[:, 2]) | (steps[:, 1] != steps[:, 3])].tolist()))
    return found


def line_of(segments: Iterable[Segment]) -> BaseGeometry:
    """Segments joined into lines as long as they go, in lon/lat degrees; the order given does not matter."""
    ordered = np.array(sorted(segments), dtype=np.float64)
    pairs = ordered.reshape(-1, 2, 2) * GRID_DEGREES
    return shapely.line_merge(MultiLineString([LineString(pair) for pair in pairs]))


@dataclass(frozen=True, slots=True)
class Borders:
    """Borders of a set of units: inner ones by level, the rim (coast or end of data), who touches whom."""

    by_level: Mapping[Level, Segments]
    rim: Segments
    touching: tuple[tuple[str, str], ...]


def stated_levels(lines: Sequence[LineTrace]) -> dict[Segment, Level]:
    """Level of each segment as the register states it; where several lines run together, the highest."""
    rank = list(Level)
    stated: dict[Segment, Level] = {}
    for line in sorted(lines, key=lambda line: rank.index(line.level), reverse=True):
        stated.update(dict.fromkeys(segments_of(line.geometry), line.level))
    return stated


def borders_of(units: Sequence[UnitShape], stated: Mapping[Segment, Level]) -> Borders:
    """Find the borders between `units` (keyed by code); levels as stated, else from the codes' prefixes.

    Stated lines that part no two of the units given (county lines inside a city, say) are borders too.
    """
    owners: dict[Segment, list[str]] = {}
    for unit in units:
        for segment in segments_of(unit.geometry):
            owners.setdefault(segment, []).append(unit.code)
    by_level: dict[Level, set[Segment]] = {}
    touching: set[tuple[str, str]] = set()
    rim: set[Segment] = set()
    for segment, codes in owners.items():
        one, other = min(codes), max(codes)
        if one == other:
            rim.add(segment)
            continue
        touching.add((one, other))
        by_level.setdefault(stated.get(segment) or level_between(one, other), set()).add(segment)
    parted = frozenset[Segment]().union(*by_level.values())
    for segment, level in stated.items():
        if segment not in parted:
            by_level.setdefault(level, set()).add(segment)
    found = {level: frozenset(segments) for level, segments in by_level.items()}
    return Borders(found, frozenset(rim - stated.keys()), tuple(sorted(touching)))


def level_between(one: str, other: str) -> Level:
    """Highest level at which two codes differ (GB/T 2260: two digits each, then townships)."""
    for level, digits in _PREFIX.items():
        if one[:digits] != other[:digits]:
            return level
    return Level.county if one[:6] != other[:6] else Level.township
