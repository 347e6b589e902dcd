"""R-MRK-08: at least three bearing objects, whose directions and distances agree with coordinates."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pyproj import Geod
from shapely.geometry import Point

from gis_service.foundation.coordinates import convergence_at
from gis_service.foundation.crs import ELLIPSOID
from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.markers.rules.evidence import BearingFacts, MarkerFacts, PositionFacts
from gis_service.registers.markers.rules.thresholds import thresholds

R_MRK_08 = Rule(
    "R-MRK-08",
    "界桩至少有三个方位物，方位角在 0° 至 360° 之间，距离大于零，且与坐标反算一致",
    "GB/T 17796-2009 行政区域界线测绘规范",
    status="P",
)

_GEOD = Geod(ellps=ELLIPSOID)


def central_meridian(point: Point, position: PositionFacts | None) -> float:
    """The meridian of the zone the survey used; of the nearest 3° zone where it named none."""
    if position is None or position.zone is None or position.zone_width is None:
        return round(point.x / 3.0) * 3.0
    return position.zone * 6.0 - 3.0 if position.zone_width == 6 else position.zone * 3.0


def grid_bearing(start: Point, end: Point, meridian: float) -> tuple[float, float]:
    """The direction from grid north in degrees, and the distance in metres on the ellipsoid."""
    azimuth, _, metres = _GEOD.inv(start.x, start.y, end.x, end.y)
    return (float(azimuth) - convergence_at((start.x, start.y), meridian)) % 360.0, float(metres)


def judge_bearings(marker: MarkerFacts) -> Iterator[Finding]:
    """How many, within which bounds, and whether coordinates say the same."""
    least = thresholds().bearings
    if len(marker.bearings) < least:
        yield _finding(
            marker,
            Severity.blocking,
            f"只有 {len(marker.bearings)} 个方位物，至少应有 {least} 个",
            "请补选方位物，重测并登记方位角和距离",
        )
    for each in marker.bearings:
        wrong = _out_of_bounds(each)
        if wrong:
            yield _finding(marker, Severity.blocking, f"的方位物“{each.name}”{wrong}", "请按登记表核对")
        elif each.point is not None and marker.point is not None:
            yield from _recomputed(marker, marker.point, each, each.point)


def _out_of_bounds(bearing: BearingFacts) -> str:
    wrong = []
    if not 0.0 <= bearing.azimuth_deg < 360.0:
        wrong.append(f"方位角 {bearing.azimuth_deg:g}° 不在 0° 至 360° 之间")
    if not bearing.distance_m > 0.0:
        wrong.append(f"距离 {bearing.distance_m:g} m 不大于零")
    return "，".join(wrong)


def _recomputed(marker: MarkerFacts, here: Point, bearing: BearingFacts, there: Point) -> Iterator[Finding]:
    azimuth, metres = grid_bearing(here, there, central_meridian(here, marker.position))
    asked = thresholds()
    turned = abs((azimuth - bearing.azimuth_deg + 180.0) % 360.0 - 180.0)
    allowed = max(asked.bearing_deg, math.degrees(math.atan2(asked.bearing_m, metres)))
    if abs(metres - bearing.distance_m) > asked.bearing_m or turned > allowed:
        yield _finding(
            marker,
            Severity.blocking,
            f"的方位物“{bearing.name}”登记为 {bearing.azimuth_deg:.2f}°、{bearing.distance_m:.1f} m，"
            f"按坐标反算为 {azimuth:.2f}°、{metres:.1f} m",
            "请核对方位角（自坐标北量起）、距离和两点坐标",
        )


def _finding(marker: MarkerFacts, severity: Severity, what: str, way_out: str) -> Finding:
    return R_MRK_08.finding(
        severity, marker.number, f"界桩 {marker.number} {what}", place=marker.place, suggestion=way_out
    )
