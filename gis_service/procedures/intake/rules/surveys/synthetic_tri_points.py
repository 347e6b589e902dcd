"""Markers of tri-points that stand nowhere but in examples, where three units really meet.

Their own numbers are made as the one number that was observed (R-MRK-04): the last two digits of three county
codes, ascending, and a letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from gis_service.foundation.coordinates import zones_holding
from gis_service.procedures.intake.rules.surveys.synthetic import Place, Row, Side, told_as_synthetic

_LETTERS = "IJKLMNOP"  # the observed one first, the next where digits come again


@dataclass(frozen=True, slots=True)
class SyntheticMeeting:
    """Where three units meet: their codes and names, the lowest-level units, the lines by reference."""

    place: Place
    units: tuple[tuple[str, str], ...]
    sides: tuple[Side, ...]
    lines: tuple[str, ...]


def tri_point_rows(meetings: Iterable[SyntheticMeeting], *, seed: int) -> list[Row]:
    """Rows of their markers, from west to east."""
    seen: Counter[str] = Counter()
    rows = []
    for meeting in sorted(meetings, key=lambda each: each.place):
        digits = "".join(sorted_digits(side.unit_code for side in meeting.sides))
        number = digits + _LETTERS[seen[digits] % len(_LETTERS)]
        seen[digits] += 1
        rows.append(_row(meeting, number, Random(f"{seed}:{meeting.place}")))
    return rows


def sorted_digits(codes: Iterable[str]) -> list[str]:
    """The last two digits of county codes, the codes ascending."""
    return [code[4:6] for code in sorted(codes)]


def _row(meeting: SyntheticMeeting, number: str, random: Random) -> Row:
    zone = zones_holding(3, meeting.place[0])[-1]
    names = "、".join(name for _, name in meeting.units)
    row = {
        "number": number,
        "kind": "三交点界桩",
        "line": meeting.lines[0],
        "lines": "；".join(meeting.lines[1:]),
        "tri_point": f"{names}三交点（合成）",
        "units": "；".join(code for code, _ in meeting.units),
        "placement": "单立",
        "shape": "三面型",
        "managing": random.choice(meeting.units)[0],
    }
    return row | told_as_synthetic(meeting.place, zone, meeting.sides, random)
