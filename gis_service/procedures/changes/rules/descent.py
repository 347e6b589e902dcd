"""Which unit comes out of which by a plan, and how (沿革); a unit that lives on comes out of nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from gis_service.procedures.changes.rules.evidence import ChangeEvidence
from gis_service.procedures.changes.rules.planning import Plan
from gis_service.registers.divisions.rules import DivisionLevel, level_of_code

CONVERSION, MERGER, SPLITTING, TRANSFER = "建制变更", "合并", "拆分", "区域划转"


@dataclass(frozen=True, slots=True)
class Descends:
    """That area of one unit goes to another; `wholly` where it keeps nothing and nobody else gets any."""

    giver: UUID
    taker: UUID
    kind: str
    wholly: bool


def descents(evidence: ChangeEvidence, plan: Plan) -> list[Descends]:
    """Every pair of giver and taker once, in the order of the plan."""
    pairs = list(dict.fromkeys(_Tree(evidence, plan).pairs()))
    takers: dict[UUID, set[UUID]] = defaultdict(set)
    for giver, taker in pairs:
        takers[giver].add(taker)
    whole = {giver: taker for giver, taker in pairs if giver in plan.ended and len(takers[giver]) == 1}
    begun = {unit.id for unit in plan.begun}
    return [
        Descends(giver, taker, _kind(giver, taker, plan, begun, whole), giver in whole)
        for giver, taker in pairs
    ]


def _kind(giver: UUID, taker: UUID, plan: Plan, begun: set[UUID], whole: dict[UUID, UUID]) -> str:
    if giver in whole:
        alone = [each for each, into in whole.items() if into == taker] == [giver]
        return CONVERSION if taker in begun and alone else MERGER
    if giver in plan.ended or taker in begun:
        return SPLITTING
    return TRANSFER


@dataclass
class _Tree:
    """What hangs on what before and after, as far as a plan touches it."""

    evidence: ChangeEvidence
    plan: Plan
    above: dict[UUID, UUID | None] = field(init=False)
    levels: dict[UUID, DivisionLevel | None] = field(init=False)

    def __post_init__(self) -> None:
        self.above = {unit.id: unit.superior_id for unit in self.plan.begun}
        self.above |= {each.after.id: each.after.superior_id for each in self.plan.revised}
        self.levels = {unit.id: unit.level for unit in self.evidence.standing.values()}
        self.levels |= {unit.id: level_of_code(unit.code) for unit in self.plan.begun}

    def pairs(self) -> Iterator[tuple[UUID, UUID]]:
        """Those between which area moves, and the units above them that end or begin by it."""
        for move in self.plan.moves:
            yield move.giver, move.taker
            yield from self._above(move.giver, move.taker)
        for each in self.plan.revised:
            yield from self._above(each.before.id, each.after.id)

    def _above(self, giver: UUID, taker: UUID) -> Iterator[tuple[UUID, UUID]]:
        standing = self.evidence.standing
        before = standing[giver].superior_id if giver in standing else None
        known = standing[taker].superior_id if taker in standing else None
        after = self.above.get(taker, known)
        if before is None or after is None or before == after:
            return
        begins_or_ends = before in self.plan.ended or after in {unit.id for unit in self.plan.begun}
        if begins_or_ends and self.levels.get(before) is self.levels.get(after):
            yield before, after
