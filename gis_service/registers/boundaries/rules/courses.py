"""A line walked in the direction of its numbering: chainage on the ellipsoid, feet of points, sections.

Coordinates are EPSG:4490 lon/lat degrees, chainage and offsets metres. Edges are straight in lon/lat, as they
are stored; a foot is found in the plane around its point, so that it lies where a surveyor would drop it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.measure import lengths_m
from gis_service.foundation.plane import METRES_PER_DEGREE

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Foot:
    """Where a point meets a line: chainage from the beginning and distance from the line, both metres.

    `side` is 左, 右 or 上 (on it, within a millimetre), seen in the direction of the line.
    """

    chainage_m: float
    offset_m: float
    side: str
    point: Point


class Course:
    """A line in its direction: `parts` in their order, chainage running on from part to part without gaps."""

    def __init__(self, parts: Sequence[LineString]) -> None:
        self.parts = tuple(parts)

    @cached_property
    def _steps(self) -> tuple[Floats, Floats, Floats]:
        """Of every segment: both ends (n, 4), its length in metres, and the chainage at its start."""
        ends = np.vstack([_segments(part) for part in self.parts])
        lengths: Floats = np.asarray(lengths_m(_lines(ends)))
        return ends, lengths, np.concatenate([[0.0], np.cumsum(lengths)[:-1]])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(_lines(self._steps[0]))

    def steps(self) -> tuple[Floats, Floats]:
        """Of every segment in order: both ends (n, 4: lon, lat twice), and the chainages at them (n, 2)."""
        ends, lengths, starts = self._steps
        return ends, np.column_stack([starts, starts + lengths])

    @cached_property
    def length_m(self) -> float:
        """Length on the ellipsoid, gaps between parts not counted."""
        return float(self._steps[1].sum())

    @property
    def geometry(self) -> MultiLineString:
        """The parts in their order and direction."""
        return MultiLineString(self.parts)

    @property
    def is_eastward(self) -> bool:
        """Whether it reaches further from west to east than from north to south."""
        return runs_eastward(self.parts)

    def foot(self, point: Point) -> Foot:
        """Where a point (lon/lat) meets the line; the nearest place, the earlier one of two equally near."""
        lon, lat = float(point.x), float(point.y)
        scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE])
        ends, lengths, starts = self._steps
        near = self._near(point, lat)
        one = (ends[near, :2] - (lon, lat)) * scale
        step = (ends[near, 2:] - ends[near, :2]) * scale
        squared = np.maximum((step**2).sum(axis=1), 1e-12)
        along = np.clip(-(one * step).sum(axis=1) / squared, 0.0, 1.0)
        feet = one + step * along[:, None]
        offsets = np.hypot(feet[:, 0], feet[:, 1])
        chainages = starts[near] + lengths[near] * along
        best = int(np.lexsort((chainages, np.round(offsets, 6)))[0])
        cross = step[best, 0] * -feet[best, 1] + step[best, 1] * feet[best, 0]
        place = ends[near[best], :2] + (ends[near[best], 2:] - ends[near[best], :2]) * along[best]
        return Foot(
            float(chainages[best]), float(offsets[best]), _side(float(offsets[best]), cross), Point(place)
        )

    def _near(self, point: Point, lat: float) -> npt.NDArray[np.intp]:
        """Segments that may be nearest: nearness in degrees is out by the narrowing of the meridians."""
        _, distance = self._tree.query_nearest(point, return_distance=True, all_matches=False)
        reach = float(distance[0]) / math.cos(math.radians(lat)) + 1e-9
        return np.asarray(self._tree.query(point, predicate="dwithin", distance=reach * 1.01))

    def point_at(self, chainage_m: float) -> Point:
        """The place at a chainage; before the beginning or beyond the end, the beginning or the end."""
        ends, lengths, starts = self._steps
        index = int(np.clip(np.searchsorted(starts, chainage_m, side="right") - 1, 0, len(starts) - 1))
        share = 0.0 if lengths[index] == 0 else (chainage_m - starts[index]) / lengths[index]
        return Point(ends[index, :2] + (ends[index, 2:] - ends[index, :2]) * float(np.clip(share, 0.0, 1.0)))

    def between(self, one_m: float, other_m: float) -> MultiLineString:
        """The section between two chainages, the first the smaller."""
        _, lengths, starts = self._steps
        stops = starts + lengths
        lines: list[list[tuple[float, float]]] = []
        for index in np.flatnonzero((starts < other_m) & (stops > one_m)).tolist():
            first = self._within(index, max(one_m, starts[index]))
            last = self._within(index, min(other_m, stops[index]))
            if lines and lines[-1][-1] == first:
                lines[-1].append(last)
            else:
                lines.append([first, last])
        return MultiLineString([line for line in lines if len(set(line)) > 1])

    def _within(self, index: int, chainage_m: float) -> tuple[float, float]:
        ends, lengths, starts = self._steps
        share = 0.0 if lengths[index] == 0 else (chainage_m - starts[index]) / lengths[index]
        if share in (0.0, 1.0) or chainage_m >= starts[index] + lengths[index]:
            x, y = ends[index, 2:] if share else ends[index, :2]
        else:
            x, y = ends[index, :2] + (ends[index, 2:] - ends[index, :2]) * share
        return float(x), float(y)


def _side(offset_m: float, cross: float) -> str:
    if offset_m < 1e-3:
        return "上"
    return "左" if cross > 0 else "右"


def _lines(ends: Floats) -> list[BaseGeometry]:
    return list(shapely.linestrings(ends.reshape(-1, 2, 2)))  # type: ignore[arg-type]


def _segments(part: LineString) -> Floats:
    xy = shapely.get_coordinates(part)
    return np.hstack([xy[:-1], xy[1:]])


def runs_eastward(lines: Iterable[BaseGeometry]) -> bool:
    """Whether a line reaches further from west to east than from north to south, on the ground (R-MRK-03)."""
    west, south, east, north = map(float, shapely.total_bounds(np.asarray(list(lines), dtype=object)))
    return (east - west) * math.cos(math.radians((south + north) / 2)) >= north - south


def course_of(edges: Iterable[BaseGeometry], *, eastward: bool | None = None) -> Course:
    """The edges of a line sewn together and walked from west to east, or from north to south.

    `eastward` is the direction on record; None lets the line itself decide. Parts that do not meet follow one
    another, each beginning at the end nearer to where the one before stopped.

    Raises:
        ValueError: there is no edge.
    """
    merged = shapely.line_merge(shapely.union_all(np.asarray(list(edges), dtype=object)))
    parts = [part for part in shapely.get_parts(merged) if not part.is_empty]
    if not parts:
        raise ValueError("a course needs an edge")
    by_longitude = runs_eastward(parts) if eastward is None else eastward
    return Course(_chained(parts, by_longitude=by_longitude))


def _rank(xy: tuple[float, float], *, by_longitude: bool) -> tuple[float, float]:
    return (xy[0], -xy[1]) if by_longitude else (-xy[1], xy[0])


def _chained(parts: list[LineString], *, by_longitude: bool) -> list[LineString]:
    """Begin at the outermost end; then always at the nearest end of what is left."""

    def first_end(part: LineString) -> tuple[float, float]:
        return min(_rank(xy, by_longitude=by_longitude) for xy in _ends(part))

    left = sorted(parts, key=first_end)
    start = left.pop(0)
    one, other = _ends(start)
    forward = _rank(one, by_longitude=by_longitude) <= _rank(other, by_longitude=by_longitude)
    chained = [start if forward else start.reverse()]
    while left:
        at = _ends(chained[-1])[1]
        index, reverse = min(
            ((index, end == 1) for index in range(len(left)) for end in (0, 1)),
            key=lambda option: (math.dist(at, _ends(left[option[0]])[option[1]]), option),
        )
        part = left.pop(index)
        chained.append(part.reverse() if reverse else part)
    return chained


def _ends(part: LineString) -> tuple[tuple[float, float], tuple[float, float]]:
    xy = shapely.get_coordinates(part)
    return (float(xy[0, 0]), float(xy[0, 1])), (float(xy[-1, 0]), float(xy[-1, 1]))


def stretch_between_ends(course: Course, lines: Iterable[BaseGeometry]) -> tuple[float, float]:
    """From where to where lines beside a course reach: the feet of their ends, as chainages in metres."""
    ends = [
        Point(place)
        for line in lines
        for part in shapely.get_parts(line)
        for place in (part.coords[0], part.coords[-1])
    ]
    feet = [course.foot(end).chainage_m for end in ends]
    return min(feet), max(feet)


def gaps_m(course: Course) -> list[float]:
    """How far apart parts that follow one another are, in metres."""
    joints = [LineString([_ends(one)[1], _ends(other)[0]]) for one, other in pairwise(course.parts)]
    return lengths_m(joints)
