"""R-CHG-08 on who drafts: the government that the law names for a kind of change, under its usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.evidence import (
    Basis,
    ChangeEvidence,
    OperationEvidence,
    Standing,
)
from gis_service.procedures.changes.rules.versioned import table

R_CHG_08 = Rule(
    id="R-CHG-08",
    title="设立方案载明名称、建制类型、隶属关系、界线和驻地；撤销方案载明区域归属；拟订机关与变更种类相符",
    legal_basis="行政区划管理条例实施办法 第三条",
)
_BETWEEN = re.compile(r"[、，,；;]|(?<=政府)[和与及]")


def judge_author(evidence: ChangeEvidence) -> list[Finding]:
    """Whether each operation is drafted by who may; a higher government, or a published act, only warns."""
    rows = [(each, row) for each in evidence.operations if (row := _row_for(each)) is not None]
    authors = ["".join(each.split()) for each in _BETWEEN.split(evidence.author) if each.strip()]
    if not rows or (not authors and evidence.basis is Basis.published_act):
        return []
    if not authors:
        message = "没有写明方案拟订机关"
        return [_finding(Severity.warning, "方案拟订机关", message, "请写明拟订机关（author）")]
    return [found for each, row in rows for found in _judge(each, row, authors, evidence)]


def _row_for(operation: OperationEvidence) -> dict[str, Any] | None:
    """The row of the law that fits what an operation is about."""
    units = operation.known_units
    levels, types = {unit.level for unit in units}, {unit.type for unit in units}
    for into in operation.into:
        if into.type is not None:
            levels.add(into.type.level)
    for row in table("authors.toml")["drafting"]:
        narrow = levels <= set(row.get("levels", levels)) and types <= set(row.get("types", types))
        if operation.kind in row["kinds"] and narrow:
            return dict(row)
    return None


def _judge(
    operation: OperationEvidence, row: dict[str, Any], authors: list[str], evidence: ChangeEvidence
) -> list[Finding]:
    drafters = list(_drafters(operation, row["drafters"], evidence))
    lawful = {name for unit in drafters for name in _names(unit, evidence)}
    if lawful & set(authors) or not drafters:
        return []
    higher = [above for unit in drafters for above in _above(unit, evidence)]
    called = "、".join(dict.fromkeys(f"{unit.name}人民政府" for unit in drafters))
    wrong = "、".join(authors)
    message = f"依{row['legal_basis']}，{operation.label}的变更方案由{called}拟订，不由{wrong}拟订"
    if {name for unit in higher for name in _names(unit, evidence)} & set(authors):
        return [_finding(Severity.warning, operation.label, message, "此为更高的机关，请核对")]
    applied_for = evidence.basis is Basis.application
    severity = Severity.blocking if applied_for else Severity.warning
    return [_finding(severity, operation.label, message, "请由法定机关拟订，或申明理由")]


def _finding(severity: Severity, subject: str, message: str, way_out: str) -> Finding:
    return R_CHG_08.finding(severity, subject, message, suggestion=way_out)


def _drafters(
    operation: OperationEvidence, words: Iterable[str], evidence: ChangeEvidence
) -> Iterator[Standing]:
    """The units whose governments may draft."""
    own: list[Standing] = [*operation.known_units, *([operation.to] if operation.to else [])]
    above = [unit for each in own if (unit := evidence.superior_of(each)) is not None]
    stated = (operation.stated.superior_id, *(into.superior_id for into in operation.into))
    new = [evidence.standing[each] for each in stated if each is not None and each in evidence.standing]
    found: dict[str, list[Standing]] = {
        "itself": list(operation.known_units),
        "one_up": [*above, *new],
        "parties": [*own, *above, *new],
        "common": [higher for unit in own for higher in _above(unit, evidence)],
    }
    for word in words:
        yield from found[word]


def _above(unit: Standing, evidence: ChangeEvidence) -> Iterator[Standing]:
    superior = evidence.superior_of(unit)
    while superior is not None:
        yield superior
        superior = evidence.superior_of(superior)


def _names(unit: Standing, evidence: ChangeEvidence) -> Iterator[str]:
    """南通市人民政府, 江苏省南通市人民政府, the same with 政府 alone."""
    before = ""
    places = [unit.name]
    for superior in _above(unit, evidence):
        before = superior.name + before
        places += [superior.name + unit.name, before + unit.name]
    for place in places:
        yield from (f"{place}人民政府", f"{place}政府")
