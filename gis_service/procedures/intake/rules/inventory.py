"""R-INT-60: the number of units of a province or of the country is near the known inventory."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.evidence import Evidence
from gis_service.registers.divisions.rules import DivisionLevel

R_INT_60 = Rule("R-INT-60", "单位数与已知总数相近", "国家地名信息库区划树（2025-12-31）", status="D")


@cache
def _inventory() -> dict[str, Any]:
    text = files(__package__).joinpath("inventory.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def number_of_units_is_plausible(evidence: Evidence) -> list[Finding]:
    """More units of a level than the country has blocks; more than a province is known to have warns."""
    levels = Counter(unit.level for unit in evidence.units)
    found = [finding for level, count in levels.items() for finding in _country(level, count)]
    return found + _provinces(evidence)


def _country(level: DivisionLevel, count: int) -> list[Finding]:
    known = _inventory()["country"].get(level.value)
    if known is None or count <= known * (1 + _inventory()["slack_share"]):
        return []
    message = f"来件有{level.word}单位 {count} 个，超过全国已知总数 {known}"
    return [R_INT_60.finding(Severity.blocking, "来件", message, suggestion="请核对层级（--as）和是否重复")]


def _provinces(evidence: Evidence) -> list[Finding]:
    counts = Counter((unit.code[:2], unit.level.value) for unit in evidence.units)
    found = []
    for (province, level), count in sorted(counts.items()):
        known = _inventory()["provinces"].get(province, {}).get(level)
        if known is None or count <= known * (1 + _inventory()["slack_share"]):
            continue
        message = f"{province}0000 有{DivisionLevel(level).word}单位 {count} 个，已知为 {known} 个"
        found.append(
            R_INT_60.finding(Severity.warning, f"{province}0000", message, suggestion="请核对来件日期")
        )
    return found
