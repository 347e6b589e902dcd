"""Markers that stand nowhere but in examples, on real lines: placed, numbered and measured as by the rules.

The same line with the same seed always gives the same markers. Every row says that it is synthetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from shapely.geometry import Point

from gis_service.foundation.coordinates import (
    Zone,
    grid_offset,
    grid_polar,
    project,
    unproject,
    zones_holding,
)
from gis_service.registers.boundaries.rules import Course

Place = tuple[float, float]  # lon, lat
Row = dict[str, str]

_OBJECTS = ("水塔", "高压线塔", "桥头", "房角", "路口", "独立树", "闸门", "庙宇")
_MATERIALS = ("花岗岩", "钢筋混凝土")
_PLACEMENTS = dict.fromkeys("AB", "双立") | dict.fromkeys("CDE", "三立")
_STATES = ("完好",) * 8 + ("字迹不清", "倾斜")
_BENT = 1.35  # the way along a river is so much longer than the straight one
_REACH_M = 1500.0
_TRIPLE_SHARE = 0.25  # of the places on banks, as where another water joins
_ALONG_M = 250.0
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Side:
    """A side of the line at a place: the code of the side, and the lowest-level unit there."""

    code: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class SyntheticLine:
    """A line to be given markers: how rows call it, its code, its two sides, the smaller first."""

    reference: str
    code: str
    sides: tuple[str, str]
    course: Course
    spacing_m: float
    sides_at: Callable[[Sequence[Place]], list[tuple[Side, ...]]]


def synthetic_rows(line: SyntheticLine, *, seed: int) -> list[Row]:
    """Rows of markers of a line, by chainage, under the known names of columns."""
    random = Random(f"{seed}:{line.code}:{line.sides}")
    chainages = list(_chainages(line, random))
    zone = zones_holding(3, line.course.point_at(line.course.length_m / 2).x)[-1]
    sets = [_places(line, chainage, random) for chainage in chainages]
    flat = [place for places in sets for _, place in places]
    known = iter(line.sides_at([*flat, *_beside(line, chainages)]))
    own = [next(known) for _ in flat]
    around = list(known)
    rows: list[Row] = []
    at = 0
    for serial, places in enumerate(sets, start=1):
        sides = _two_sides(line, around[4 * (serial - 1) : 4 * serial])
        letters = _letters(line, places, own[at : at + len(places)])
        at += len(places)
        for letter, place in sorted(letters.items()):
            number = f"{_digits(line.code)}{serial:03d}{letter}"
            rows.append(_row(line, number, place, sides, zone, serial, random))
    return rows


def _digits(code: str) -> str:
    """Four digits for numbers: the code of the line, or of two whole codes the last two digits of each."""
    return code if len(code) == 4 else code[4:6] + code[-2:]


def _chainages(line: SyntheticLine, random: Random) -> Iterator[float]:
    """From near the beginning on, at uneven spacing; never so near to the end that the next line has it."""
    at = line.spacing_m * random.uniform(0.1, 0.4)
    while at < line.course.length_m:
        yield round(at, 1)
        at += line.spacing_m * random.uniform(0.65, 1.35)


def _places(line: SyntheticLine, chainage: float, random: Random) -> list[tuple[str, Place]]:
    """One place on the line; where it winds as rivers do one on each bank, or a third where waters meet."""
    here = line.course.point_at(chainage)
    low, high = (line.course.point_at(chainage + step) for step in (-_REACH_M, _REACH_M))
    straight = _metres(low, high)
    if straight * _BENT > 2 * _REACH_M or straight < 1:
        return [("Q", (here.x, here.y))]
    away = random.uniform(60, 140)
    left, right = _abreast(line, chainage, away), _abreast(line, chainage, -away)
    if random.random() >= _TRIPLE_SHARE:
        return [("A", left), ("B", right)]
    return [("C", left), ("D", right), ("E", _abreast(line, chainage + _ALONG_M, away))]


def _metres(one: Point, other: Point) -> float:
    scale = math.cos(math.radians(one.y))
    return math.hypot((one.x - other.x) * scale, one.y - other.y) * _METRES_PER_DEGREE


def _abreast(line: SyntheticLine, chainage: float, metres: float) -> Place:
    """A place so many metres to the left of the course."""
    here = line.course.point_at(chainage)
    low, high = (line.course.point_at(chainage + step) for step in (-30.0, 30.0))
    scale = math.cos(math.radians(here.y))
    east, north = (high.x - low.x) * scale, high.y - low.y
    size = math.hypot(east, north) or 1.0
    return (
        here.x - north / size * metres / (_METRES_PER_DEGREE * scale),
        here.y + east / size * metres / _METRES_PER_DEGREE,
    )


def _beside(line: SyntheticLine, chainages: Sequence[float]) -> list[Place]:
    """For each chainage two places on either side of the line, to find the units there."""
    return [
        _abreast(line, chainage, away) for chainage in chainages for away in (150.0, -150.0, 500.0, -500.0)
    ]


def _two_sides(line: SyntheticLine, around: Sequence[tuple[Side, ...]]) -> dict[str, Side]:
    found: dict[str, Side] = {}
    for sides in around:
        for side in sides:
            found.setdefault(side.code, side)
    return {code: found[code] for code in line.sides if code in found}


def _letters(
    line: SyntheticLine, places: Sequence[tuple[str, Place]], own: Sequence[tuple[Side, ...]]
) -> Mapping[str, Place]:
    """A on the side with the smaller code, B on the other; one on the line where banks cannot be told."""
    if len(places) == 1:
        return dict(places)
    codes = [{side.code for side in sides} for sides in own]
    if len(places) == 3 and all(len(each) == 1 for each in codes) and set().union(*codes) == set(line.sides):
        return dict(places)
    for first, second in ((0, 1), (1, 0)):
        if codes[first] == {line.sides[0]} and codes[second] == {line.sides[1]}:
            return {"A": places[first][1], "B": places[second][1]}
    (_, one), (_, other) = places[:2]
    foot = line.course.foot(Point((one[0] + other[0]) / 2, (one[1] + other[1]) / 2))
    return {"Q": (foot.point.x, foot.point.y)}


def _row(
    line: SyntheticLine,
    number: str,
    place: Place,
    sides: Mapping[str, Side],
    zone: Zone,
    serial: int,
    random: Random,
) -> Row:
    row = {
        "number": number,
        "line": line.reference,
        "placement": _PLACEMENTS.get(number[-1], "单立"),
        "shape": "双面型",
        "managing": line.sides[(serial + 1) % 2],
    }
    return row | told_as_synthetic(place, zone, list(sides.values()), random)


def told_as_synthetic(place: Place, zone: Zone, sides: Sequence[Side], random: Random) -> Row:
    """What rows of all synthetic markers tell: that they are, where they stand, and what is seen around."""
    x, y = (round(value, 3) for value in project(place, zone))
    row = {
        "material": random.choice(_MATERIALS),
        "note": "合成数据，不是勘界成果",
        "synthetic": "是",
        "x": f"{x:.3f}",
        "y": f"{zone.easting(y):.3f}",
        "system": "CGCS2000",
        "zone_width": "3",
        "zone": str(zone.number),
        "height": f"{random.uniform(2, 60):.2f}",
        "height_system": "1985国家高程基准",
        "method": "合成",
        "accuracy": "1.0",
        "state": random.choice(_STATES),
        "observer": "合成",
    }
    for position, side in enumerate(sides, start=1):
        row[f"side{position}"] = side.unit_code
        row[f"location{position}"] = f"{side.unit_name}境内（合成）"
    return row | _bearings((x, y), zone, random)


def _bearings(plane: tuple[float, float], zone: Zone, random: Random) -> Row:
    """Three objects around, their places and figures agreeing."""
    row: Row = {}
    names = random.sample(_OBJECTS, 3)
    for ordinal, name in enumerate(names, start=1):
        there = grid_offset(
            plane, random.uniform((ordinal - 1) * 120, ordinal * 120 - 20), random.uniform(25, 180)
        )
        lon, lat = (round(value, 9) for value in unproject(there, zone))
        azimuth, distance = grid_polar(plane, project((lon, lat), zone))
        row |= {
            f"bearing{ordinal}_name": name,
            f"bearing{ordinal}_azimuth": f"{azimuth:.4f}",
            f"bearing{ordinal}_distance": f"{distance:.1f}",
            f"bearing{ordinal}_lon": f"{lon:.9f}",
            f"bearing{ordinal}_lat": f"{lat:.9f}",
        }
    return row
