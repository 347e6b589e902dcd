"""What the law sees in an operation: units established, abolished, moved, bounded anew (R-CHG-01)."""

from __future__ import annotations

from collections.abc import Iterable

from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import (
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    Standing,
)
from gis_service.registers.divisions.rules import level_of_code


def touched(matter: Matter, units: Iterable[Standing]) -> list[Touched]:
    """The same matter of several units."""
    return [Touched(matter, unit.level, unit.type) for unit in units]


def established(units: Iterable[ProposedUnit]) -> list[Touched]:
    """Establishments, as far as it is known of what."""
    found = []
    for unit in units:
        level = unit.type.level if unit.type else level_of_code(unit.code)
        if level is not None:
            found.append(Touched(Matter.establish, level, unit.type.value if unit.type else None))
    return found


def abolished_and_established(operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    """What the law sees where units end and others begin; hanging elsewhere is a change of superior too."""
    superiors = {into.superior_id for into in operation.into}
    found = touched(Matter.abolish, operation.known_units)
    found += [each for each in established(operation.into) if _is_typed(each)]
    found += touched(
        Matter.superior, (unit for unit in operation.known_units if {unit.superior_id} != superiors)
    )
    return tuple(found)


def _is_typed(found: Touched) -> bool:
    return found.type is not None


def abolished(operation: OperationEvidence, evidence: ChangeEvidence) -> tuple[Touched, ...]:
    """An abolition, with the change of boundary that a taker elsewhere has by it."""
    found = touched(Matter.abolish, operation.known_units)
    if operation.to is not None:
        for unit in operation.known_units:
            found += bounded_above(unit, operation.to, evidence)
    return tuple(found)


def bounded(giver: Standing, taker: Standing, evidence: ChangeEvidence) -> list[Touched]:
    """A change of boundary between two units, and between what they hang on where that differs."""
    return [*touched(Matter.boundary, (giver, taker)), *bounded_above(giver, taker, evidence)]


def bounded_above(giver: Standing, taker: Standing, evidence: ChangeEvidence) -> list[Touched]:
    """The changes of boundary between the superiors of two units, rung by rung, until they hang on one."""
    one, other = evidence.superior_of(giver), evidence.superior_of(taker)
    if one is None or other is None or one.id == other.id:
        return []
    return bounded(one, other, evidence)
