"""建制变更: one unit ends and one of another type begins on its area (县、县级市 → 市辖区; 县 → 县级市).

A new type is an abolition and an establishment in law, so identity ends; the code changes with it unless both
types share a band (县 → 自治县).
"""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, all_into_one
from gis_service.procedures.changes.rules.plan import R_CHG_05, told
from gis_service.procedures.changes.rules.touching import abolished_and_established
from gis_service.registers.divisions.rules import R_COD_08, judge_fit, level_of_code

TAKES: Takes = {"from": True, "into": True}


def _judge(operation: OperationEvidence, evidence: ChangeEvidence) -> list[Finding]:
    if len(operation.from_codes) != 1:
        return [
            R_CHG_05.finding(
                Severity.blocking,
                operation.label,
                f"建制变更只涉及一个单位，方案列了 {len(operation.from_codes)} 个",
                suggestion="两个以上单位请用合并",
            )
        ]
    return [
        finding
        for unit in operation.known_units
        for finding in (*_judge_unit(unit, operation), *_judge_code(unit, operation, evidence))
    ]


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    into = operation.into[0]
    same_type = unit.type is not None and into.type is not None and unit.type == into.type.value
    same_level = level_of_code(into.code) is unit.level
    problems = (
        (
            same_type and unit.superior_id == into.superior_id,
            Severity.blocking,
            f"{unit.label}的建制类型未变，只改专名属名称变更",
            "名称变更保留代码，请按名称变更（rename）办理",
        ),
        (
            same_type and unit.superior_id != into.superior_id,
            Severity.blocking,
            f"{unit.label}的建制类型未变，整体改隶属隶属关系变更",
            "请按隶属关系变更（superior）办理",
        ),
        (
            not same_level,
            Severity.blocking,
            f"{unit.label}与{into.label}不是同一级",
            "请核对代码",
        ),
        (
            not same_type and unit.superior_id != into.superior_id,
            Severity.warning,
            f"{unit.label}改建制的同时改变隶属关系",
            "请核实上级单位，并一并报批隶属关系变更",
        ),
    )
    return told(into.label, problems)


def _judge_code(unit: UnitFacts, operation: OperationEvidence, evidence: ChangeEvidence) -> list[Finding]:
    """R-COD-08: a code stays where both types share a band, and only there."""
    into = operation.into[0]
    if into.code == unit.code or unit.superior_id != into.superior_id or into.type is None:
        return []
    if unit.level is not into.type.level or judge_fit(
        unit.code, into.name, into.type, on=evidence.effective_on
    ):
        return []
    message = f"{unit.label}的代码与{into.type.value}的码段相符，改建制可以保留代码"
    return [R_COD_08.finding(Severity.info, into.label, message, suggestion="请核对公布的代码")]


def _outcome(operation: OperationEvidence) -> Outcome:
    return all_into_one(operation)


CONVERSION = Kind(
    id="conversion",
    title="建制变更",
    explanation=(
        "撤销一个单位，以其原行政区域设立另一建制的单位（县、县级市改市辖区，县改县级市，县改自治县，"
        "地区改地级市，乡改镇，镇改街道等）；下级单位随之改隶、改码"
    ),
    takes=TAKES,
    example="""\
from = ["320684"]
into = { code = "320614", name = "海门区", type = "市辖区", superior = "320600", seat = "某街道" }
""",
    judge=_judge,
    outcome=_outcome,
    touches=abolished_and_established,
    ends=True,
)
