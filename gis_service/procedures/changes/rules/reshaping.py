"""Which units above those that change have another area by a plan."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from gis_service.procedures.changes.rules.evidence import ChangeEvidence
from gis_service.procedures.changes.rules.planning import Plan


def reshaped(evidence: ChangeEvidence, plan: Plan) -> frozenset[UUID]:
    """Superiors above only one of giver and taker, or above a moved unit only before or only after."""
    before = {unit.id: unit.superior_id for unit in evidence.standing.values()}
    after = before | {unit.id: unit.superior_id for unit in plan.begun}
    after |= {each.after.id: each.after.superior_id for each in plan.revised}
    pairs = [(move.giver, move.taker) for move in plan.moves]
    pairs += [(each.after.id, each.after.id) for each in plan.revised]
    found = frozenset[UUID]().union(*(_chain(one, before) ^ _chain(other, after) for one, other in pairs))
    return found - set(plan.ended)


def _chain(unit: UUID, above: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    found = set[UUID]()
    superior = above.get(unit)
    while superior is not None and superior not in found:
        found.add(superior)
        superior = above.get(superior)
    return frozenset(found)
