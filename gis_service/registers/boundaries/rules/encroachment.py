"""R-BND-22: land of a user's layer that reaches over a line, told as a candidate and never decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import areas_km2
from gis_service.foundation.plane import plane_around
from gis_service.registers.boundaries.rules.thresholds import threshold

R_BND_22 = Rule(
    "R-BND-22",
    "越界使用土地的疑似图斑须逐处核查",
    "行政区域界线管理条例 第十条、第十六条",
    status="D",
    version="2026-1",
)
_M2 = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """An area of a user's layer, lon/lat; `unit` is the code it is kept under, where the layer tells it."""

    name: str
    unit: str | None
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class SideArea:
    """A lowest-level unit along the line: its own code and name, and the code of the side it belongs to."""

    code: str
    name: str
    side: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Encroachment:
    """A parcel that lies on both sides: square metres by unit, and the part that is beyond the line.

    `depth_m` tells how wide the part beyond is at most, `certain` whether the layer itself says whose it is.
    """

    parcel: str
    own: SideArea
    beyond: SideArea
    own_m2: float
    beyond_m2: float
    depth_m: float
    place: Point
    certain: bool


def encroaching(parcels: Sequence[Parcel], areas: Sequence[SideArea]) -> list[Encroachment]:
    """Parcels of which a part worth telling lies beyond the line, the largest parts first."""
    tree = shapely.STRtree([each.shape for each in areas])
    found = [
        each
        for parcel in parcels
        if (each := _judged(parcel, [areas[index] for index in sorted(tree.query(parcel.shape).tolist())]))
    ]
    return sorted(found, key=lambda each: -each.beyond_m2)


def _judged(parcel: Parcel, areas: Iterable[SideArea]) -> Encroachment | None:
    box = shapely.bounds(parcel.shape)
    parts = [
        (area, _polygons(shapely.clip_by_rect(area.shape, *box).intersection(parcel.shape))) for area in areas
    ]
    parts = [(area, part) for area, part in parts if not part.is_empty]
    if len({area.side for area, _ in parts}) < 2 and not _is_elsewhere(parcel, parts):
        return None
    sizes = dict(
        zip(range(len(parts)), (km2 * _M2 for km2 in areas_km2(part for _, part in parts)), strict=True)
    )
    by_side: dict[str, float] = {}
    for index, (area, _) in enumerate(parts):
        by_side[area.side] = by_side.get(area.side, 0.0) + sizes[index]
    own_side = _side_of(parcel.unit, [area for area, _ in parts]) or max(
        by_side, key=lambda side: by_side[side]
    )
    beyond = [index for index, (area, _) in enumerate(parts) if area.side != own_side]
    if not beyond:
        return None
    most = max(beyond, key=lambda index: sizes[index])
    own = max((i for i in sizes if i not in beyond), key=lambda i: sizes[i], default=most)
    part, depth = parts[most][1], _depth_m(parts[most][1])
    if sizes[most] < threshold("encroachment", "area_m2") or depth < threshold("encroachment", "depth_m"):
        return None
    return Encroachment(
        parcel=parcel.name,
        own=parts[own][0],
        beyond=parts[most][0],
        own_m2=by_side.get(own_side, 0.0),
        beyond_m2=sum(sizes[index] for index in beyond),
        depth_m=depth,
        place=shapely.point_on_surface(part),
        certain=parcel.unit is not None,
    )


def _is_elsewhere(parcel: Parcel, parts: Sequence[tuple[SideArea, BaseGeometry]]) -> bool:
    """Whether all of it lies on the side that is not its own."""
    return bool(parcel.unit and parts) and not any(_is_of(parcel.unit, area) for area, _ in parts)


def _side_of(unit: str | None, areas: Iterable[SideArea]) -> str | None:
    if unit is None:
        return None
    return next((area.side for area in areas if _is_of(unit, area)), unit)


def _is_of(unit: str | None, area: SideArea) -> bool:
    """Whether a code given by the layer names the unit, or the province or city it belongs to."""
    short = (unit or "").rstrip("0")
    short += "0" * (len(short) % 2)
    return area.code.startswith(short) or (unit or "").startswith(area.code)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _depth_m(part: BaseGeometry) -> float:
    """Twice the radius of the largest circle that fits into a part: how wide it is at its widest."""
    plane = plane_around(np.asarray([part], dtype=object))
    circle = shapely.maximum_inscribed_circle(plane.metres(part), tolerance=0.1)
    return 2.0 * float(shapely.length(circle))


def judge_encroachments(found: Iterable[Encroachment], accuracy_m: float | None) -> Iterator[Finding]:
    """A candidate each; the finding says so where the line is known less well than the part is wide."""
    for each in found:
        doubt = ""
        if accuracy_m is not None and each.depth_m <= accuracy_m:
            doubt = f"；界线点位精度 {accuracy_m:g} 米，不能据此认定"
        whose = f"登记在 {each.own.name} 一侧" if each.certain else f"大部分在 {each.own.name}"
        yield R_BND_22.finding(
            Severity.info if doubt else Severity.warning,
            each.parcel,
            f"图斑“{each.parcel}”{whose}，有 {each.beyond_m2:.0f} 平方米在界线另一侧的 {each.beyond.name}，"
            f"最宽 {each.depth_m:.1f} 米{doubt}",
            place=_geojson(each.place),
            suggestion="请查有无双方政府同意和批准；有的登记为跨界使用（boundaries use），没有的现场核查",
        )


def _geojson(point: Point) -> dict[str, Any]:
    told: dict[str, Any] = mapping(point)
    return told
