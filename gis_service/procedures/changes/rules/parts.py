"""R-CHG-09 for what moves in part: which part it is, is said so that nothing is left to guess."""

from __future__ import annotations

from collections.abc import Iterable

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.area import R_CHG_09, judge_taker
from gis_service.procedures.changes.rules.evidence import OperationEvidence, UnitFacts


def judge_giver(
    operation: OperationEvidence, giver: UnitFacts, *, parts: Iterable[UnitFacts]
) -> list[Finding]:
    """Whether it is told which part of a unit moves, in the way its area is registered."""
    by_polygon = operation.area is not None or operation.line is not None
    problems = (
        (
            by_polygon and giver.area_km2 is None,
            f"{giver.label}没有登记范围，无从按图形划分",
            "请先导入其界线数据，或删去图形只变更代码",
        ),
        (
            by_polygon and giver.area_km2 is not None and not giver.holds_area and not tuple(parts),
            f"{giver.label}的范围由其下级单位组成，不能按图形划分",
            "请在 parts 中列出划出的下级单位；跨其界线的，先划分该下级单位",
        ),
        (
            not by_polygon and not tuple(parts) and giver.area_km2 is not None,
            f"{giver.label}有登记范围，方案没有写明划出的是哪一部分",
            "请给出划出部分的多边形（area 或 file），或列出划出的下级单位（parts）",
        ),
    )
    return [*_told(operation, problems), *_codes_only(operation, giver)]


def _codes_only(operation: OperationEvidence, giver: UnitFacts) -> list[Finding]:
    if giver.area_km2 is not None:
        return []
    message = f"{giver.label}没有登记范围，只变更代码与名称，划出的比例无从得知"
    return [_finding(operation, Severity.warning, message, "有界线数据后再导入")]


def judge_parts(operation: OperationEvidence, parts: Iterable[UnitFacts]) -> list[Finding]:
    """The lower units that move hang directly on a unit that gives."""
    givers = {unit.id for unit in operation.known_units}
    names = "、".join(unit.label for unit in operation.known_units)
    return _told(
        operation,
        (
            (part.superior_id not in givers, f"{part.label}不是{names}的直接下级", "请核对所列下级单位的代码")
            for part in parts
        ),
    )


def judge_receiver(operation: OperationEvidence) -> list[Finding]:
    """A polygon goes to a unit that holds area itself; a unit without any cannot take one."""
    taker = operation.to
    if taker is None or operation.area is None:
        return []
    without = taker.area_km2 is None
    message = f"{taker.label}没有登记范围，不能接收划入的区域"
    return [
        *judge_taker(operation, taker),
        *_told(operation, ((without, message, "请先导入其界线数据"),)),
    ]


def judge_shapes(operation: OperationEvidence) -> list[Finding]:
    """What is drawn is drawn soundly: no self-crossing, nothing empty."""
    drawn = [operation.area, operation.line, *(into.area for into in operation.into)]
    return _told(
        operation,
        (
            (not shape.is_valid or shape.is_empty, "方案中的图形自相交或为空", "请修正图形后重新提交")
            for shape in drawn
            if shape is not None
        ),
    )


def _told(operation: OperationEvidence, problems: Iterable[tuple[bool, str, str]]) -> list[Finding]:
    return [
        _finding(operation, Severity.blocking, message, way_out)
        for holds, message, way_out in problems
        if holds
    ]


def _finding(operation: OperationEvidence, severity: Severity, message: str, way_out: str) -> Finding:
    return R_CHG_09.finding(severity, operation.label, message, suggestion=way_out)
