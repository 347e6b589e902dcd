"""R-INT-72: the units below one that was entered as a whole make up its area, all of it and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import area_km2
from gis_service.foundation.plane import plane_around
from gis_service.procedures.intake.rules.evidence import Registered, UnitRecord, at, place_of
from gis_service.procedures.intake.rules.thresholds import limit
from gis_service.registers.boundaries.rules import cutting_tolerance

R_INT_72 = Rule("R-INT-72", "下级各单位合起来等于按整体入库的上级", "行政区域界线管理条例第二条", status="D")


def reach_m(*, mended: bool) -> float:
    """How far the outer border may be drawn beside the registered one and still mean it."""
    return limit("coverage", "sliver_width_m") if mended else cutting_tolerance().snap_m


def fills(units: Sequence[UnitRecord], whole: Registered, *, mended: bool) -> list[Finding]:
    """What of the whole the units leave out, and where they reach beyond it; what is near it means it."""
    reach = reach_m(mended=mended)
    plane = plane_around([whole.geometry])
    union = shapely.union_all([plane.metres(unit.geometry) for unit in units])
    registered = plane.metres(whole.geometry)
    found = []
    for rest, what in (
        (shapely.difference(registered, union.buffer(reach)), "没有覆盖的"),
        (shapely.difference(union, registered.buffer(reach)), "超出的"),
    ):
        if not rest.is_empty and rest.area > limit("coverage", "noise_area_m2"):
            found.append(_amiss(whole, plane.degrees(rest), what, reach))
    return found or list(_moved(whole, plane.degrees(shapely.symmetric_difference(registered, union))))


def _amiss(whole: Registered, rest: BaseGeometry, what: str, reach: float) -> Finding:
    largest = max(shapely.get_parts(rest), key=lambda piece: piece.area)
    message = (
        f"{whole.code} {whole.name}的下级单位合起来{what} {area_km2(rest):.4f} 平方千米"
        f"（距其界线 {reach:g} 米以内的不计），最大一处在{at(largest)}"
    )
    way_out = "请补齐该单位的全部下级，外缘以登记的界线为准；外缘略有出入的加 --repair"
    return R_INT_72.finding(
        Severity.blocking,
        f"{whole.code} {whole.name}",
        message,
        place=place_of(rest),
        suggestion=way_out,
    )


def _moved(whole: Registered, moved: BaseGeometry) -> Iterator[Finding]:
    message = f"{whole.code} {whole.name}的范围改由下级组成，外缘不变"
    if area_km2(moved) > 0:
        message = f"{message}；来件外缘与登记相差 {area_km2(moved):.4f} 平方千米，以登记为准"
    yield R_INT_72.finding(Severity.info, f"{whole.code} {whole.name}", message)
