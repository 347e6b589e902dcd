"""What a change does, as plain data: who ends, who begins, whose area goes where, who came out of whom.

Units that begin have no id yet; within an outcome they are named by their code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from gis_service.foundation.findings import Finding
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, ProposedUnit


@dataclass(frozen=True, slots=True)
class Share:
    """That part of one unit went into another: fractions of area in [0, 1], None where areas are unknown."""

    giver: UUID
    taker_code: str
    share_of_giver: float | None
    share_of_taker: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The effect of one operation. `moves` gives the code of the unit that takes all faces of each giver."""

    ended: tuple[UUID, ...]
    begun: tuple[ProposedUnit, ...]
    moves: Mapping[UUID, str]
    shares: tuple[Share, ...]
    lineage: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: its word in proposals, its Chinese title, what it demands and what it does.

    `judge`, `touches` and `outcome` are pure; `outcome` is asked only when nothing blocks.
    """

    id: str
    title: str
    explanation: str
    judge: Callable[[OperationEvidence, ChangeEvidence], list[Finding]]
    outcome: Callable[[OperationEvidence], Outcome]
    touches: Callable[[OperationEvidence], tuple[Touched, ...]]


def abolished_and_established(operation: OperationEvidence) -> tuple[Touched, ...]:
    """What the law sees where units end and one begins; hanging elsewhere is a change of superior too."""
    into = operation.into
    kind = into.type.value if into.type else None
    level = into.type.level if into.type else None
    found = [Touched(Matter.abolish, unit.level, unit.type) for unit in operation.known_units]
    found += [Touched(Matter.establish, level, kind)] if level else []
    found += [
        Touched(Matter.superior, unit.level, unit.type)
        for unit in operation.known_units
        if unit.superior_id != into.superior_id
    ]
    return tuple(found)


def all_into_one(operation: OperationEvidence, lineage: str) -> Outcome:
    """The outcome in which every unit taken ends and all its area goes to the one unit that begins."""
    units = operation.known_units
    areas = [unit.area_km2 for unit in units]
    total = sum(area for area in areas if area is not None) if None not in areas else None
    shares = tuple(
        Share(unit.id, operation.into.code, 1.0, unit.area_km2 / total if unit.area_km2 and total else None)
        for unit in units
    )
    return Outcome(
        ended=tuple(unit.id for unit in units),
        begun=(operation.into,),
        moves={unit.id: operation.into.code for unit in units},
        shares=shares,
        lineage=lineage,
    )
