"""The codes of units that live on under another one: each fits, and none is held by two (R-COD-01 to -08)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, Standing
from gis_service.procedures.changes.rules.planning import Plan, Revised
from gis_service.registers.divisions.rules import (
    R_COD_05,
    DivisionType,
    Holder,
    judge_code,
    type_of,
)

NAME_IT = "请在方案中用代码变更（recode）或隶属关系变更（superior）写明它的新代码"

Held = Mapping[str, Sequence[tuple[UUID, Holder]]]  # code → every unit that ever held it


def recoded(plan: Plan) -> list[Revised]:
    """The units that live on under another code."""
    return [each for each in plan.revised if each.after.code != each.before.code]


def judge_codes_after(evidence: ChangeEvidence, plan: Plan, held: Held) -> list[Finding]:
    """What the code rules say of every code that a standing unit takes over, and of codes taken twice."""
    codes = {unit.id: unit.code for unit in evidence.standing.values()}
    codes |= {unit.id: unit.code for unit in plan.begun} | {
        each.after.id: each.after.code for each in plan.revised
    }
    given_up = set(plan.ended) | {each.before.id for each in recoded(plan)}
    found = [*_taken_twice(plan), *_judge_corrected(plan, held, codes)]
    for each in plan.revised:
        if each.after.code != each.before.code or each.after.superior_id != each.before.superior_id:
            found += _judge(each, evidence, codes, _others(each.after, held, given_up, evidence))
    return found


def _judge_corrected(plan: Plan, held: Held, codes: Mapping[UUID, str]) -> list[Finding]:
    """A corrected code, type or superior fits the others, and nobody else held the code meanwhile."""
    found = []
    given_up = {each.unit.id for each in plan.corrected if "code" in each.changes}
    for each in plan.corrected:
        if not each.changes.keys() & {"code", "type", "superior_id"}:
            continue
        unit = replace(each.unit, **each.changes)
        others = [
            holder
            for holding, holder in held.get(unit.code, ())
            if holding not in {unit.id, *given_up} and holder.period.overlaps(unit.valid)
        ]
        on = max([unit.valid.start, *(other.period.start for other in others)])
        superior = codes.get(unit.superior_id) if unit.superior_id else None
        found += judge_code(unit.code, unit.name, _type(unit), on=on, superior=superior, holders=others)
    return found


def _type(unit: Standing) -> DivisionType | None:
    return DivisionType(unit.type) if unit.type in list(DivisionType) else type_of(unit.code, unit.name)


def _judge(
    each: Revised, evidence: ChangeEvidence, codes: Mapping[UUID, str], holders: Iterable[Holder]
) -> list[Finding]:
    unit = each.after
    superior = codes.get(unit.superior_id) if unit.superior_id else None
    found = judge_code(
        unit.code, unit.name, _type(unit), on=evidence.effective_on, superior=superior, holders=holders
    )
    if not each.follows:
        return found
    return [replace(one, suggestion=NAME_IT) if one.blocking else one for one in found]


def _others(unit: Standing, held: Held, given_up: set[UUID], evidence: ChangeEvidence) -> list[Holder]:
    """Who else held or holds a code; what this very change gives up is free from its day on."""
    on = evidence.effective_on
    return [
        holder
        for holding, holder in held.get(unit.code, ())
        if holding != unit.id and not (holding in given_up and on in holder.period and holder.period.in_force)
    ]


def _taken_twice(plan: Plan) -> list[Finding]:
    takers: dict[str, list[str]] = defaultdict(list)
    for each in recoded(plan):
        takers[each.after.code].append(each.before.label)
    for unit in plan.begun:
        takers[unit.code].append(f"新设的{unit.name}")
    return [
        R_COD_05.finding(Severity.blocking, code, f"{'、'.join(units)}改码后都是 {code}", suggestion=NAME_IT)
        for code, units in takers.items()
        if len(units) > 1 and any(each.after.code == code for each in recoded(plan))
    ]
