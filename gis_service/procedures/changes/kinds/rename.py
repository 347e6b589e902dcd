"""名称变更: another 专名 for the same unit, and nothing else; its code stays (R-CHG-05, R-COD-08)."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, as_stated
from gis_service.procedures.changes.rules.plan import judge_one, told
from gis_service.procedures.changes.rules.touching import touched
from gis_service.registers.divisions.rules import type_of

TAKES: Takes = {"from": True, "name": True}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    return judge_one("名称变更", operation, lambda unit: _judge_unit(unit, operation))


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    name = operation.stated.name or ""
    now = type_of(unit.code, unit.name) or unit.type
    problems = (
        (name == unit.name, Severity.blocking, f"{unit.label}的名称没有改变", "请写明新的名称"),
        (
            type_of(unit.code, name) != now,
            Severity.blocking,
            f"名称变更只改专名，“{name}”与{unit.label}的通名不同",
            "改变通名即改变建制，请按建制变更（conversion）办理",
        ),
    )
    return told(unit.label, problems)


def _outcome(operation: OperationEvidence) -> Outcome:
    return as_stated(operation, "name")


def _touches(operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    return tuple(touched(Matter.rename, operation.known_units))


RENAME = Kind(
    id="rename",
    title="名称变更",
    explanation="只改一个单位的专名；仍是同一单位，代码不变",
    takes=TAKES,
    example="""\
from = ["420600"]
name = "襄阳市"
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
