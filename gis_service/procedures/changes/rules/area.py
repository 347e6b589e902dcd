"""R-CHG-09: area is conserved. What is taken from units goes whole to others, and nothing overlaps."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts

R_CHG_09 = Rule(
    id="R-CHG-09",
    title="变更前后区域相等，无缝隙、无重叠，面积合计一致",
    legal_basis="行政区划管理条例 第十三条第六项",
    status="D",
)


def judge_areas(evidence: ChangeEvidence) -> list[Finding]:
    """Before writing: units taken whole have registered areas all or none, and those joined adjoin."""
    return [
        finding
        for operation in evidence.operations
        if operation.ends and (operation.into or operation.to) and not _is_divided(operation)
        for finding in _judge(operation)
    ]


def _is_divided(operation: OperationEvidence) -> bool:
    return operation.line is not None or len(operation.into) > 1


def _judge(operation: OperationEvidence) -> list[Finding]:
    units = joined(operation)
    found = []
    without = [unit.label for unit in units if unit.area_km2 is None]
    if without and len(without) < len(units):
        message = f"{'、'.join(without)}没有登记范围，合并后的区域不完整"
        found.append(_finding(operation, Severity.blocking, message, "请先导入这些单位的界线数据"))
    elif without:
        message = f"{'、'.join(without)}没有登记范围，只变更代码与名称"
        found.append(_finding(operation, Severity.warning, message, "有界线数据后再导入"))
    elif not _hang_together(units):
        message = "合并的单位互不相邻，新单位将有飞地"
        found.append(_finding(operation, Severity.warning, message, "请核实是否漏列单位"))
    return [*found, *_judge_taker(operation)]


def joined(operation: OperationEvidence) -> tuple[UnitFacts, ...]:
    """The units whose areas become one: those taken, and the standing one that takes them."""
    taker = (operation.to,) if operation.to is not None else ()
    return (*operation.known_units, *taker)


def _judge_taker(operation: OperationEvidence) -> list[Finding]:
    """Area goes to a unit that holds area itself, not to one whose area is that of units below it."""
    taker, units = operation.to, operation.known_units
    if taker is None or not any(unit.holds_area for unit in units):
        return []
    return judge_taker(operation, taker)


def judge_taker(operation: OperationEvidence, taker: UnitFacts) -> list[Finding]:
    """Blocking where a taker's area is that of units below it: it must be said which of them takes."""
    if taker.holds_area or taker.area_km2 is None:
        return []
    message = f"{taker.label}的范围由其下级单位组成，不能直接划入区域"
    return [_finding(operation, Severity.blocking, message, "请写明由其哪个下级单位接收")]


def _finding(operation: OperationEvidence, severity: Severity, message: str, way_out: str) -> Finding:
    return R_CHG_09.finding(severity, operation.label, message, suggestion=way_out)


def _hang_together(joined_: tuple[UnitFacts, ...]) -> bool:
    """Whether one can walk from any unit taken to any other over common borders."""
    units = {unit.id: unit for unit in joined_}
    if not units or not all(unit.holds_area for unit in joined_):
        return True
    reached, ahead = set[object](), [next(iter(units))]
    while ahead:
        here = ahead.pop()
        reached.add(here)
        ahead.extend(other for other in units[here].neighbours if other in units and other not in reached)
    return len(reached) == len(units)


def judge_totals(before_km2: float, after_km2: float, tolerance_km2: float) -> list[Finding]:
    """After writing: the totals of what was taken and what began agree within the tolerance."""
    if abs(before_km2 - after_km2) <= tolerance_km2:
        return []
    message = f"变更前面积合计 {before_km2:.6f} 平方千米，变更后 {after_km2:.6f} 平方千米"
    return [R_CHG_09.finding(Severity.blocking, "面积合计", message, suggestion="请核对登记范围")]
