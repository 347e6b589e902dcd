"""合并: two or more units of one level end, and a new unit begins on their whole area.

As a rule it has a new code; where the published table lets it take over an old one it is still a new
unit, and a warning says so.
"""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, all_into_one
from gis_service.procedures.changes.rules.plan import told
from gis_service.procedures.changes.rules.touching import abolished_and_established
from gis_service.registers.divisions.rules import level_of_code

TAKES: Takes = {"from": True, "into": True}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    into, units = operation.into[0], operation.known_units
    level = level_of_code(into.code)
    superiors = {unit.superior_id for unit in units} | {into.superior_id}
    problems = (
        (len(operation.from_codes) < 2, Severity.blocking, "合并须列出两个以上单位", "一个单位请用建制变更"),
        (
            into.code in operation.from_codes,
            Severity.warning,
            f"新设的{into.label}沿用被撤销单位的代码",
            "请核对公布的代码；保留原建制只扩大区域的，不是设立新单位，按并入（absorb）办理",
        ),
        (
            any(unit.level is not level for unit in units),
            Severity.blocking,
            "被合并的单位与新单位不是同一级",
            "请核对代码",
        ),
        (
            len(superiors) > 1,
            Severity.warning,
            "合并跨越隶属关系，上级单位的范围随之改变",
            "请核实上级单位，并一并报批隶属关系变更",
        ),
    )
    return told(into.label, problems)


def _outcome(operation: OperationEvidence) -> Outcome:
    return all_into_one(operation)


MERGE = Kind(
    id="merge",
    title="合并设立新单位",
    explanation="撤销两个以上同级单位，以其全部行政区域设立一个新单位，使用新代码",
    takes=TAKES,
    example="""\
from = ["320602", "320611"]        # 代码一律写成文本
into = { code = "320613", name = "崇川区", type = "市辖区", superior = "320600", seat = "某街道" }
""",
    judge=_judge,
    outcome=_outcome,
    touches=abolished_and_established,
    ends=True,
)
