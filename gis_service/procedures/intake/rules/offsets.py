"""R-MAP-04: outlines that stand coherently beside the reference layer, as the offset grids of web maps do.

Units found in both are compared by their centroids: a centroid hardly feels how finely a line is drawn, but
moves with the whole outline. A median shift beyond doubt is then held against the offset of GCJ-02 and of
BD-09 at each place; what neither explains is a survey shift.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.offset_grids import Floats, bd09_of, gcj02_of
from gis_service.procedures.intake.rules.evidence import Evidence, Registered, UnitRecord, as_array
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit

R_MAP_04 = Rule("R-MAP-04", "来件与已登记边界之间没有成片偏移", "地图管理条例；GCJ-02 无公开公式", status="M")

_UNKNOWN_WAY = "请向提供方索取 CGCS2000 成果；确为原始测量成果时请附坐标系说明"


@dataclass(frozen=True, slots=True)
class _Shifts:
    """Per matched unit: shift of its centroid in metres east and north, and the place it was taken at."""

    metres: Floats
    places: Floats

    @property
    def middle(self) -> Floats:
        """The median shift: outlines that were redrawn do not move it."""
        return _median(self.metres)

    @property
    def size_m(self) -> float:
        return float(np.hypot(*self.middle))

    @property
    def scatter_m(self) -> float:
        """How far the shift of a unit in the middle is from the median shift."""
        return float(np.median(np.hypot(*(self.metres - self.middle).T)))

    @property
    def doubt_m(self) -> float:
        """Standard error of the median shift: scatter shrinks with the number of units."""
        return 1.5 * self.scatter_m / math.sqrt(len(self.metres))

    def rest_m(self, explained: Floats) -> float:
        """Size of the median shift that is left when an explanation, per unit in metres, is taken off."""
        return float(np.hypot(*_median(self.metres - explained)))


def _median(metres: Floats) -> Floats:
    middle: Floats = np.median(metres, axis=0)
    return middle


def no_coherent_offset(evidence: Evidence) -> list[Finding]:
    """R-MAP-04; without a reference, or with too few common units, it says that it cannot know."""
    if evidence.reference is None:
        return [_cannot_know("没有可比对的已登记边界，无法判断是否为 GCJ-02、BD-09 加偏坐标")]
    pairs = _common(evidence.units, evidence.reference)
    if not pairs:
        return [_cannot_know("来件与比对图层没有可比的同代码单位，无法判断是否为加偏坐标")]
    return _judge_shifts(_shifts(pairs), len(pairs))


def _cannot_know(message: str) -> Finding:
    return R_MAP_04.finding(Severity.info, "坐标系", message, suggestion="请核对来源的坐标系说明")


def _common(
    units: Sequence[UnitRecord], reference: Sequence[Registered]
) -> list[tuple[UnitRecord, Registered]]:
    """Units in both, of nearly the same area: a unit that was changed says nothing about offsets."""
    known = {other.code: other for other in reference}
    pairs = [(unit, known[unit.code]) for unit in units if unit.code in known]
    if not pairs:
        return []
    ours = shapely.area(as_array([unit.geometry for unit, _ in pairs]))
    theirs = shapely.area(as_array([other.geometry for _, other in pairs]))
    alike = np.abs(ours / np.maximum(theirs, 1e-18) - 1.0) <= limit("offset", "largest_area_difference")
    return [pair for pair, fits in zip(pairs, alike, strict=True) if fits]


def _shifts(pairs: Sequence[tuple[UnitRecord, Registered]]) -> _Shifts:
    ours = _centroids([unit.geometry for unit, _ in pairs])
    theirs = _centroids([other.geometry for _, other in pairs])
    return _Shifts(_metres(ours - theirs, theirs), theirs)


def _centroids(geometries: Sequence[BaseGeometry]) -> Floats:
    xy: Floats = shapely.get_coordinates(shapely.centroid(as_array(geometries)))
    return xy


def _metres(degrees: Floats, at: Floats) -> Floats:
    scale = np.column_stack([np.cos(np.radians(at[:, 1])), np.ones(len(at))]) * METRES_PER_DEGREE
    return degrees * scale


def _judge_shifts(shifts: _Shifts, count: int) -> list[Finding]:
    least_m = max(limit("offset", "least_survey_shift_m"), limit("offset", "least_errors") * shifts.doubt_m)
    if shifts.size_m < least_m:
        return []
    rests = {
        name: shifts.rest_m(_metres(move(shifts.places) - shifts.places, shifts.places))
        for name, move in {"GCJ-02": gcj02_of, "BD-09": bd09_of}.items()
    }
    name = min(rests, key=lambda key: rests[key])
    if rests[name] <= limit("offset", "largest_rest_share") * shifts.size_m:
        return [_suspected(name, shifts, rests[name], count)]
    return [_uniform(shifts, count)]


def _suspected(name: str, shifts: _Shifts, rest_m: float, count: int) -> Finding:
    message = (
        f"疑似 {name} 加偏坐标：{count} 个单位相对已登记边界{_say(shifts)}，"
        f"与 {name} 在当地的偏移相符，余差 {rest_m:.0f} 米"
    )
    return R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=_UNKNOWN_WAY, class_=name)


def _uniform(shifts: _Shifts, count: int) -> Finding:
    message = (
        f"{count} 个单位相对已登记边界整体{_say(shifts)}，离散 {shifts.scatter_m:.0f} 米，"
        "疑为基准或转换参数不同"
    )
    way_out = "请核对坐标系与转换参数"
    return R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=way_out, class_="uniform")


def _say(shifts: _Shifts) -> str:
    east, north = shifts.middle
    across = f"向{'东' if east >= 0 else '西'} {abs(east):.0f} 米"
    along = f"向{'北' if north >= 0 else '南'} {abs(north):.0f} 米"
    return f"{across}、{along}（约 {shifts.size_m:.0f} 米）"
