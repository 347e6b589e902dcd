"""Colours for units so that no two that touch have the same one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_FEW = 4


def colours(
    units: Iterable[str], touching: Iterable[tuple[str, str]], wanted: Mapping[str, int] | None = None
) -> dict[str, int]:
    """A colour number free among coloured neighbours, most-connected unit first, ties by name.

    Of the first four colours the one used least so far is taken, so that a sheet is not all of one colour.
    `wanted` gives colours to keep where they are free, so that a successor looks like its predecessor.
    Greedy: nearly always four colours, six suffice for the coverages met here.
    """
    around: dict[str, set[str]] = {unit: set() for unit in units}
    for one, other in touching:
        if one in around and other in around and one != other:
            around[one].add(other)
            around[other].add(one)
    preferred = wanted or {}
    chosen: dict[str, int] = {}
    for unit in sorted(around, key=lambda name: (name not in preferred, -len(around[name]), name)):
        taken = {chosen[other] for other in around[unit] if other in chosen}
        wish = preferred.get(unit)
        chosen[unit] = wish if wish is not None and wish not in taken else _free(taken, chosen)
    return chosen


def _free(taken: set[int], chosen: Mapping[str, int]) -> int:
    used = list(chosen.values())
    free = [number for number in range(_FEW) if number not in taken]
    if free:
        return min(free, key=lambda number: (used.count(number), number))
    return next(number for number in range(_FEW, _FEW + len(taken) + 1) if number not in taken)
