"""隶属关系变更: a whole unit hangs on another superior; it stays the same unit, and its code is a new one."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, as_stated
from gis_service.procedures.changes.rules.plan import demanded, judge_one
from gis_service.procedures.changes.rules.touching import bounded_above, touched
from gis_service.registers.divisions.rules import DivisionLevel, level_of_code

TAKES: Takes = {"from": True, "superior": True, "code": False}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    return judge_one("隶属关系变更", operation, lambda unit: _judge_unit(unit, operation))


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    stated = operation.stated
    above = level_of_code(stated.superior_code) if stated.superior_code else None
    problems = (
        (
            stated.superior_id is None,
            Severity.blocking,
            f"上级 {stated.superior_code} 在生效日不存在",
            "请写明在册上级单位的代码",
        ),
        (
            stated.superior_id is not None and stated.superior_id == unit.superior_id,
            Severity.blocking,
            f"{unit.label}已隶属于 {stated.superior_code}",
            "只改代码的，请用代码变更（recode）",
        ),
        (
            above is None or above.rank >= unit.level.rank,
            Severity.blocking,
            f"{stated.superior_code} 不能是{unit.label}的上级",
            "请核对上级单位的代码",
        ),
        (
            stated.code is not None and level_of_code(stated.code) is not unit.level,
            Severity.blocking,
            f"新代码 {stated.code} 不是{unit.level.word}代码",
            "请核对代码",
        ),
        (
            stated.code is None and unit.level is DivisionLevel.county,
            Severity.warning,
            f"没有写明{unit.label}改隶后的代码，按新上级的前几位推定",
            "请写明公布的新代码（code）",
        ),
    )
    return demanded(unit.label, problems)


def _outcome(operation: OperationEvidence) -> Outcome:
    return as_stated(operation, "superior_id", "code")


def _touches(operation: OperationEvidence, evidence: ChangeEvidence) -> tuple[Touched, ...]:
    found = touched(Matter.superior, operation.known_units)
    new = evidence.standing.get(operation.stated.superior_id) if operation.stated.superior_id else None
    for unit in operation.known_units:
        before = evidence.superior_of(unit)
        if before is not None and new is not None and before.id != new.id:
            found += (
                touched(Matter.boundary, (before, new)) if unit.level.rank > DivisionLevel.county.rank else []
            )
            found += bounded_above(before, new, evidence)
    return tuple(found)


SUPERIOR = Kind(
    id="superior",
    title="隶属关系变更",
    explanation="一个单位整体改由另一上级管辖，仍是同一单位；代码按新上级变更，其下级单位的代码随之变更",
    takes=TAKES,
    example="""\
from = ["321083"]
superior = "321200"
code = "321281"                    # 新代码；其下级单位的代码随之变更
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
)
