"""Reading a table of codes and names: one unit a line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_01, bad_line, doubtful_line
from gis_service.procedures.intake.rules.chronicle.values import Place, Table
from gis_service.registers.divisions.rules import is_summary_code, judge_shape

_UNIT = re.compile(r"(?P<code>[0-9０-９]{6})\s+(?P<name>\S.*)$")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_HEADS = re.compile(r"(代码|code)\b", re.IGNORECASE)


def read_table(text: str, *, year: int, file: str) -> tuple[Table, list[Finding]]:
    """The table, and what is wrong with its lines."""
    units: dict[str, str] = {}
    findings: list[Finding] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw.replace("\t", " ").replace(",", " ")).strip()
        if line and not (number == 1 and _HEADS.match(line)):
            findings += _read_line(line, Place(file, number), units)
    table = Table(year, units, file)
    if not units:
        findings.append(bad_line(Place(file, 1), "没有一条记录"))
    return table, [*findings, *_without_superior(table)]


def _read_line(line: str, place: Place, units: dict[str, str]) -> list[Finding]:
    found = _UNIT.match(line)
    if not found:
        return [bad_line(place, f"“{line[:40]}”不是“代码 名称”")]
    code, name = str(int(found["code"])).zfill(6), found["name"].strip()
    if is_summary_code(code):
        return [doubtful_line(place, f"{code} {name}是汇总码，不代表行政区划，未取用")]
    if judge_shape(code, name):
        return [bad_line(place, f"“{code}”不是行政区划代码")]
    if code in units:
        return [bad_line(place, f"代码 {code} 已在前面用于“{units[code]}”")]
    units[code] = name
    return []


def _without_superior(table: Table) -> list[Finding]:
    """Units the table names no superior of, one finding per superior."""
    return [
        R_HIS_01.finding(
            severity=bad_line(Place(table.file, 1), "").severity,
            subject=f"{table.file} {above}",
            message=f"{table.file}：没有上级 {above}，而有其下级 {_named(table.units, below)}",
            suggestion="请在表中补上上级单位",
        )
        for above, below in table.inferiors.items()
        if above and above not in table.units
    ]


def _named(units: Mapping[str, str], codes: tuple[str, ...]) -> str:
    listed = "、".join(f"{code} {units[code]}" for code in codes[:5])
    return f"{listed}等 {len(codes)} 个" if len(codes) > 5 else listed
