"""R-INT-24 and R-INT-25: neighbours share every vertex of their border, and no narrow inlet parts them.

Both ask GEOS for the invalid edges of the coverage; what encloses ground is told by the coverage rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import length_km
from gis_service.procedures.intake.rules.coverage import BASIS
from gis_service.procedures.intake.rules.evidence import Evidence, at, place_of
from gis_service.procedures.intake.rules.faults import Geometries
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit

R_INT_24 = Rule("R-INT-24", "相邻单位的公共边线节点一致", BASIS, status="D")
R_INT_25 = Rule("R-INT-25", "相邻单位之间没有开口的狭缝", BASIS, status="D")

_NEAR_DEGREES = 1e-6  # about 0.1 m: edges that touch a fault already told


@dataclass(frozen=True, slots=True)
class Stretch:
    """Connected invalid edges and the claimants, indices of `Evidence.claims`, they belong to."""

    lines: BaseGeometry
    claimants: tuple[int, ...]


def borders_share_their_vertices(evidence: Evidence) -> list[Finding]:
    """R-INT-24: edges that are neither matched nor part of a gap or overlap worth telling."""
    return [
        R_INT_24.finding(
            Severity.blocking,
            _names(evidence, stretch),
            f"{_names(evidence, stretch)}的公共边线节点不一致，长 {_length_m(stretch):.1f} 米，"
            f"在{at(stretch.lines)}",
            place=place_of(stretch.lines),
            suggestion="请在源数据中使两侧节点一致，或用 --repair 修复后核对面积变动",
        )
        for stretch in _stretches(_edges(evidence, 0.0), evidence)
    ]


def no_inlet_parts_neighbours(evidence: Evidence) -> list[Finding]:
    """R-INT-25: an inlet narrower than a drawing error blocks; up to the width of a sliver it warns.

    Inlets inside one unit are its own shape and part nobody.
    """
    narrow_m, wide_m = limit("coverage", "blocking_inlet_m"), limit("coverage", "sliver_width_m")
    narrow = inlets(evidence, narrow_m)
    told = STRtree([stretch.lines for stretch in narrow])
    wide = [
        stretch
        for stretch in inlets(evidence, wide_m)
        if not len(told.query(stretch.lines, predicate="intersects"))
    ]
    return [_inlet(evidence, stretch, narrow_m, Severity.blocking) for stretch in narrow] + [
        _inlet(evidence, stretch, wide_m, Severity.warning) for stretch in wide
    ]


def inlets(evidence: Evidence, width_m: float) -> list[Stretch]:
    """Where two claimants stand closer than `width_m` and share no border, open to the outside."""
    unmatched = STRtree([stretch.lines for stretch in _stretches(_edges(evidence, 0.0), evidence)])
    return [
        stretch
        for stretch in _stretches(_edges(evidence, width_m), evidence)
        if len(stretch.claimants) > 1 and not len(unmatched.query(stretch.lines, predicate="intersects"))
    ]


def _edges(evidence: Evidence, width_m: float) -> Geometries:
    """Invalid edges per claimant; only suspects are asked again, each among all its neighbours."""
    suspects = np.flatnonzero(~shapely.is_empty(evidence.suspect_edges))
    edges = np.full(len(evidence.claims), shapely.LineString(), dtype=object)
    if not len(suspects):
        return edges
    tree = STRtree(evidence.claims)
    width_degrees = width_m / METRES_PER_DEGREE
    reach = limit("coverage", "sliver_width_m") / METRES_PER_DEGREE
    west, south, east, north = shapely.bounds(evidence.claims[suspects]).T
    boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
    around = np.unique(np.concatenate([suspects, tree.query(boxes)[1]]))
    asked = shapely.coverage_invalid_edges(evidence.claims[around], gap_width=width_degrees)
    edges[around] = asked
    edges[np.setdiff1d(around, suspects)] = shapely.LineString()
    return edges


def _inlet(evidence: Evidence, stretch: Stretch, width_m: float, severity: Severity) -> Finding:
    names = _names(evidence, stretch)
    return R_INT_25.finding(
        severity,
        names,
        f"{names}之间有宽不足 {width_m:g} 米的开口狭缝，"
        f"边长合计 {_length_m(stretch):.0f} 米，在{at(stretch.lines)}",
        place=place_of(stretch.lines),
        suggestion="请确认是水道，还是两侧界线未接合",
    )


def _stretches(edges: Geometries, evidence: Evidence) -> list[Stretch]:
    """Connected groups of invalid edges that do not run along a fault already told."""
    lines, owner = shapely.get_parts(edges, return_index=True)
    lines, owner = lines[~shapely.is_empty(lines)], owner[~shapely.is_empty(lines)]
    told = STRtree([fault.piece for fault in evidence.faults])
    near = np.unique(told.query(lines, predicate="dwithin", distance=_NEAR_DEGREES)[0])
    kept = np.setdiff1d(np.arange(len(lines)), near)
    if not len(kept):
        return []
    lines, owner = lines[kept], owner[kept]
    reach = limit("coverage", "sliver_width_m") / METRES_PER_DEGREE
    group = _connected(lines, reach)
    found = (
        Stretch(shapely.union_all(lines[group == i]), tuple(np.unique(owner[group == i]).tolist()))
        for i in np.unique(group)
    )
    return [stretch for stretch in found if min(stretch.claimants) < len(evidence.units)]


def _connected(lines: Geometries, reach: float) -> npt.NDArray[np.int64]:
    """Group number per line: lines within `reach` degrees of one another stand in one group."""
    left, right = STRtree(lines).query(lines, predicate="dwithin", distance=reach)
    group = np.arange(len(lines))
    while True:
        lowest = group.copy()
        np.minimum.at(lowest, left, group[right])
        if (lowest == group).all():
            return group
        group = lowest


def _names(evidence: Evidence, stretch: Stretch) -> str:
    return "、".join(evidence.claimants[index].subject for index in stretch.claimants)


def _length_m(stretch: Stretch) -> float:
    return length_km(stretch.lines) * 1000.0
