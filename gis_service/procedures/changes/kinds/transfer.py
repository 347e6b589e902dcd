"""部分区域划转: part of the area of a unit goes to another one; both stay (界线变更, 区划办法 Art 2)."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence
from gis_service.procedures.changes.rules.outcome import Kind, Move, Outcome, Takes, moved_below
from gis_service.procedures.changes.rules.parts import (
    judge_giver,
    judge_parts,
    judge_receiver,
    judge_shapes,
)
from gis_service.procedures.changes.rules.plan import demanded
from gis_service.procedures.changes.rules.touching import bounded, touched

TAKES: Takes = {"from": True, "to": True, "parts": False, "area": False}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    if len(operation.from_codes) != 1:
        message = f"部分区域划转每项只有一个划出单位，方案列了 {len(operation.from_codes)} 个"
        return demanded(operation.label, [(True, Severity.blocking, message, "每个划出单位另写一项")])
    found = demanded(operation.label, _problems(operation))
    found += [*judge_parts(operation, operation.known_parts), *judge_shapes(operation)]
    for unit in operation.known_units:
        found += judge_giver(operation, unit, parts=operation.known_parts)
    return [*found, *judge_receiver(operation)]


def _problems(operation: OperationEvidence) -> list[tuple[bool, Severity, str, str]]:
    taker = operation.to
    return [
        (
            operation.to_code in operation.from_codes,
            Severity.blocking,
            "划出单位与划入单位是同一个",
            "请核对代码",
        ),
        (
            taker is not None and any(unit.level is not taker.level for unit in operation.known_units),
            Severity.blocking,
            "划出单位与划入单位不是同一级",
            "请核对代码",
        ),
        (
            operation.area is not None and bool(operation.part_codes),
            Severity.blocking,
            "同时写了下级单位和多边形",
            "下级单位与多边形各写一项",
        ),
    ]


def _outcome(operation: OperationEvidence) -> Outcome:
    [unit], taker, parts = operation.known_units, operation.to, operation.known_parts
    assert taker is not None, "a taker that does not stand blocks before"
    move = Move(unit.id, taker.id, parts=tuple(part.id for part in parts), area=operation.area)
    return Outcome(revised=moved_below(parts, taker.id), moves=(move,))


def _touches(operation: OperationEvidence, evidence: ChangeEvidence) -> tuple[Touched, ...]:
    found = touched(Matter.superior, operation.known_parts)
    if operation.to is not None:
        for unit in operation.known_units:
            found += bounded(unit, operation.to, evidence)
    return tuple(found)


TRANSFER = Kind(
    id="transfer",
    title="部分区域划转",
    explanation=(
        "一个单位的部分区域划归另一在册单位（界线变更）：列出划出的下级单位（parts），或给出多边形（area、file）；"
        "县级的须认定是重大还是部分变更（scale、scale_reason）"
    ),
    takes=TAKES,
    example="""\
from = ["341424"]
to = "340207"
parts = ["341424103"]              # 或 file = "划出部分.geojson"（GeoJSON、GeoPackage、Shapefile）
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
