"""更正: the register says something wrong of a unit; from now on it says what is right, for the same period.

No change of divisions: nobody decides anything but what is true. What was published stays readable.
"""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Correction, Kind, Outcome, Takes
from gis_service.procedures.changes.rules.plan import demanded
from gis_service.registers.divisions.rules import level_of_code

TAKES: Takes = {"from": True, "name": False, "code": False, "seat": False}


def _judge(operation: OperationEvidence, evidence: ChangeEvidence) -> list[Finding]:
    if len(operation.from_codes) != 1:
        message = f"更正每项只涉及一个单位，方案列了 {len(operation.from_codes)} 个"
        return demanded(operation.label, [(True, Severity.blocking, message, "每个单位另写一项")])
    alone = all(each.kind == operation.kind for each in evidence.operations)
    message = "更正登记不与变更同案办理"
    found = demanded(operation.label, [(not alone, Severity.blocking, message, "请另立案卷")])
    return [*found, *(each for unit in operation.known_units for each in _judge_unit(unit, operation))]


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    code = operation.stated.code
    problems = (
        (
            not _changes(unit, operation),
            Severity.blocking,
            f"没有写明{unit.label}的哪一项有误",
            "请写明正确的名称（name）、代码（code）或驻地（seat）",
        ),
        (
            code is not None and level_of_code(code) is not unit.level,
            Severity.blocking,
            f"代码 {code} 不是{unit.level.word}代码",
            "请核对代码",
        ),
        (
            code is not None and unit.inferiors > 0,
            Severity.warning,
            f"{unit.label}的代码更正后，其下级单位的代码不随之更正",
            "下级单位的代码也有误的，请另写各项",
        ),
        (
            True,
            Severity.info,
            f"更正的是{unit.label}自 {unit.valid.start} 至 {unit.valid.end or '今'} 的登记，原登记仍可查",
            "",
        ),
    )
    return demanded(unit.label, problems)


def _changes(unit: UnitFacts, operation: OperationEvidence) -> dict[str, str]:
    said = operation.stated
    stated = {"name": said.name, "code": said.code, "seat": said.seat}
    return {name: value for name, value in stated.items() if value and value != getattr(unit, name)}


def _outcome(operation: OperationEvidence) -> Outcome:
    [unit] = operation.known_units
    return Outcome(corrected=(Correction(unit, _changes(unit, operation)),))


def _touches(_operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    return ()  # nothing is changed that anybody approves: the record is put right


CORRECT = Kind(
    id="correct",
    title="更正登记",
    explanation=(
        "登记簿对一个单位的记载有误（名称、代码、驻地），依更正文件改正生效日所在版本的记载；不是变更，"
        "期间不变，此后已有其他登记的也可更正，原登记作为曾经公布的版本仍可查"
    ),
    takes=TAKES,
    example="""\
from = ["320611"]                  # 生效日（effective_on）当日所用的代码
name = "港闸区"                    # 正确的名称
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
