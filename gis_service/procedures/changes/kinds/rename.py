"""名称变更: another 专名 for the same unit, and nothing else; its code stays (R-CHG-05, R-COD-08)."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Revision, Takes
from gis_service.procedures.changes.rules.plan import demanded, told
from gis_service.procedures.changes.rules.touching import touched
from gis_service.registers.divisions.rules import type_of

TAKES: Takes = {"from": True, "name": True}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    if len(operation.from_codes) != 1:
        message = f"名称变更每项只涉及一个单位，方案列了 {len(operation.from_codes)} 个"
        return demanded(operation.label, [(True, Severity.blocking, message, "每个单位另写一项")])
    return [finding for unit in operation.known_units for finding in _judge_unit(unit, operation)]


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
    return Outcome(
        revised=tuple(Revision(unit, name=operation.stated.name) for unit in operation.known_units)
    )


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
