"""How delivered units stand to the register on the day they held: new, the same, or in contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import area_km2
from gis_service.foundation.topology import canonical
from gis_service.procedures.intake.rules.evidence import Delivery, Registered, UnitRecord
from gis_service.registers.divisions.rules import (
    REFERENCE_DAY,
    Holder,
    codes_above,
    judge_holders,
    level_of_code,
    names_of_superiors,
)

R_INT_70 = Rule("R-INT-70", "来件与登记簿一致，或是登记簿所没有的单位", "行政区划管理条例 第二条", status="D")
R_INT_71 = Rule("R-INT-71", "上级单位可知，且未按整体入库", "GB/T 2260-2007", status="D")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register holds that a delivery is about, on the day of the delivery."""

    in_force: Mapping[str, Registered]  # delivered codes that are held that day, with name and area if any
    holders: Sequence[Holder]  # every other holding of the delivered codes
    superiors_in_force: frozenset[str]
    superiors_with_faces: frozenset[str]  # superiors entered as a whole, so that nothing fits below them
    changing_later: frozenset[str] = (
        frozenset()
    )  # of these and their superiors something begins or ends later
    whole: Mapping[str, Registered] = field(default_factory=dict)  # superiors with faces, and their area


@dataclass(frozen=True, slots=True)
class Sorted:
    """Units to be entered, units the register has already, and the names of superiors to be established."""

    new: tuple[UnitRecord, ...]
    known: tuple[UnitRecord, ...]
    bare: tuple[UnitRecord, ...]  # in the register without an area, which they now get
    superiors: Mapping[str, str]
    findings: tuple[Finding, ...]
    dividing: frozenset[str] = frozenset()  # counties whose area is handed down to the delivered units


def sort_out(delivery: Delivery, standing: Standing, *, drawn_beside: bool = False) -> Sorted:
    """Tell new units from known ones; everything that contradicts the register is a blocking finding.

    Of one that was entered `drawn_beside` the registered borders, which stayed, only names are compared.
    """
    new, known, bare = [], [], []
    findings: list[Finding] = []
    for unit in delivery.units:
        registered = standing.in_force.get(unit.code)
        if registered is None:
            new.append(unit)
            findings += judge_holders(unit.code, unit.name, on=delivery.valid_on, holders=standing.holders)
        elif registered.geometry.is_empty and not registered.withheld:
            bare.append(unit)
            findings += _another_name(unit, registered)
        else:
            known.append(unit)
            same_name = drawn_beside and not registered.withheld
            findings += (_another_name if same_name else _contradictions)(unit, registered)
    findings += _unfit_for_areas(bare, standing)
    dividing = _dividing([*new, *bare], standing)
    findings += _unfit_to_divide(dividing, standing)
    superiors, told = _superiors_to_establish(delivery, [*new, *bare], standing, dividing)
    return Sorted(tuple(new), tuple(known), tuple(bare), superiors, (*findings, *told), dividing)


def _dividing(units: Sequence[UnitRecord], standing: Standing) -> frozenset[str]:
    """The counties entered as a whole that all these units lie in; none where only some of them do."""
    above = {unit.superior_code for unit in units}
    if above and above == standing.superiors_with_faces and above <= standing.whole.keys():
        return frozenset(code for code in above if code is not None)
    return frozenset()


def _unfit_to_divide(dividing: Iterable[str], standing: Standing) -> Iterator[Finding]:
    for code in sorted(standing.changing_later.intersection(dividing)):
        subject = f"{code} {standing.whole[code].name}"
        message = f"{subject}在来件日期之后尚有变动，其下级的范围不能由此日一直延续"
        way_out = "请用最后一次变动之后的日期（--on）装入"
        yield R_INT_70.finding(Severity.blocking, subject, message, suggestion=way_out)


def _contradictions(unit: UnitRecord, registered: Registered) -> list[Finding]:
    if registered.withheld:
        message = f"{unit.code} 当日的登记不便示明，来件不能与之核对"
        return [_blocked(unit, message, "请由有相应密级权限的人员办理")]
    found = _another_name(unit, registered)
    if canonical(unit.geometry).equals_exact(canonical(registered.geometry), tolerance=0):
        return found
    moved = shapely.symmetric_difference(unit.geometry, registered.geometry)
    message = f"{unit.subject}的范围与登记不同，相差 {area_km2(moved):.4f} 平方千米"
    found.append(_blocked(unit, message, "界线变更请用 changes 办理；登记的界线不因重新导入而改变"))
    return found


def _another_name(unit: UnitRecord, registered: Registered) -> list[Finding]:
    if unit.name == registered.name:
        return []
    message = f"{unit.code} 已登记为“{registered.name}”，来件写作“{unit.name}”"
    return [_blocked(unit, message, "请先装入其间的沿革，或用 changes 办理名称变更；笔误请改正来件")]


def _unfit_for_areas(bare: Sequence[UnitRecord], standing: Standing) -> list[Finding]:
    """Areas hold from a day on: nothing may begin, end or hang elsewhere after it."""
    found = []
    for unit in bare:
        if unit.code in standing.changing_later:
            message = f"{unit.code} {unit.name}或其上级在来件日期之后尚有变动，范围不能由此日一直延续"
            found.append(_blocked(unit, message, "请用最后一次变动之后的日期（--on）装入"))
    return found


def _blocked(unit: UnitRecord, message: str, way_out: str) -> Finding:
    return R_INT_70.finding(Severity.blocking, unit.subject, message, suggestion=way_out)


def _superiors_to_establish(
    delivery: Delivery, new: Sequence[UnitRecord], standing: Standing, dividing: frozenset[str]
) -> tuple[dict[str, str], list[Finding]]:
    """Superiors that are not registered yet, highest first, named by the delivery or the reference tables."""
    wanted = {code for unit in new for code in codes_above(unit.code)} - standing.superiors_in_force
    names: dict[str, str] = {}
    findings = [_taken_whole(code) for code in sorted(standing.superiors_with_faces - dividing)]
    from_table = []
    for code in sorted(wanted, key=lambda code: (len(code.rstrip("0")), code)):
        name = delivery.superiors.get(code)
        if name is None:
            name = names_of_superiors().get(code)
            from_table.append(code)
        if name is None:
            findings.append(_unnamed(code))
        else:
            names[code] = name
    if from_table and any(code in names for code in from_table):
        listed = "、".join(f"{names[code]}（{code}）" for code in from_table if code in names)
        message = f"来件没有上级名称，取自 {REFERENCE_DAY} 的代码表：{listed}"
        findings.append(R_INT_71.finding(Severity.info, "上级单位", message, suggestion="请核对当日名称"))
    return names, findings


def _taken_whole(code: str) -> Finding:
    level = level_of_code(code)
    message = f"上级单位 {code}（{level.word if level else ''}）已作为最低一级整体入库，不能再装入其下级单位"
    way_out = "县级单位可由其全部乡级单位合起来代替，请只提交这些县的乡级单位；其他情形请在另一库中统一装入"
    return R_INT_71.finding(Severity.blocking, code, message, suggestion=way_out)


def _unnamed(code: str) -> Finding:
    message = f"上级单位 {code} 既不在登记簿，也不在来件和代码表中"
    return R_INT_71.finding(
        Severity.blocking, code, message, suggestion="请在来件中加上级名称列，或先登记上级单位"
    )
