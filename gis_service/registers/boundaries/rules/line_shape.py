"""R-BND-04: a line is the common edge of its sides; small gaps in it and slivers beside it are reported."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import LineString, Polygon

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.plane import plane_around
from gis_service.registers.boundaries.rules.courses import Course, gaps_m
from gis_service.registers.boundaries.rules.thresholds import threshold

R_BND_04 = Rule(
    id="R-BND-04",
    title="界线的线形即两侧共同的边，超出容差的碎块、缝隙和重叠须指出",
    legal_basis="技术约定",
    status="D",
    version="2026-1",
)


def judge_shape(subject: str, course: Course) -> list[Finding]:
    """Gaps between parts of a line that are meant to meet, and rings too narrow to be anybody's land."""
    return [*_gaps(subject, course), *_slivers(subject, course)]


def _gaps(subject: str, course: Course) -> Iterator[Finding]:
    for (one, other), gap_m in zip(pairwise(course.parts), gaps_m(course), strict=True):
        if 0 < gap_m <= threshold("shape", "gap_m"):
            joint = LineString([one.coords[-1], other.coords[0]])
            yield R_BND_04.finding(
                Severity.warning,
                subject,
                f"线形在此断开 {gap_m:.2f} 米，小于容差 {threshold('shape', 'gap_m'):g} 米",
                place=_geojson(joint),
                suggestion="两段可能本应相接，请核对两侧的范围",
            )


def _slivers(subject: str, course: Course) -> Iterator[Finding]:
    width = threshold("shape", "sliver_m")
    for part in course.parts:
        if not part.is_closed:
            continue
        ring = Polygon(part.coords)
        if plane_around([ring]).metres(ring).buffer(-width / 2).is_empty:
            yield R_BND_04.finding(
                Severity.warning,
                subject,
                f"线形中有一处闭合的碎块，宽不足 {width:g} 米",
                place=_geojson(part),
                suggestion="请核对该碎块归属哪一侧",
            )


def _geojson(shape: LineString) -> dict[str, Any]:
    told: dict[str, Any] = shapely.geometry.mapping(shape)
    return told
