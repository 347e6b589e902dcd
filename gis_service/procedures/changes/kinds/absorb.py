"""并入: units end, and a standing one takes their whole area; it stays the same unit and keeps its code."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, all_into_standing
from gis_service.procedures.changes.rules.plan import demanded
from gis_service.procedures.changes.rules.touching import abolished

TAKES: Takes = {"from": True, "to": True}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    taker, units = operation.to, operation.known_units
    if taker is None:
        return []
    problems = (
        (
            operation.to_code in operation.from_codes,
            Severity.blocking,
            "保留的单位也列在被并入的单位之中",
            "from 只列被撤销的单位，to 写保留的单位",
        ),
        (
            any(unit.level is not taker.level for unit in units),
            Severity.blocking,
            "被并入的单位与保留的单位不是同一级",
            "请核对代码",
        ),
        (
            any(unit.superior_id != taker.superior_id for unit in units),
            Severity.warning,
            "并入跨越隶属关系，上级单位的范围随之改变",
            "请核实上级单位",
        ),
    )
    return demanded(taker.label, problems)


def _outcome(operation: OperationEvidence) -> Outcome:
    return all_into_standing(operation)


ABSORB = Kind(
    id="absorb",
    title="并入",
    explanation="撤销一个或几个单位，其全部区域并入一个在册单位；该单位保留名称与代码，只扩大区域",
    takes=TAKES,
    example="""\
from = ["110103"]
to = "110101"                      # 保留的单位
""",
    judge=_judge,
    outcome=_outcome,
    touches=abolished,
    ends=True,
)
