"""设立: a unit begins on parts of standing ones, or on area that nobody has registered yet."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.author import R_CHG_08
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Move, Outcome, Takes, moved_below
from gis_service.procedures.changes.rules.parts import judge_giver, judge_parts, judge_shapes
from gis_service.procedures.changes.rules.plan import demanded
from gis_service.procedures.changes.rules.touching import bounded_above, established
from gis_service.registers.divisions.rules import level_of_code

TAKES: Takes = {"from": False, "into": True, "parts": False, "area": False}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    into, units = operation.into[0], operation.known_units
    level = level_of_code(into.code)
    nobody = not operation.from_codes
    problems = (
        (
            nobody and (operation.area is not None or bool(operation.part_codes)),
            Severity.blocking,
            "写了划出的部分，没有写从哪些单位划出",
            "请在 from 中写明划出区域的单位",
        ),
        (
            any(unit.level is not level for unit in units),
            Severity.blocking,
            "划出区域的单位与新单位不是同一级",
            "请从同级单位划出；下级单位列入 parts",
        ),
    )
    found = [
        *demanded(into.label, problems),
        *judge_parts(operation, operation.known_parts),
        *judge_shapes(operation),
    ]
    for unit in units:
        found += judge_giver(operation, unit, parts=_parts_of(operation, unit))
    if nobody:
        found.append(_on_nobodys(into.label))
    return found


def _on_nobodys(label: str) -> Finding:
    message = f"设立{label}没有写明从哪些单位划出区域，只登记代码与名称"
    return R_CHG_08.finding(Severity.warning, label, message, suggestion="有界线数据后再导入其范围")


def _parts_of(operation: OperationEvidence, unit: UnitFacts) -> list[UnitFacts]:
    return [part for part in operation.known_parts if part.superior_id == unit.id]


def _outcome(operation: OperationEvidence) -> Outcome:
    into = operation.into[0]
    return Outcome(
        begun=(into,),
        revised=moved_below(operation.known_parts, into.id),
        moves=tuple(_move(operation, unit) for unit in operation.known_units),
    )


def _move(operation: OperationEvidence, unit: UnitFacts) -> Move:
    parts = tuple(part.id for part in _parts_of(operation, unit))
    area = operation.area if unit.holds_area and not parts else None
    return Move(unit.id, operation.into[0].id, parts=parts, area=area)


def _touches(operation: OperationEvidence, evidence: ChangeEvidence) -> tuple[Touched, ...]:
    found = established(operation.into)
    for unit in operation.known_units:
        for other in operation.known_units:
            found += bounded_above(unit, other, evidence)
    return tuple(found)


ESTABLISH = Kind(
    id="establish",
    title="设立",
    explanation=(
        "从一个或几个同级单位各划出一部分（下级单位 parts，或多边形 area、file）设立一个新单位；"
        "不写 from 的，只登记代码与名称"
    ),
    takes=TAKES,
    example="""\
from = ["321000"]
parts = ["321081", "321082"]       # 划出的下级单位，整体改隶，代码随之变更
into = { code = "321200", name = "泰州市", type = "地级市", superior = "320000", seat = "某区" }
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
