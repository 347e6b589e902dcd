"""The units a change names must stand as the proposal says: in force that day, and each disposed of once."""

from __future__ import annotations

from collections import Counter
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, Standing

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
    """Whether every unit named is in force, began earlier and has no later record."""
    spells = dict(evidence.spells_elsewhere)
    found: list[Finding] = []
    seen = set[str]()
    for code, unit in (pair for operation in evidence.operations for pair in operation.named):
        if unit is None and code not in seen:
            found.append(_missing(code, evidence, spells.get(code, "")))
        elif unit is not None and code not in seen and unit.id not in _corrected(evidence):
            found.extend(judge_may_change(unit, evidence.effective_on))
        seen.add(code)
    return found


def _corrected(evidence: ChangeEvidence) -> set[object]:
    """Units of which only the record is put right: that may be done at any time."""
    return {unit.id for each in evidence.operations if each.kind == "correct" for unit in each.known_units}


def _missing(code: str, evidence: ChangeEvidence, spells: str) -> Finding:
    return R_CHG_STANDING.finding(
        Severity.blocking,
        code,
        f"{evidence.effective_on} 没有代码为 {code} 的行政区划",
        suggestion=spells or "登记簿中从未有过此代码；请核对代码，或先导入该地区数据",
    )


def judge_may_change(unit: Standing, on: date) -> list[Finding]:
    """Whether a unit may be changed on a day: not on its first one, and not under what came later."""
    problems = (
        (unit.valid.start == on, f"{unit.label}自 {unit.valid.start} 起始，不能在同日终止", "请核对生效日期"),
        (
            unit.has_later_history,
            f"{unit.label}在 {on} 之后已有其他变更登记",
            "变更须按时间顺序登记；请先核对后一项变更",
        ),
    )
    return [
        R_CHG_STANDING.finding(Severity.blocking, unit.label, message, suggestion=way_out)
        for holds, message, way_out in problems
        if holds
    ]


def judge_each_taken_once(evidence: ChangeEvidence) -> list[Finding]:
    """No unit may be ended by two operations, and no code begun twice."""
    ending = (operation for operation in evidence.operations if operation.ends)
    taken = Counter(code for operation in ending for code in operation.from_codes)
    begun = Counter(into.code for operation in evidence.operations for into in operation.into)
    return [
        R_CHG_ONCE.finding(
            Severity.blocking, code, f"代码 {code} 在方案中{word} {count} 次", suggestion="每个单位只列一次"
        )
        for counts, word in ((taken, "被处置"), (begun, "新设"))
        for code, count in counts.items()
        if count > 1
    ]
