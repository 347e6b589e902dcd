"""拆分: the area of one unit is divided among several that begin; it ends, or lives on with the rest."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import (
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    UnitFacts,
)
from gis_service.procedures.changes.rules.outcome import Kind, Move, Outcome, Takes, moved_below
from gis_service.procedures.changes.rules.parts import judge_giver, judge_parts, judge_shapes
from gis_service.procedures.changes.rules.plan import demanded
from gis_service.procedures.changes.rules.touching import established, touched
from gis_service.registers.divisions.rules import level_of_code

TAKES: Takes = {"from": True, "into": True, "to": False, "line": False}


def _lives_on(operation: OperationEvidence) -> bool:
    return operation.to_code in operation.from_codes


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    if len(operation.from_codes) != 1:
        message = f"拆分只涉及一个单位，方案列了 {len(operation.from_codes)} 个"
        return demanded(operation.label, [(True, Severity.blocking, message, "每个单位另写一项")])
    found = demanded(operation.label, [*_problems_of_takers(operation), *_problems_of_shares(operation)])
    for unit in operation.known_units:
        for into in operation.into:
            found += judge_parts(operation, into.known_parts)
        if unit.area_km2 is not None or operation.line is not None or _drawn(operation):
            found += _judge_division(operation, unit)
    return [*found, *judge_shapes(operation)]


def _problems_of_takers(operation: OperationEvidence) -> list[tuple[bool, Severity, str, str]]:
    levels = {level_of_code(into.code) for into in operation.into} | {u.level for u in operation.known_units}
    lives_on = _lives_on(operation)
    return [
        (len(levels) > 1, Severity.blocking, "拆分出的单位与原单位不是同一级", "请核对代码"),
        (
            operation.to_code is not None and not lives_on,
            Severity.blocking,
            "拆分的 to 只能是原单位自身，表示它以其余部分保留",
            "划给其他在册单位的，另写部分区域划转（transfer）",
        ),
        (
            len(operation.into) < 2 and not lives_on,
            Severity.blocking,
            "拆分须设立两个以上单位，或保留原单位（to 写原单位的代码）",
            "一个单位整体改为另一单位的，请用建制变更",
        ),
    ]


def _problems_of_shares(operation: OperationEvidence) -> list[tuple[bool, Severity, str, str]]:
    line = operation.line is not None
    unsaid = [into for into in operation.into if not _says_what(into, line=line)]
    keeps = 1 if _lives_on(operation) else 0
    stated_any = line or _drawn(operation) or any(into.part_codes for into in operation.into)
    return [
        (
            bool(stated_any) and len(unsaid) + keeps > 1,
            Severity.blocking,
            "拆分后有不止一个单位没有写明取得哪一部分",
            "请写明各单位的 parts、area，或以 line 分界并写明 seat_at；其余部分至多归一个单位",
        ),
        (
            line and _drawn(operation),
            Severity.blocking,
            "拆分同时写了分界线和多边形",
            "请只用其中一种",
        ),
    ]


def _says_what(into: ProposedUnit, *, line: bool) -> bool:
    return bool(into.part_codes) or into.area is not None or (line and into.seat_at is not None)


def _drawn(operation: OperationEvidence) -> bool:
    return any(into.area is not None for into in operation.into)


def _judge_division(operation: OperationEvidence, unit: UnitFacts) -> list[Finding]:
    if unit.holds_area and unit.area_km2 is not None and (operation.line is not None or _drawn(operation)):
        return []
    parts = [part for into in operation.into for part in into.known_parts]
    return judge_giver(operation, unit, parts=parts)


def _outcome(operation: OperationEvidence) -> Outcome:
    [unit] = operation.known_units
    lives_on = _lives_on(operation)
    revised = [each for into in operation.into for each in moved_below(into.known_parts, into.id)]
    line = operation.line
    by_line = [into for into in operation.into if line is not None]
    moves = [Move(unit.id, into.id, line=line, at=into.seat_at) for into in by_line]
    moves += [_move(unit, into, lives_on=lives_on) for into in operation.into if line is None]
    return Outcome(
        ended=() if lives_on else (unit.id,),
        begun=operation.into,
        revised=tuple(revised),
        moves=tuple(moves),
    )


def _move(unit: UnitFacts, into: ProposedUnit, *, lives_on: bool) -> Move:
    parts = tuple(part.id for part in into.known_parts)
    rest = not parts and into.area is None and not lives_on and unit.area_km2 is not None
    return Move(unit.id, into.id, rest=rest, parts=parts, area=into.area)


def _touches(operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    ending = [] if _lives_on(operation) else touched(Matter.abolish, operation.known_units)
    return (*ending, *established(operation.into))


SPLIT = Kind(
    id="split",
    title="拆分",
    explanation=(
        "以一个单位的区域设立几个新单位：各写取得的部分（parts 下级单位、area 多边形），或以 line 分界并写 "
        "seat_at；原单位撤销，或以 to 写其自身的代码，以其余部分保留"
    ),
    takes=TAKES,
    example="""\
from = ["320121"]
into = [
  { code = "320115", name = "甲区", type = "市辖区", seat = "某镇", parts = ["320121101"] },
  { code = "320116", name = "乙区", type = "市辖区", seat = "某街道" },   # 其余部分
]
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    ends=True,
    several=True,
)
