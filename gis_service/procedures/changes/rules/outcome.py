"""What a change does, as plain data: who ends, who begins, who is revised, whose area goes where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis_service.foundation.findings import Finding
from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.evidence import (
    BoundStated,
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    Standing,
    UnitFacts,
)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a standing unit is to be from the day on; None where an operation says nothing."""

    unit: Standing
    name: str | None = None
    code: str | None = None
    type: str | None = None
    superior_id: UUID | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """That area goes from one unit to another.

    With `rest` it is all that is left of the giver once other moves are made. Otherwise `parts` are lower
    units, `area` is a polygon, or `line` divides the giver and the piece that holds `at` goes over (without
    `at`, the piece nobody asks for); with none of these, which part it is has never been registered.
    """

    giver: UUID
    taker: UUID
    rest: bool = False
    parts: tuple[UUID, ...] = ()
    area: Any = None
    line: Any = None
    at: Any = None


@dataclass(frozen=True, slots=True)
class Correction:
    """That a version says something wrong of a unit, and what it is to say instead, field by field.

    `begun` and `ended` say what is right about its first day and about the day of its end.
    """

    unit: Standing
    changes: Mapping[str, Any]
    begun: BoundStated | None = None
    ended: BoundStated | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The effect of one operation."""

    ended: tuple[UUID, ...] = ()
    begun: tuple[ProposedUnit, ...] = ()
    revised: tuple[Revision, ...] = ()
    moves: tuple[Move, ...] = ()
    corrected: tuple[Correction, ...] = ()


Takes = Mapping[str, bool]  # field of a proposal's operation → whether it must be stated


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: its word in proposals, its Chinese title, what it takes, demands and does.

    `judge`, `touches` and `outcome` are pure; `outcome` is asked only when nothing blocks. `ends` tells that
    the units it takes end, `followed` that what hangs below them follows, `several` that it begins several.
    `example` is an operation as people write it.
    """

    id: str
    title: str
    explanation: str
    takes: Takes
    example: str
    judge: Callable[[OperationEvidence, ChangeEvidence], list[Finding]]
    outcome: Callable[[OperationEvidence], Outcome]
    touches: Callable[[OperationEvidence, ChangeEvidence], tuple[Touched, ...]]
    ends: bool = False
    followed: bool = True
    several: bool = False


def all_into_one(operation: OperationEvidence) -> Outcome:
    """The outcome in which every unit taken ends and all its area goes to the one unit that begins."""
    [into] = operation.into
    units = operation.known_units
    return Outcome(
        ended=tuple(unit.id for unit in units),
        begun=(into,),
        moves=tuple(Move(unit.id, into.id, rest=True) for unit in units),
    )


def all_into_standing(operation: OperationEvidence) -> Outcome:
    """The outcome in which every unit taken ends and what is left of it goes to a standing unit, if named."""
    units, taker = operation.known_units, operation.to
    moves = tuple(Move(unit.id, taker.id, rest=True) for unit in units) if taker else ()
    return Outcome(ended=tuple(unit.id for unit in units), moves=moves)


def moved_below(parts: tuple[UnitFacts, ...], superior: UUID) -> tuple[Revision, ...]:
    """Lower units that hang elsewhere from now on; their codes follow unless somebody names them."""
    return tuple(Revision(part, superior_id=superior) for part in parts)


def as_stated(operation: OperationEvidence, *fields: str) -> Outcome:
    """The outcome in which the unit lives on, with these fields as they are stated."""
    stated = {field: getattr(operation.stated, field) for field in fields}
    return Outcome(revised=tuple(Revision(unit, **stated) for unit in operation.known_units))
