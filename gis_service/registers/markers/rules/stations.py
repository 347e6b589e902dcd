"""The stations of a line: its beginning, its markers in their order along it, its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from gis_service.foundation.coordinates import format_dms
from gis_service.registers.boundaries.rules import Course, Station

_AT_THE_END_M = 1.0  # a marker this near to an end of the line is the end
_TYPES = "QABCDE"

Stone = tuple[str, float | None]  # its number, the chainage of its foot in metres where it has a position


def stations_of(
    course: Course, stones: Iterable[Stone], *, begins_at: str | None = None, ends_at: str | None = None
) -> list[Station]:
    """In the direction of the line; stones that share a serial number are one station, midway.

    `begins_at` and `ends_at` are what is on record of its ends; without it they are told by their place.
    """
    known = sorted((_station(group) for group in _sets(stones)), key=lambda each: each.chainage_m)
    length = course.length_m
    begin = Station(_end(course, begins_at, 0.0, "起点"), 0.0)
    end = Station(_end(course, ends_at, length, "终点"), length)
    first = [] if known and known[0].chainage_m < _AT_THE_END_M else [begin]
    last = [] if known and known[-1].chainage_m > length - _AT_THE_END_M else [end]
    return [*first, *known, *last]


def runs_with_numbers(stones: Iterable[Stone]) -> bool:
    """Whether chainage rises with the serials, as it should (R-MRK-03); tri-points have none."""
    regular = [(number, at) for number, at in stones if number[-1:] in _TYPES]
    places = [_station(group).chainage_m for group in _sets(sorted(regular))]
    return all(one <= other for one, other in pairwise(places))


def _sets(stones: Iterable[Stone]) -> list[list[tuple[str, float]]]:
    """Placed stones by their number without the letter."""
    by_serial: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for number, at in stones:
        if at is not None:
            by_serial[number.rstrip(_TYPES)].append((number, at))
    return list(by_serial.values())


def _station(group: list[tuple[str, float]]) -> Station:
    numbers = "、".join(number for number, _ in group)
    return Station(f"{numbers}号界桩", sum(at for _, at in group) / len(group))


def _end(course: Course, told: str | None, chainage_m: float, word: str) -> str:
    if told:
        return f"{word}（{told}）"
    place = course.point_at(chainage_m)
    return f"{word}（东经{format_dms(place.x, decimals=0)}、北纬{format_dms(place.y, decimals=0)}）"
