"""R-INT-20 to R-INT-23: units lie side by side without gaps and overlaps.

A double claim is reported with both claimants and never decided: whose land it is, governments settle.
"""

from __future__ import annotations

from collections import defaultdict

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import SQUARE_METRES_PER_KM2
from gis_service.procedures.intake.rules.evidence import Evidence, at, place_of
from gis_service.procedures.intake.rules.faults import Fault

BASIS = "GB/T 17796-2009：相邻界线共用同一条界线"
R_INT_20 = Rule("R-INT-20", "相邻单位之间没有缝隙", BASIS, status="D")
R_INT_21 = Rule("R-INT-21", "相邻单位之间没有重叠碎面", BASIS, status="D")
R_INT_22 = Rule("R-INT-22", "同一地块不由两个单位同时主张", "行政区域界线管理条例第二条", status="D")
R_INT_23 = Rule("R-INT-23", "被包围的空白有说明", BASIS, status="D")


def units_lie_side_by_side(evidence: Evidence) -> list[Finding]:
    """R-INT-20 to R-INT-23; faults between registered neighbours alone are not this delivery's."""
    delivered = len(evidence.units)
    grouped: dict[tuple[bool, bool, tuple[int, ...]], list[Fault]] = defaultdict(list)
    for fault in evidence.faults:
        if any(index < delivered for index in fault.claimants):
            grouped[fault.is_gap, fault.is_mendable, fault.claimants].append(fault)
    return [_report(evidence, faults) for faults in grouped.values()]


def _report(evidence: Evidence, faults: list[Fault]) -> Finding:
    """One finding for all faults of one kind between the same claimants, the largest named first."""
    faults = sorted(faults, key=lambda fault: -fault.area_m2)
    names = [evidence.claimants[index].subject for index in faults[0].claimants]
    total = sum(fault.area_m2 for fault in faults)
    place: BaseGeometry = shapely.multipolygons([fault.piece for fault in faults])
    extent = f"{len(faults)} 处，共{_area(total)}，最大一处在{at(faults[0].piece)}"
    rule, severity, message, way_out = _words(faults[0], names, extent)
    return rule.finding(severity, "；".join(names), message, place=place_of(place), suggestion=way_out)


def _words(fault: Fault, names: list[str], extent: str) -> tuple[Rule, Severity, str, str]:
    who = "、".join(names)
    mend = "请在源数据改正，或用 --repair 修复后核对面积变动"
    if not fault.is_gap and fault.is_mendable:
        return R_INT_21, Severity.blocking, f"{who}之间有重叠碎面{extent}", mend
    if not fault.is_gap:
        way_out = "归属应由双方人民政府核定，请更正来件后重新提交；系统不作选择"
        return R_INT_22, Severity.blocking, f"{who}同时主张同一地块{extent}", way_out
    if not fault.is_mendable:
        return R_INT_23, Severity.info, f"{who}围有空白{extent}", "请确认是湖泊、海域还是缺少单位"
    if len(names) == 1:
        return R_INT_20, Severity.warning, f"{who}内有小空洞{extent}", "请确认是否为数字化残留"
    return R_INT_20, Severity.blocking, f"{who}之间有缝隙{extent}", mend


def _area(area_m2: float) -> str:
    if area_m2 >= SQUARE_METRES_PER_KM2 / 100:
        return f" {area_m2 / SQUARE_METRES_PER_KM2:.4f} 平方千米"
    return f" {area_m2:.1f} 平方米"
