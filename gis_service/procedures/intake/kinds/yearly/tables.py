"""Reading a table of codes and names: one unit a line."""

from __future__ import annotations

import re

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.chronicle.findings import bad_line, doubtful_line
from gis_service.procedures.intake.rules.chronicle.values import Place, Table
from gis_service.registers.divisions.rules import is_summary_code, judge_shape

_UNIT = re.compile(r"(?P<code>[0-9０-９]{6})\s+(?P<name>\S.*)$")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_LONGEST = 50  # characters of a name
_HEADS = re.compile(r"(代码|code)\b", re.IGNORECASE)


def read_table(text: str, *, year: int, file: str, month: int = 12) -> tuple[Table, list[Finding]]:
    """The table, and what is wrong with its lines."""
    units: dict[str, str] = {}
    findings: list[Finding] = []
    summaries: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw.replace("\t", " ").replace(",", " ")).strip()
        if line and not (number == 1 and _HEADS.match(line)):
            findings += _read_line(line, Place(file, number), units, summaries)
    table = Table(year, units, file, month)
    if summaries:
        listed = "、".join(summaries)
        findings.append(doubtful_line(Place(file, 1), f"汇总码不代表行政区划，未取用：{listed}"))
    if not units:
        findings.append(bad_line(Place(file, 1), "没有一条记录"))
    return table, findings


def _read_line(line: str, place: Place, units: dict[str, str], summaries: list[str]) -> list[Finding]:
    found = _UNIT.match(line)
    if not found:
        return [bad_line(place, f"“{line[:40]}”不是“代码 名称”")]
    code, name = str(int(found["code"])).zfill(6), found["name"].strip()
    if len(name) > _LONGEST:
        return [bad_line(place, f"{code} 的名称有 {len(name)} 字，过长：“{name[:20]}…”")]
    if is_summary_code(code):
        summaries.append(f"{code} {name}")
        return []
    if judge_shape(code, name):
        return [bad_line(place, f"“{code}”不是行政区划代码")]
    if code in units:
        return [bad_line(place, f"代码 {code} 已在前面用于“{units[code]}”")]
    units[code] = name
    return []
