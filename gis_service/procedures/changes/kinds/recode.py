"""代码变更: another code for the same unit, which changes in nothing else (区划条例 Art 17)."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, as_stated
from gis_service.procedures.changes.rules.plan import demanded, judge_one
from gis_service.registers.divisions.rules import level_of_code

TAKES: Takes = {"from": True, "code": True}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    return judge_one("代码变更", operation, lambda unit: _judge_unit(unit, operation))


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    code = operation.stated.code or ""
    problems = (
        (code == unit.code, Severity.blocking, f"{unit.label}的代码没有改变", "请写明新代码"),
        (
            level_of_code(code) is not unit.level,
            Severity.blocking,
            f"新代码 {code} 不是{unit.level.word}代码",
            "请核对代码",
        ),
    )
    return demanded(unit.label, problems)


def _outcome(operation: OperationEvidence) -> Outcome:
    return as_stated(operation, "code")


def _touches(_operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    return ()  # no approval: the department of civil affairs fixes codes


RECODE = Kind(
    id="recode",
    title="代码变更",
    explanation="只改一个单位的代码，仍是同一单位；其下级单位的代码随之变更。与其他变更同案时，用以写明某单位的新代码",
    takes=TAKES,
    example="""\
from = ["542622"]
code = "540421"
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
)
