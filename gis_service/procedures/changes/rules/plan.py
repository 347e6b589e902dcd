"""R-CHG-05, R-CHG-08 and the code rules: the plan names what it must, and calls things what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.author import R_CHG_08
from gis_service.procedures.changes.rules.evidence import (
    Basis,
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    UnitFacts,
)
from gis_service.registers.divisions.rules import DivisionLevel, judge_code, level_of_code

R_CHG_05 = Rule(
    id="R-CHG-05",
    title="只改专名是名称变更；整体改隶是隶属关系变更；建制改变是撤销并设立",
    legal_basis="行政区划管理条例实施办法 第二条",
)
R_CHG_STATED = Rule(
    id="R-CHG-95",
    title="一项变更写明该种类所需的单位和区域，撤销的单位及其下级都有归属",
    legal_basis="行政区划管理条例实施办法 第三条",
    status="D",
)


Problem = tuple[bool, Severity, str, str]  # whether it holds, how grave, the message, the way out


def told(subject: str, problems: Iterable[Problem], *, rule: Rule = R_CHG_05) -> list[Finding]:
    """The problems that hold, as findings: how a kind of change says what it demands."""
    return [
        rule.finding(severity, subject, message, suggestion=way_out)
        for holds, severity, message, way_out in problems
        if holds
    ]


def demanded(subject: str, problems: Iterable[Problem]) -> list[Finding]:
    """The problems that hold with how an operation is written: without them nobody knows what to do."""
    return told(subject, problems, rule=R_CHG_STATED)


def judge_one(
    title: str, operation: OperationEvidence, judge: Callable[[UnitFacts], list[Finding]]
) -> list[Finding]:
    """What is found of the one unit an operation is about, where its kind takes no more than one."""
    if len(operation.from_codes) != 1:
        message = f"{title}每项只涉及一个单位，方案列了 {len(operation.from_codes)} 个"
        return demanded(operation.label, [(True, Severity.blocking, message, "每个单位另写一项")])
    return [finding for unit in operation.known_units for finding in judge(unit)]


def judge_plan(evidence: ChangeEvidence) -> list[Finding]:
    """Whether each establishment states name, type, superior and seat; its boundary is that of the givers."""
    return [
        finding
        for operation in evidence.operations
        for into in operation.into
        for finding in _judge_statements(into, evidence)
    ]


def _judge_statements(into: ProposedUnit, evidence: ChangeEvidence) -> list[Finding]:
    found = []
    if into.type is None:
        found.append(_lacks(into, Severity.blocking, "建制类型无法识别", "请写市辖区、县级市、县等法定类型"))
    if into.superior_id is None and level_of_code(into.code) is not DivisionLevel.province:
        where = (
            f"上级 {into.superior_code} 在 {evidence.effective_on} 不存在"
            if into.superior_code
            else "没有写明上级"
        )
        found.append(_lacks(into, Severity.blocking, where, "请写明在册上级单位的代码"))
    if not into.seat:
        applied_for = evidence.basis is Basis.application
        severity = Severity.blocking if applied_for else Severity.warning
        found.append(_lacks(into, severity, "没有写明人民政府驻地", "请在方案中写明驻地"))
    return found


def _lacks(into: ProposedUnit, severity: Severity, what: str, way_out: str) -> Finding:
    return R_CHG_08.finding(severity, into.label, f"设立{into.label}的方案{what}", suggestion=way_out)


def judge_new_codes(evidence: ChangeEvidence) -> list[Finding]:
    """R-COD-01 to R-COD-06 for every code of a unit that is to begin on the day of effect."""
    return [
        finding
        for operation in evidence.operations
        for into in operation.into
        for finding in judge_code(
            into.code,
            into.name,
            into.type,
            on=evidence.effective_on,
            superior=into.superior_code,
            holders=into.holders,
        )
    ]
