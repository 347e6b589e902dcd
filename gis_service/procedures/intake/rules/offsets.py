"""R-MAP-04: outlines that stand coherently beside the reference layer, as the offset grids of web maps do.

Units found in both are compared by their centroids: a centroid hardly feels how finely a line is drawn, but
moves with the whole outline. The shifts are then held against three explanations: GCJ-02 at that place, BD-09
at that place, and one uniform shift for all.
"""

from __future__ import annotations

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
    def size_m(self) -> float:
        return float(np.median(np.hypot(*self.metres.T)))

    @property
    def uniform(self) -> Floats:
        middle: Floats = np.median(self.metres, axis=0)
        return middle

    def rest_m(self, explained: Floats) -> float:
        """What is left, in the middle, when an explanation in metres is taken off."""
        return float(np.median(np.hypot(*(self.metres - explained).T)))


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
    if shifts.size_m < limit("offset", "least_survey_shift_m"):
        return []
    grids = {"GCJ-02": gcj02_of, "BD-09": bd09_of}
    offsets = {
        name: _metres(move(shifts.places) - shifts.places, shifts.places) for name, move in grids.items()
    }
    rests = {name: shifts.rest_m(offset) for name, offset in offsets.items()}
    name = min(rests, key=lambda key: rests[key])
    believed = limit("offset", "largest_rest_share") * shifts.size_m
    uniform_rest = shifts.rest_m(shifts.uniform)
    if rests[name] <= believed and (
        count < limit("offset", "least_units") or rests[name] <= uniform_rest * 1.5
    ):
        return [_suspected(name, shifts, rests[name], count)]
    if uniform_rest <= believed:
        return [_uniform(shifts, uniform_rest, count)]
    return []


def _suspected(name: str, shifts: _Shifts, rest_m: float, count: int) -> Finding:
    message = (
        f"疑似 {name} 加偏坐标：{count} 个单位相对已登记边界{_say(shifts)}，"
        f"与 {name} 在当地的偏移相符，余差 {rest_m:.0f} 米"
    )
    return R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=_UNKNOWN_WAY, class_=name)


def _uniform(shifts: _Shifts, rest_m: float, count: int) -> Finding:
    message = f"{count} 个单位相对已登记边界整体{_say(shifts)}，余差 {rest_m:.0f} 米，疑为基准或转换参数不同"
    way_out = "请核对坐标系与转换参数"
    return R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=way_out, class_="uniform")


def _say(shifts: _Shifts) -> str:
    east, north = shifts.uniform
    across = f"向{'东' if east >= 0 else '西'} {abs(east):.0f} 米"
    along = f"向{'北' if north >= 0 else '南'} {abs(north):.0f} 米"
    return f"{across}、{along}（约 {shifts.size_m:.0f} 米）"
