"""The units a change takes must stand as the proposal says: in force that day, whole, and each taken once."""

from __future__ import annotations

from collections import Counter

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, UnitFacts

R_CHG_STANDING = Rule(
    id="R-CHG-90",
    title="变更涉及的单位在生效日存在，且此后没有其他登记",
    legal_basis="行政区划管理条例 第十三条",
    status="D",
)
R_CHG_ONCE = Rule(
    id="R-CHG-91",
    title="一次变更中每个单位只处置一次",
    legal_basis="行政区划管理条例实施办法 第三条",
    status="D",
)


def judge_standing(evidence: ChangeEvidence) -> list[Finding]:
    """Whether every unit taken is in force, began earlier, has no later record and no units below it."""
    spells = dict(evidence.spells_elsewhere)
    found: list[Finding] = []
    for operation in evidence.operations:
        for code, unit in zip(operation.from_codes, operation.units, strict=True):
            if unit is None:
                found.append(_missing(code, evidence, spells.get(code, "")))
            else:
                found.extend(_judge_unit(unit, evidence))
    return found


def _missing(code: str, evidence: ChangeEvidence, spells: str) -> Finding:
    return R_CHG_STANDING.finding(
        Severity.blocking,
        code,
        f"{evidence.effective_on} 没有代码为 {code} 的行政区划",
        suggestion=spells or "登记簿中从未有过此代码；请核对代码，或先导入该地区数据",
    )


def _judge_unit(unit: UnitFacts, evidence: ChangeEvidence) -> list[Finding]:
    problems = (
        (
            unit.valid.start == evidence.effective_on,
            f"{unit.label}自 {unit.valid.start} 起始，不能在同日终止",
            "请核对生效日期",
        ),
        (
            unit.has_later_history,
            f"{unit.label}在 {evidence.effective_on} 之后已有其他变更登记",
            "变更须按时间顺序登记；请先核对后一项变更",
        ),
        (
            unit.inferiors > 0,
            f"{unit.label}尚有 {unit.inferiors} 个下级单位在册，须一并提出其隶属与代码",
            "请先将下级单位的变更列入同一方案",
        ),
    )
    return [
        R_CHG_STANDING.finding(Severity.blocking, unit.label, message, suggestion=way_out)
        for holds, message, way_out in problems
        if holds
    ]


def judge_each_taken_once(evidence: ChangeEvidence) -> list[Finding]:
    """No unit may be taken by two operations, and no code begun twice."""
    taken = Counter(code for operation in evidence.operations for code in operation.from_codes)
    begun = Counter(operation.into.code for operation in evidence.operations)
    return [
        R_CHG_ONCE.finding(
            Severity.blocking, code, f"代码 {code} 在方案中{word} {count} 次", suggestion="每个单位只列一次"
        )
        for counts, word in ((taken, "被处置"), (begun, "新设"))
        for code, count in counts.items()
        if count > 1
    ]
