"""R-INT-10 to R-INT-12: each unit's own geometry is valid, has no specks and no spikes."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPoint

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import SQUARE_METRES_PER_KM2, area_km2
from gis_service.procedures.intake.rules.evidence import Evidence, at, place_of, point_place
from gis_service.procedures.intake.rules.faults import Geometries
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit

BASIS = "OGC 06-103r4（ISO 19125-1）简单要素几何"
R_INT_10 = Rule("R-INT-10", "面几何自身有效：不自交、环不重复、壳不嵌套", BASIS)
R_INT_11 = Rule("R-INT-11", "面内没有过小的部分", "技术约定", status="M")
R_INT_12 = Rule("R-INT-12", "边线没有尖刺", "技术约定", status="M")

_REASON = re.compile(r"^(?P<kind>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]")
_KINDS = {
    "Self-intersection": "边线自相交（含蝴蝶结形）",
    "Ring Self-intersection": "环在一点自相接",
    "Nested shells": "外环套外环",
    "Holes are nested": "内环套内环",
    "Hole lies outside shell": "内环在外环之外",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "环的点数不足",
    "Invalid Coordinate": "坐标不是有限数",
    "Interior is disconnected": "面的内部被切断",
}


def geometry_is_valid(evidence: Evidence) -> list[Finding]:
    """R-INT-10, with the place of the first fault of each unit."""
    bad = np.flatnonzero(~evidence.valid)
    reasons = shapely.is_valid_reason(evidence.geometries[bad])
    return [_invalid(evidence, int(index), str(reason)) for index, reason in zip(bad, reasons, strict=True)]


def _invalid(evidence: Evidence, index: int, reason: str) -> Finding:
    found = _REASON.match(reason)
    kind = found["kind"].strip() if found else reason
    place = point_place(float(found["x"]), float(found["y"])) if found else None
    where = f"，位于东经{float(found['x']):.6f}°、北纬{float(found['y']):.6f}°" if found else ""
    return R_INT_10.finding(
        Severity.blocking,
        evidence.units[index].subject,
        f"几何无效：{_KINDS.get(kind, kind)}{where}",
        place=place,
        suggestion="请在源数据改正，或用 --repair 修复后核对面积变动",
    )


def no_specks(evidence: Evidence) -> list[Finding]:
    """R-INT-11: parts too small to be land or water of a unit are listed, one finding per unit."""
    parts, owner = shapely.get_parts(evidence.geometries, return_index=True)
    largest = limit("geometry", "small_part_m2")
    suspects = np.flatnonzero(shapely.area(parts) * METRES_PER_DEGREE**2 < 4 * largest)
    small: dict[int, list[int]] = {}
    for part in suspects:
        if area_km2(parts[part]) * SQUARE_METRES_PER_KM2 < largest:
            small.setdefault(int(owner[part]), []).append(int(part))
    return [_specks(evidence, index, parts[found]) for index, found in small.items()]


def _specks(evidence: Evidence, index: int, parts: Geometries) -> Finding:
    return R_INT_11.finding(
        Severity.warning,
        evidence.units[index].subject,
        f"有 {len(parts)} 个部分小于 {limit('geometry', 'small_part_m2'):g} 平方米，首处在{at(parts[0])}",
        place=place_of(shapely.multipolygons(list(parts))),
        suggestion="请确认是岛屿还是数字化残留",
    )


def no_spikes(evidence: Evidence) -> list[Finding]:
    """R-INT-12: corners sharper than the limit between two long arms, one finding per unit."""
    xy, owner = _spikes(evidence.geometries)
    return [
        _spike(evidence, int(index), xy[owner == index])
        for index in np.unique(owner)
        if evidence.valid[index]
    ]


def _spike(evidence: Evidence, index: int, xy: npt.NDArray[np.float64]) -> Finding:
    angle = limit("geometry", "spike_angle_degrees")
    return R_INT_12.finding(
        Severity.warning,
        evidence.units[index].subject,
        f"有 {len(xy)} 处尖刺（夹角小于 {angle:g}°），首处在东经{xy[0][0]:.6f}°、北纬{xy[0][1]:.6f}°",
        place=place_of(MultiPoint(xy)),
        suggestion="请核对是否为数字化错误",
    )


def _spikes(geometries: Geometries) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Tips of spikes and the index of their geometry. Angles in local metres, closing vertex included."""
    rings, of_geometry = shapely.get_rings(shapely.get_parts(geometries), return_index=True)
    part_owner = shapely.get_parts(geometries, return_index=True)[1]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return xy, np.zeros(0, dtype=np.int64)
    before, after = _arms(xy, ring)
    longest = limit("geometry", "spike_length_m")
    lengths = np.hypot(*before.T), np.hypot(*after.T)
    cosine = -(before * after).sum(axis=1) / np.maximum(lengths[0] * lengths[1], 1e-12)
    sharp = cosine > np.cos(np.radians(limit("geometry", "spike_angle_degrees")))
    tips = np.flatnonzero(sharp & (lengths[0] > longest) & (lengths[1] > longest))
    owner: npt.NDArray[np.int64] = part_owner[of_geometry[ring[tips]]].astype(np.int64)
    return xy[tips], owner


def _arms(
    xy: npt.NDArray[np.float64], ring: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Per vertex the step that leads to it and the step that leaves it, in metres; zero at ring ends.

    The first vertex of a ring gets the ring's last step as the one leading to it; the closing one gets none.
    """
    scale = np.column_stack([np.cos(np.radians(xy[:, 1])), np.ones(len(xy))]) * METRES_PER_DEGREE
    steps = np.diff(xy, axis=0) * scale[:-1]
    same = ring[1:] == ring[:-1]
    after = np.zeros_like(xy)
    after[:-1][same] = steps[same]
    before = np.zeros_like(xy)
    before[1:][same] = steps[same]
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    last = np.append(first[1:], len(ring)) - 1
    before[first] = before[last]
    return before, after
