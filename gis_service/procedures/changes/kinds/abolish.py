"""撤销: a unit ends; where all its area goes is said (区划办法 Art 3).

What goes to others than `to` stands in the same proposal as transfers of parts, or as changes of superior of
the units below it.
"""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, all_into_standing
from gis_service.procedures.changes.rules.plan import R_CHG_STATED, demanded
from gis_service.procedures.changes.rules.touching import abolished

TAKES: Takes = {"from": True, "to": False}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    taker, units = operation.to, operation.known_units
    problems = (
        (
            operation.to_code in operation.from_codes,
            Severity.blocking,
            "接收区域的单位自身也被撤销",
            "请写明接收其区域的在册单位",
        ),
        (
            taker is not None and any(unit.level is not taker.level for unit in units),
            Severity.blocking,
            "被撤销的单位与接收单位不是同一级",
            "请核对代码",
        ),
    )
    return [*demanded(operation.label, problems), *_without_taker(operation)]


def _without_taker(operation: OperationEvidence) -> list[Finding]:
    if operation.to_code is not None:
        return []
    return [
        R_CHG_STATED.finding(
            Severity.blocking,
            unit.label,
            f"撤销{unit.label}的方案没有写明区域归属",
            suggestion="请写明接收其（其余）区域的单位（to）",
        )
        for unit in operation.known_units
        if unit.holds_area or not unit.inferiors
    ]


def _outcome(operation: OperationEvidence) -> Outcome:
    return all_into_standing(operation)


ABOLISH = Kind(
    id="abolish",
    title="撤销",
    explanation=(
        "撤销一个单位，其区域归 to 所写的单位；部分归其他单位的，在同一方案中另写部分区域划转，"
        "下级单位改隶他处的，另写隶属关系变更"
    ),
    takes=TAKES,
    example="""\
from = ["320305"]
to = "320311"                      # 接收其（其余）区域的单位
""",
    judge=_judge,
    outcome=_outcome,
    touches=abolished,
    ends=True,
)
