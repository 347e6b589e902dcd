"""R-MAP-04 of markers: all beside their lines as the offset grids of web maps would have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from shapely.geometry import Point

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.offset_grids import Floats, bd09_of, gcj02_of
from gis_service.procedures.intake.rules.offsets import R_MAP_04
from gis_service.procedures.intake.rules.surveys.table import limit
from gis_service.registers.boundaries.rules import Course

_MOVES = {"GCJ-02": gcj02_of, "BD-09": bd09_of}
_STEPS = 3  # of the way back through an offset, each a hundred times nearer


def judge_shift(source: str, markers: Sequence[tuple[Point, Course]]) -> list[Finding]:
    """Whether markers lie far from their lines, and on them once an offset is taken off.

    Only what lies across a line shows; of too few markers nothing can be said.
    """
    if len(markers) < limit("offset_least_markers"):
        return []
    given: Floats = np.array([(point.x, point.y) for point, _ in markers])
    courses = [course for _, course in markers]
    off_m = _middle_m(given, courses)
    if not limit("offset_least_m") <= off_m <= limit("offset_greatest_m"):
        return []
    rests = {name: _middle_m(_before(given, move), courses) for name, move in _MOVES.items()}
    name = min(rests, key=lambda each: rests[each])
    if rests[name] > limit("offset_rest_share") * off_m:
        return []
    message = (
        f"{source}：疑似 {name} 加偏坐标：{len(markers)} 座界桩离所在界线的中位数为 {off_m:.0f} 米，"
        f"去掉 {name} 在当地的偏移后为 {rests[name]:.0f} 米"
    )
    way_out = "请向提供方索取 CGCS2000 成果；确为原始测量成果时请附坐标系说明"
    return [R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=way_out, class_=name)]


def _middle_m(places: Floats, courses: Sequence[Course]) -> float:
    feet = [course.foot(Point(place)).offset_m for place, course in zip(places, courses, strict=True)]
    return float(np.median(feet))


def _before(given: Floats, move: Callable[[Floats], Floats]) -> Floats:
    """The places that an offset moves to those given."""
    places = given.copy()
    for _ in range(_STEPS):
        places = places - (move(places) - given)
    return places
