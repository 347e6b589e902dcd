"""Under which unit a feature is listed once units have changed: by where it lies, or by who succeeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

Chain = Mapping[str, UUID]  # the units that hold a place, by level


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of units means for what lies in them.

    `levels` are those of the units concerned, on the eve; `successors` of units that ended, by lineage.
    """

    ended: frozenset[UUID]
    levels: Mapping[UUID, str]
    successors: Mapping[UUID, frozenset[UUID]]


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a feature lies: on the eve, and on the day; several where it lies on a border, none unknown."""

    before: Sequence[Chain] = ()
    after: Sequence[Chain] = ()


def listed_after(units: Sequence[UUID], change: Change, lying: Lying) -> tuple[list[UUID], list[UUID]]:
    """The units a feature is listed under after a change, and those ended ones nobody is known to succeed."""
    found: list[UUID] = []
    doubtful: list[UUID] = []
    for unit in units:
        to = _successor(unit, change, lying, alone=len(units) == 1)
        if to is None:
            doubtful.append(unit)
        found.append(to or unit)
    return list(dict.fromkeys(found)), doubtful


def _successor(unit: UUID, change: Change, lying: Lying, *, alone: bool) -> UUID | None:
    if unit not in change.levels:
        return unit
    held_by = {chain[level] for chain in lying.after for level in [change.levels[unit]] if level in chain}
    if unit not in change.ended:
        lay_within = any(unit in chain.values() for chain in lying.before)
        moves = alone and lay_within and unit not in held_by and len(held_by) == 1
        return next(iter(held_by)) if moves else unit
    known = change.successors.get(unit, frozenset())
    among = held_by if alone else held_by & known
    if len(among) == 1:
        return next(iter(among))
    return next(iter(known)) if len(known) == 1 else None
