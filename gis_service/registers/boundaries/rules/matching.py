"""A copy of a line held against the registered one: how far apart they run, where, and what the copy lacks.

The nearest segment is sought on the Mercator plane, on which near places keep their shape at every latitude;
the foot lies on it as it is straight in lon/lat, and distances are taken on the ellipsoid. Coordinates are
EPSG:4490 lon/lat, chainages and deviations metres.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.measure import distances_m
from gis_service.foundation.topology import vertex_keys
from gis_service.registers.boundaries.rules.courses import Course, course_of
from gis_service.registers.boundaries.rules.thresholds import threshold

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Apart:
    """A stretch of the registered line, between two chainages, and how far the copy runs from it at most."""

    from_m: float
    to_m: float
    max_m: float
    place: Point


@dataclass(frozen=True, slots=True)
class Match:
    """How a copy runs beside the registered line.

    Deviations are those of the registered line where the copy runs beside it, and of the copy itself;
    `lacking` are stretches that the copy ends short of. `shared` counts vertices of the registered line that
    the copy has to the last digit kept.
    """

    hausdorff_m: float
    mean_m: float
    farthest: Point
    apart: tuple[Apart, ...]
    lacking: tuple[Apart, ...]
    covered_m: float
    vertices: int
    shared: int
    ours_sha256: str
    theirs_sha256: str

    @property
    def is_same(self) -> bool:
        """Whether both are the same line, vertex by vertex, run in the same direction."""
        return self.ours_sha256 == self.theirs_sha256


def matched(ours: Course, theirs: BaseGeometry, tolerance_m: float) -> Match:
    """The copy `theirs` (lines, lon/lat) beside the registered course; `tolerance_m` is what counts as apart.

    Raises:
        ValueError: the copy has no line.
    """
    copy = course_of(shapely.get_parts(theirs).tolist(), eastward=ours.is_eastward)
    places, chainages = _samples(ours)
    deviations, ends_short = _from(places, copy)
    lacking = _lacking(deviations, ends_short, tolerance_m)
    others, _ = _samples(copy)
    back, beyond = _from(others, ours)
    back = np.where(beyond, 0.0, back)
    told = np.where(lacking, 0.0, deviations)
    far, far_back = int(np.argmax(told)), int(np.argmax(back))
    farthest = places[far] if told[far] >= back[far_back] else others[far_back]
    known = deviations[~lacking]
    keys = set(map(int, vertex_keys(shapely.get_coordinates(copy.geometry)).tolist()))
    own = vertex_keys(shapely.get_coordinates(ours.geometry)).tolist()
    return Match(
        hausdorff_m=float(max(told[far], back[far_back])),
        mean_m=float(known.mean()) if len(known) else 0.0,
        farthest=Point(farthest),
        apart=tuple(_stretches(places, chainages, told, told > tolerance_m)),
        lacking=tuple(_stretches(places, chainages, deviations, lacking)),
        covered_m=ours.length_m - sum(each.to_m - each.from_m for each in _spans(chainages, lacking)),
        vertices=len(own),
        shared=sum(key in keys for key in own),
        ours_sha256=coordinates_sha256(ours.parts),
        theirs_sha256=coordinates_sha256(copy.parts),
    )


def coordinates_sha256(parts: Iterable[LineString]) -> str:
    """The digest of coordinates in their order, on the grid of the register, part by part."""
    digest = sha256()
    for part in parts:
        digest.update(vertex_keys(shapely.get_coordinates(part)).astype("<i8").tobytes())
        digest.update(b"|")
    return digest.hexdigest()


def _samples(course: Course) -> tuple[Floats, Floats]:
    """Places along a course (n, 2), vertices and more between them, and their chainages."""
    step = threshold("matching", "step_m")
    ends, chainages = course.steps()
    lengths = chainages[:, 1] - chainages[:, 0]
    number = np.maximum(np.ceil(lengths / step).astype(int), 1)
    owner = np.repeat(np.arange(len(ends)), number + 1)
    first = np.repeat(np.cumsum(number + 1) - (number + 1), number + 1)
    share = ((np.arange(len(owner)) - first) / number[owner])[:, None]
    places = ends[owner, :2] + (ends[owner, 2:] - ends[owner, :2]) * share
    return places, chainages[owner, 0] + lengths[owner] * share[:, 0]


def _from(places: Floats, course: Course) -> tuple[Floats, Mask]:
    """How far places are from a course, and which of them are nearest to an end where it stops."""
    segments = _on_mercator(course.steps()[0].reshape(-1, 2)).reshape(-1, 2, 2)
    tree = shapely.STRtree(shapely.linestrings(segments))  # type: ignore[arg-type]
    nearest = tree.query_nearest(shapely.points(_on_mercator(places)), all_matches=False)[1]
    ends = course.steps()[0][nearest]
    narrow = np.column_stack([np.cos(np.radians(places[:, 1])), np.ones(len(places))])
    one, step = (places - ends[:, :2]) * narrow, (ends[:, 2:] - ends[:, :2]) * narrow
    share = np.clip((one * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-24), 0.0, 1.0)
    feet = ends[:, :2] + (ends[:, 2:] - ends[:, :2]) * share[:, None]
    stops = {key for part in course.parts if not part.is_closed for key in _end_keys(part)}
    return distances_m(places, feet), np.isin(vertex_keys(feet), list(stops))


def _lacking(deviations: Floats, ends_short: Mask, tolerance_m: float) -> Mask:
    """Places beyond the ends of a copy: whole stretches far off that reach an end, and the way back to it."""
    kept = np.zeros_like(ends_short)
    for run in _runs(deviations > max(tolerance_m, threshold("matching", "lacking_m"))):
        kept[run] = ends_short[run].any()
    for run in _runs(deviations > tolerance_m):
        kept[run] |= ends_short[run] & kept[run].any()
    return kept & ~kept.all()  # a copy that is nowhere near lacks nothing: it lies elsewhere


def _end_keys(part: LineString) -> list[int]:
    xy = shapely.get_coordinates(part)
    return [int(key) for key in vertex_keys(xy[[0, -1]])]


def _on_mercator(xy: Floats) -> Floats:
    lat = np.radians(np.clip(xy[:, 1], -89.0, 89.0))
    return np.column_stack([np.radians(xy[:, 0]), np.log(np.tan(np.pi / 4 + lat / 2))])


def _stretches(places: Floats, chainages: Floats, deviations: Floats, is_apart: Mask) -> list[Apart]:
    found = []
    for run in _runs(is_apart):
        worst = run[int(np.argmax(deviations[run]))]
        found.append(
            Apart(
                float(chainages[run[0]]),
                float(chainages[run[-1]]),
                float(deviations[worst]),
                Point(places[worst]),
            )
        )
    return found


def _runs(chosen: Mask) -> list[npt.NDArray[np.intp]]:
    """Indexes that follow one another."""
    indexes = np.flatnonzero(chosen)
    runs = groupby(enumerate(indexes.tolist()), key=lambda pair: pair[1] - pair[0])
    return [np.array([index for _, index in run]) for _, run in runs]


@dataclass(frozen=True, slots=True)
class _Span:
    from_m: float
    to_m: float


def _spans(chainages: Floats, chosen: Mask) -> list[_Span]:
    return [_Span(float(chainages[run[0]]), float(chainages[run[-1]])) for run in _runs(chosen)]
