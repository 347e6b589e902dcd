"""Units whose superior a table leaves out: refused, or taken from a table next to it where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle import R_HIS_01, Table

_LISTED = 5


def with_superiors(tables: Sequence[Table], *, mend: bool) -> tuple[list[Table], list[Finding]]:
    """The tables, each with every superior; one finding per superior that was missing."""
    whole: list[Table] = []
    findings: list[Finding] = []
    for table in tables:
        missing = [above for above in table.inferiors if above and above not in table.units]
        names = {above: _name_nearby(above, table, tables) if mend else "" for above in missing}
        findings += [_told(table, above, name) for above, name in names.items()]
        supplied = {above: name for above, name in names.items() if name}
        whole.append(replace(table, units={**table.units, **supplied}) if supplied else table)
    return whole, findings


def _name_nearby(code: str, table: Table, tables: Sequence[Table]) -> str:
    """What the table nearest in time that has a code calls it; empty where none has."""
    having = [each for each in tables if code in each.units]
    nearest = min(having, key=lambda each: abs(each.day - table.day), default=None)
    return nearest.units[code] if nearest is not None else ""


def _told(table: Table, above: str, name: str) -> Finding:
    below = table.inferiors[above]
    listed = "、".join(f"{code} {table.units[code]}" for code in below[:_LISTED])
    more = f"等 {len(below)} 个" if len(below) > _LISTED else ""
    what = f"{table.file}：没有上级 {above}，而有其下级 {listed}{more}"
    if name:
        what = f"{what}；按相邻年份补为“{name}”"
    severity = Severity.warning if name else Severity.blocking
    return R_HIS_01.finding(severity, f"{table.file} {above}", what, suggestion="请在表中补上上级单位")
