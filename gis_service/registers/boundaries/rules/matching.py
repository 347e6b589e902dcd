"""A line held against another drawing of it: how far apart, where most, on which stretches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Point

from gis_service.foundation.plane import Floats, plane_around
from gis_service.registers.boundaries.rules.courses import Course

_STEP_M = 25.0
_MOST_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Match:
    """Deviations in metres; `apart` are stretches of our line (chainages, largest deviation).

    `farthest` is where they are most apart, on the other drawing; `covered_m` how much of ours it runs along,
    from the first to the last place it comes to.
    """

    hausdorff_m: float
    mean_m: float
    farthest: Point
    apart: list[tuple[float, float, float]]
    covered_m: float


def matched(ours: Course, theirs: LineString | MultiLineString, tolerance_m: float) -> Match:
    """Compare every place of the other drawing, at its vertices and between, with the nearest of ours."""
    plane = plane_around([ours.geometry, theirs])
    step = max(_STEP_M, shapely.length(plane.metres(theirs)) / _MOST_STEPS)
    drawn = shapely.get_coordinates(shapely.segmentize(plane.metres(theirs), step))
    places = shapely.points(drawn)
    line = plane.metres(ours.geometry)
    shapely.prepare(line)
    far: Floats = np.asarray(shapely.distance(places, line))
    worst = int(far.argmax())
    scale = ours.length_m / max(float(shapely.length(line)), 1e-9)
    along: Floats = np.asarray(shapely.line_locate_point(_joined(line), places)) * scale
    return Match(
        hausdorff_m=float(far[worst]),
        mean_m=float(far.mean()),
        farthest=plane.degrees(Point(drawn[worst])),
        apart=_apart(along, far, tolerance_m),
        covered_m=float(along.max() - along.min()),
    )


def _joined(line: MultiLineString) -> LineString:
    """The parts one after the other: exact where they meet, near enough where they do not."""
    return LineString(shapely.get_coordinates(line))


def _apart(along: Floats, far: Floats, tolerance_m: float) -> list[tuple[float, float, float]]:
    order = np.argsort(along, kind="stable")
    found = []
    for beyond, run in groupby(order.tolist(), key=lambda index: bool(far[index] > tolerance_m)):
        if beyond:
            places = list(run)
            found.append((float(along[places[0]]), float(along[places[-1]]), float(far[places].max())))
    return found
