"""更正: the register says something wrong of a unit, a day or an act; from now on it says what is right.

No change of divisions: nobody decides anything but what is true. What was published stays readable.
"""

from __future__ import annotations

from typing import Any

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.evidence import (
    BoundStated,
    ChangeEvidence,
    OperationEvidence,
    UnitFacts,
)
from gis_service.procedures.changes.rules.outcome import Correction, Kind, Outcome, Takes
from gis_service.procedures.changes.rules.plan import Problem, demanded, judge_one
from gis_service.registers.divisions.rules import DivisionType, allows, level_of_code, type_of

TAKES: Takes = {
    "from": True,
    "name": False,
    "code": False,
    "type": False,
    "superior": False,
    "seat": False,
    "begun": False,
    "ended": False,
}


def _judge(operation: OperationEvidence, evidence: ChangeEvidence) -> list[Finding]:
    alone = all(each.kind == operation.kind for each in evidence.operations)
    message = "更正登记不与变更同案办理"
    found = demanded(operation.label, [(not alone, Severity.blocking, message, "请另立案卷")])
    return [*found, *judge_one("更正登记", operation, lambda unit: _judge_unit(unit, operation, evidence))]


def _judge_unit(unit: UnitFacts, operation: OperationEvidence, evidence: ChangeEvidence) -> list[Finding]:
    said = operation.stated
    bounds = (said.begun, said.ended)
    problems = [
        (
            not (_changes(unit, operation) or any(each not in (None, BoundStated()) for each in bounds)),
            Severity.blocking,
            f"没有写明{unit.label}的哪一项有误",
            "请写明正确的名称（name）、代码（code）、建制类型（type）、上级（superior）、驻地（seat），"
            "或起止日（begun、ended）",
        ),
        *_problems_of_code(unit, operation),
        *_problems_of_type(unit, operation),
        *_problems_of_superior(unit, operation, evidence),
        *_problems_of_bound(unit, said.begun, "起始", unit.valid.start),
        *_problems_of_bound(unit, said.ended, "终止", unit.valid.end),
        (
            True,
            Severity.info,
            f"更正的是{unit.label}自 {unit.valid.start} 至 {unit.valid.end or '今'} 的登记，原登记仍可查",
            "",
        ),
    ]
    return demanded(unit.label, problems)


def _problems_of_code(unit: UnitFacts, operation: OperationEvidence) -> list[Problem]:
    code = operation.stated.code
    return [
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
    ]


def _problems_of_type(unit: UnitFacts, operation: OperationEvidence) -> list[Problem]:
    said = operation.stated
    stated = said.type
    known = DivisionType(stated) if stated in list(DivisionType) else None
    name, kind = said.name or unit.name, stated or unit.type
    by_name = type_of(said.code or unit.code, name)
    return [
        (
            stated is not None and known is None,
            Severity.blocking,
            f"“{stated}”不是法定建制类型",
            "请写镇、乡、街道、县、县级市、市辖区等",
        ),
        (
            known is not None and known.level is not unit.level,
            Severity.blocking,
            f"{stated}不是{unit.level.word}的建制，{unit.label}的层级不能更正",
            "层级有误的，请撤销原案卷或原登记后重新登记",
        ),
        (
            (said.name is not None or stated is not None) and by_name is not None and by_name.value != kind,
            Severity.warning,
            f"更正后，名称“{name}”的通名与建制类型{kind}不符",
            "请核实名称和建制类型是否都已写对",
        ),
    ]


def _problems_of_superior(
    unit: UnitFacts, operation: OperationEvidence, evidence: ChangeEvidence
) -> list[Problem]:
    code, superior = operation.stated.superior_code, operation.stated.superior_id
    above = evidence.standing.get(superior) if superior is not None else None
    return [
        (
            code is not None and superior is None,
            Severity.blocking,
            f"上级 {code} 在 {evidence.effective_on} 不存在",
            "请写明当日在册上级单位的代码",
        ),
        (
            above is not None and above.level.rank >= unit.level.rank,
            Severity.blocking,
            f"{code} 不能是{unit.label}的上级",
            "请核对上级单位的代码",
        ),
    ]


def _problems_of_bound(unit: UnitFacts, said: BoundStated | None, word: str, day: Any) -> list[Problem]:
    if said is None:
        return []
    reckoned = said.on or day
    return [
        (
            day is None,
            Severity.blocking,
            f"{unit.label}的这一版本至今有效，没有终止日可更正",
            "请核对生效日（effective_on），它应在所更正的版本期间之内",
        ),
        (
            said.edtf is not None and reckoned is not None and not allows(said.edtf, reckoned),
            Severity.blocking,
            f"{word}日按 {reckoned} 计，不在“{said.edtf}”所指的期间内",
            "请同时写明期间内的日期（on）",
        ),
        (
            said.act is not None and not said.act.stated,
            Severity.blocking,
            f"登记簿中没有文号为 {said.act.number if said.act else ''} 的文件",
            "请核对文号，或在方案的 acts 中写明这一文件",
        ),
        (
            said.act is not None
            and said.act.stated
            and (not said.act.public or unit.classification != Classification.public),
            Severity.blocking,
            f"{unit.label}的登记或所写文件不是公开的，更正依据会改变登记的密级",
            "请先变更文件的密级，再更正依据",
        ),
    ]


def _changes(unit: UnitFacts, operation: OperationEvidence) -> dict[str, Any]:
    said = operation.stated
    names = ("name", "code", "type", "superior_id", "seat")
    stated = {name: getattr(said, name) for name in names}
    return {name: value for name, value in stated.items() if value and value != getattr(unit, name)}


def _outcome(operation: OperationEvidence) -> Outcome:
    [unit] = operation.known_units
    said = operation.stated
    return Outcome(corrected=(Correction(unit, _changes(unit, operation), said.begun, said.ended),))


def _touches(_operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    return ()  # nothing is changed that anybody approves: the record is put right


CORRECT = Kind(
    id="correct",
    title="更正登记",
    explanation=(
        "登记簿对一个单位的记载有误（名称、代码、建制类型、上级、驻地，起止日期及其确定程度、所依据的文件），"
        "依更正文件改正生效日所在版本的记载；不是变更，此后已有其他登记的也可更正。更正日期的，相接的版本、"
        "沿革、区域和界线一并移动；原登记作为曾经公布的版本仍可查，更正本身也可撤销"
    ),
    takes=TAKES,
    example="""\
from = ["320611"]                  # 生效日（effective_on）当日所用的代码；以下只写有误的
name = "港闸区"                    # 正确的名称
type = "市辖区"                    # 正确的建制类型
superior = "320600"                # 正确的上级
begun = { on = 1991-02-01, certainty = "推定" }   # 正确的起始日；不确知的加 edtf = "1991"，文件有误的写 by
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
