"""R-INT-30 to R-INT-32: no unit twice, no ground twice, no name twice under one superior."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import shapely

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.evidence import Evidence, UnitRecord, at, place_of
from gis_service.registers.divisions.rules import judge_codes_unique

R_INT_30 = Rule("R-INT-30", "同一单位只有一行", "技术约定", status="M")
R_INT_31 = Rule("R-INT-31", "两个单位的面不相同", "技术约定", status="M")
R_INT_32 = Rule("R-INT-32", "同一上级之下不重名", "地名管理条例第九条", status="D")


def _groups(pairs: Iterable[tuple[object, UnitRecord]]) -> list[list[UnitRecord]]:
    groups: dict[object, list[UnitRecord]] = defaultdict(list)
    for key, unit in pairs:
        groups[key].append(unit)
    return [group for group in groups.values() if len(group) > 1]


def _rows(units: list[UnitRecord]) -> str:
    return "、".join(f"第{unit.row}行" for unit in units)


def each_unit_once(evidence: Evidence) -> list[Finding]:
    """R-INT-30: one code and name on several rows; whether they are parts of one, only the giver knows."""
    return [
        R_INT_30.finding(
            Severity.blocking,
            group[0].subject,
            f"{group[0].code} {group[0].name}有 {len(group)} 行：{_rows(group)}",
            suggestion="确为同一单位的几部分时加 --merge-parts 合并，否则请删去重复的行",
        )
        for group in _groups(((unit.code, unit.name), unit) for unit in evidence.units)
    ]


def each_code_one_name(evidence: Evidence) -> list[Finding]:
    """R-COD-05 within the delivery and against registered neighbours: one code, several names."""
    names = {(unit.code, unit.name) for unit in evidence.units}
    delivered = {unit.code for unit in evidence.units}
    names |= {(other.code, other.name) for other in evidence.registered if other.code in delivered}
    return judge_codes_unique(sorted(names))


def no_ground_twice(evidence: Evidence) -> list[Finding]:
    """R-INT-31: two rows with the same shape."""
    shapes = shapely.to_wkb(shapely.normalize(evidence.geometries))
    return [
        R_INT_31.finding(
            Severity.blocking,
            group[0].subject,
            f"{'、'.join(unit.subject for unit in group)}的面完全相同，位于{at(group[0].geometry)}",
            place=place_of(group[0].geometry.envelope),
            suggestion="请核对，每个单位只保留自己的面",
        )
        for group in _groups(zip(shapes.tolist(), evidence.units, strict=True))
    ]


def no_name_twice_under_one_superior(evidence: Evidence) -> list[Finding]:
    """R-INT-32: existing names may be lawful, so this only warns."""
    keyed = (((unit.superior_code, unit.name), unit) for unit in evidence.units)
    return [
        R_INT_32.finding(
            Severity.warning,
            group[0].subject,
            f"上级 {group[0].superior_code or '无'} 之下有 {len(group)} 个“{group[0].name}”：{_rows(group)}",
            suggestion="请核对名称",
        )
        for group in _groups(keyed)
        if len({unit.code for unit in group}) > 1
    ]
