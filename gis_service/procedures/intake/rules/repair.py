"""R-INT-80 to R-INT-82: mend what needs no choice of an owner, and account for every square metre.

Ground that two units claim, and blanks that may be lakes, take part in the cleaning as pieces of their own:
so the cleaning can neither award the one nor fill the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import SQUARE_METRES_PER_KM2, area_km2
from gis_service.procedures.intake.rules.borders import borders_share_their_vertices, inlets
from gis_service.procedures.intake.rules.evidence import (
    Delivery,
    Evidence,
    UnitRecord,
    as_array,
    mend,
    place_of,
)
from gis_service.procedures.intake.rules.faults import Fault, Geometries
from gis_service.procedures.intake.rules.slits import closed
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit

R_INT_80 = Rule("R-INT-80", "修复如实报告每个单位的面积变动", "技术约定", status="M")
R_INT_81 = Rule("R-INT-81", "修复不使单位消失或明显改变", "技术约定", status="M")
R_INT_82 = Rule("R-INT-82", "修复不决定双方同时主张的地块归属", "行政区域界线管理条例第二条", status="D")

_PASSES = 4  # one pass may lay bare a slit that a coarser fault hid
_ROUNDS = 6  # each round brings the clean coverage back to the grid; one is usual, two are rare


@dataclass(frozen=True, slots=True)
class AreaMoved:
    """What mending did to one unit's ground, against its geometry as delivered (made valid by itself)."""

    row: int
    code: str
    name: str
    before_km2: float
    after_km2: float
    gained_km2: float
    lost_km2: float


def repair(delivery: Delivery) -> tuple[Delivery, list[AreaMoved], list[Finding]]:
    """Mended delivery on the storage grid, the area moved per unit, and what is to be known about it.

    A delivery with nothing to mend comes back unchanged. Double claims stay as delivered and stay blocking;
    a unit that vanishes keeps its old geometry in the result, with a blocking finding.
    """
    evidence = Evidence(delivery)
    findings = [_kept_double_claim(evidence, fault) for fault in _disputed(evidence)]
    if _is_mended(evidence):
        return delivery, [], findings
    mended = _mended(evidence)
    if mended is None:
        return delivery, [], [*findings, _beyond_repair()]
    return _account(evidence, mended, findings)


def _mended(evidence: Evidence) -> Geometries | None:
    """Passes of cleaning until nothing mendable is left; None when some stays."""
    current = evidence
    for _ in range(_PASSES):
        clean = _cleaned(current)
        if clean is None:
            return None
        units = (replace(unit, geometry=shape) for unit, shape in zip(evidence.units, clean, strict=True))
        current = Evidence(replace(evidence.delivery, units=tuple(units)))
        if _is_mended(current):
            return clean
    return None


def _is_mended(evidence: Evidence) -> bool:
    """Whether nothing is left but double claims and blanks, as the rules of coverage and borders see it."""
    return bool(
        evidence.valid.all()
        and not any(fault.is_mendable for fault in evidence.faults)
        and not borders_share_their_vertices(evidence)
        and not inlets(evidence, limit("coverage", "blocking_inlet_m"))
    )


def _disputed(evidence: Evidence) -> list[Fault]:
    return [fault for fault in evidence.faults if not fault.is_gap and not fault.is_mendable]


def _is_clean(geometries: Geometries) -> bool:
    return bool(shapely.coverage_is_valid(geometries))


def _cleaned(evidence: Evidence) -> Geometries | None:
    """Claims without mendable faults, disputed pieces given back to all who claim them; None on failure."""
    disputed = _disputed(evidence)
    blanks = [fault for fault in evidence.faults if fault.is_gap and not fault.is_mendable]
    pieces = as_array([fault.piece for fault in (*disputed, *blanks)])
    sole = closed(evidence.claims, inlets(evidence, limit("coverage", "blocking_inlet_m")))
    for fault in disputed:
        for index in fault.claimants:
            sole[index] = _polygonal(shapely.difference(sole[index], fault.piece))
    clean = _on_grid(np.concatenate([sole, pieces]))
    if clean is None:
        return None
    result = clean[: len(sole)]
    for fault, piece in zip(disputed, clean[len(sole) :], strict=False):  # blanks come last
        for index in fault.claimants:
            result[index] = shapely.union_all([result[index], piece])
    return result


def _on_grid(geometries: Geometries) -> Geometries | None:
    """A valid coverage on the grid; None on failure. Rounding may tear what was cleaned, so repeat."""
    width_degrees = limit("repair", "gap_width_m") / METRES_PER_DEGREE
    snap_degrees = limit("repair", "snap_m") / METRES_PER_DEGREE
    for _ in range(_ROUNDS):
        clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
            geometries, gap_width=width_degrees, snapping_distance=snap_degrees
        )
        rounded = on_grid(as_array(list(clean)))
        if shapely.is_valid(rounded).all() and _is_clean(rounded):
            return rounded
        geometries = mend(rounded)
    return None


def on_grid(geometries: Geometries) -> Geometries:
    """The same geometries, every vertex rounded to the storage grid: equal vertices stay equal."""
    xy = np.round(shapely.get_coordinates(geometries), GEOJSON_DECIMALS)
    rounded = shapely.set_coordinates(geometries.copy(), xy)
    return np.asarray(shapely.remove_repeated_points(rounded, 0.0), dtype=object)


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _account(
    evidence: Evidence, mended: Geometries, findings: list[Finding]
) -> tuple[Delivery, list[AreaMoved], list[Finding]]:
    units, moved = [], []
    for unit, before, after in zip(evidence.units, evidence.claims, mended, strict=True):
        if shapely.is_empty(after):
            findings.append(_vanished(unit))
            units.append(unit)
            continue
        units.append(replace(unit, geometry=after))
        change = None if before.equals_exact(after, 0.0, normalize=True) else _moved(unit, before, after)
        if change is not None:
            moved.append(change)
            findings.append(_judge_move(unit, change))
    return replace(evidence.delivery, units=tuple(units)), moved, findings


def _moved(unit: UnitRecord, before: BaseGeometry, after: BaseGeometry) -> AreaMoved:
    return AreaMoved(
        unit.row,
        unit.code,
        unit.name,
        before_km2=area_km2(before),
        after_km2=area_km2(after),
        gained_km2=area_km2(_polygonal(shapely.difference(after, before))),
        lost_km2=area_km2(_polygonal(shapely.difference(before, after))),
    )


def _judge_move(unit: UnitRecord, change: AreaMoved) -> Finding:
    largest = max(change.gained_km2, change.lost_km2)
    if largest * SQUARE_METRES_PER_KM2 < limit("coverage", "noise_area_m2"):
        message = f"修复为{unit.subject}增补或移动了节点，没有可计的面积变动"
        return R_INT_80.finding(Severity.info, unit.subject, message, suggestion="无须处理")
    too_much = (
        largest > limit("repair", "largest_area_km2")
        or largest > limit("repair", "largest_share") * change.before_km2
    )
    message = (
        f"修复使{unit.subject}增加 {_m2(change.gained_km2)}、减少 {_m2(change.lost_km2)}，"
        f"面积由 {change.before_km2:.4f} 变为 {change.after_km2:.4f} 平方千米"
    )
    if too_much:
        way_out = "变动过大，请在源数据改正后重新提交"
        return R_INT_81.finding(Severity.blocking, unit.subject, message, suggestion=way_out)
    return R_INT_80.finding(Severity.info, unit.subject, message, suggestion="请核对变动")


def _m2(km2: float) -> str:
    return f"{km2 * SQUARE_METRES_PER_KM2:.1f} 平方米"


def _vanished(unit: UnitRecord) -> Finding:
    message = f"修复后{unit.subject}的面消失，已保留原面"
    way_out = "请在源数据改正后重新提交"
    return R_INT_81.finding(Severity.blocking, unit.subject, message, suggestion=way_out)


def _kept_double_claim(evidence: Evidence, fault: Fault) -> Finding:
    who = "、".join(evidence.claimants[index].subject for index in fault.claimants)
    message = f"{who}同时主张的地块（{_m2(fault.area_m2 / SQUARE_METRES_PER_KM2)}）未作修复，归属不由系统选择"
    way_out = "归属应由双方人民政府核定，请更正来件后重新提交"
    return R_INT_82.finding(
        Severity.blocking,
        who,
        message,
        place=place_of(fault.piece),
        suggestion=way_out,
    )


def _beyond_repair() -> Finding:
    message = "修复后仍有缝隙、重叠或无效的面，来件保持原样"
    return R_INT_81.finding(Severity.blocking, "来件", message, suggestion="请在源数据改正后重新提交")
