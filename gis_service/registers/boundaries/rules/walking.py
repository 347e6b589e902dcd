"""A line told from station to station: which way, along what, how far. Pure; thresholds are data.

Lengths are on the ellipsoid, rounded to a decimetre so that the parts of a section sum to the section, and
the sections to the line. Directions are from the first to the last point, on true north (R-MRK-09).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_service.foundation.measure import azimuth_deg, lengths_m
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.registers.boundaries.rules.courses import Course
from gis_service.registers.boundaries.rules.directions import direction_word

Floats = npt.NDArray[np.float64]


@cache
def walking_table() -> Mapping[str, Any]:
    """The versioned table `walking.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("walking.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Station:
    """A named place on a line: a marker, or one of its ends."""

    name: str
    chainage_m: float


@dataclass(frozen=True, slots=True)
class Following:
    """What a stretch of a line follows, between two chainages: a value of `Follows`, its name if known."""

    from_m: float
    to_m: float
    follows: str
    name: str | None = None

    @property
    def phrase(self) -> str:
        """How it is told: 沿滁河中心线, 以直线."""
        named, unnamed = walking_table()["follows"][self.follows]
        return str(named.format(name=self.name) if self.name else unnamed)


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a section in one direction along one thing."""

    phrase: str
    azimuth_deg: float
    length_m: float

    @property
    def word(self) -> str:
        """Its direction word."""
        return direction_word(self.azimuth_deg)


@dataclass(frozen=True, slots=True)
class Leg:
    """A section between two stations that follow one another, with the objects it passes."""

    start: Station
    end: Station
    runs: tuple[Run, ...]
    azimuth_deg: float
    length_m: float
    passing: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The direction word of the whole section."""
        return direction_word(self.azimuth_deg)


def legs_of(
    course: Course,
    stations: Sequence[Station],
    followings: Iterable[Following] = (),
    landmarks: Iterable[Station] = (),
) -> list[Leg]:
    """The sections between stations, which come in the order of their chainage.

    Stations at one place count once. What no `following` tells of runs along the line itself.
    """
    known, passed = sorted(followings, key=lambda each: each.from_m), tuple(landmarks)
    told = []
    for start, end in pairwise(stations):
        if _tenths(end.chainage_m) <= _tenths(start.chainage_m):
            continue
        runs = _runs(course, start.chainage_m, end.chainage_m, known)
        names = [mark.name for mark in passed if start.chainage_m < mark.chainage_m < end.chainage_m]
        told.append(
            Leg(
                start,
                end,
                tuple(_run(course, *each) for each in runs),
                _azimuth(course, start.chainage_m, end.chainage_m),
                _apart(start.chainage_m, end.chainage_m),
                tuple(dict.fromkeys(names)),
            )
        )
    return told


_Piece = tuple[float, float, str]


def _tenths(chainage_m: float) -> int:
    return round(chainage_m * 10)


def _apart(one_m: float, other_m: float) -> float:
    return (_tenths(other_m) - _tenths(one_m)) / 10


def _azimuth(course: Course, one_m: float, other_m: float) -> float:
    one, other = course.point_at(one_m), course.point_at(other_m)
    return azimuth_deg(one.x, one.y, other.x, other.y)


def _run(course: Course, from_m: float, to_m: float, phrase: str) -> Run:
    return Run(phrase, _azimuth(course, from_m, to_m), _apart(from_m, to_m))


def _runs(course: Course, from_m: float, to_m: float, known: Sequence[Following]) -> Iterator[_Piece]:
    """Pieces along one thing, split again where the line turns."""
    for begin, stop, phrase in _joined(_along(from_m, to_m, known)):
        corners = [begin, *_bends(course, begin, stop), stop]
        yield from ((one, other, phrase) for one, other in pairwise(corners) if _apart(one, other) > 0)


def _along(from_m: float, to_m: float, known: Sequence[Following]) -> Iterator[_Piece]:
    at = from_m
    plain = Following(0.0, 0.0, "未说明").phrase
    for each in known:
        begin, stop = max(each.from_m, at), min(each.to_m, to_m)
        if _apart(begin, stop) <= 0:
            continue
        if _apart(at, begin) > 0:
            yield at, begin, plain
            at = begin
        yield at, stop, each.phrase
        at = stop
    if _apart(at, to_m) > 0:
        yield at, to_m, plain


def _joined(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Pieces that follow one another along one thing are one."""
    joined: list[_Piece] = []
    for begin, stop, phrase in pieces:
        if joined and joined[-1][2] == phrase:
            joined[-1] = (joined[-1][0], stop, phrase)
        else:
            joined.append((begin, stop, phrase))
    return joined


def _bends(course: Course, from_m: float, to_m: float) -> list[float]:
    """Chainages at which a stretch turns strongly."""
    found: list[float] = []
    begun = from_m
    for part in course.between(from_m, to_m).geoms:
        xy = shapely.get_coordinates(part)
        steps = lengths_m(shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)))  # type: ignore[arg-type]
        chainages = begun + np.concatenate([[0.0], np.cumsum(steps)])
        if begun > from_m:
            found.append(begun)
        scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(float(xy[0, 1]))), METRES_PER_DEGREE])
        found.extend(_turns((xy - xy[0]) * scale, chainages, 0, len(xy) - 1))
        begun = float(chainages[-1])
    return found


def _turns(xy: Floats, chainages: Floats, first: int, last: int) -> list[float]:
    """The vertex farthest from the chord, where the line turns there; then the same on both sides of it."""
    least = walking_table()["bend"]["least_m"]
    if last - first < 2 or chainages[last] - chainages[first] < 2 * least:
        return []
    corner = first + 1 + int(np.argmax(_offsets(xy[first : last + 1])[1:-1]))
    before, after = chainages[corner] - chainages[first], chainages[last] - chainages[corner]
    if min(before, after) < least or _turn_deg(xy, first, corner, last) < walking_table()["bend"]["turn_deg"]:
        return []
    return [
        *_turns(xy, chainages, first, corner),
        float(chainages[corner]),
        *_turns(xy, chainages, corner, last),
    ]


def _offsets(xy: Floats) -> Floats:
    chord = xy[-1] - xy[0]
    away = xy - xy[0]
    length = float(np.hypot(*chord))
    if length < 1.0:
        return np.asarray(np.hypot(away[:, 0], away[:, 1]))
    return np.asarray(np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]) / length)


def _turn_deg(xy: Floats, first: int, corner: int, last: int) -> float:
    one, other = xy[corner] - xy[first], xy[last] - xy[corner]
    turn = math.degrees(math.atan2(one[0] * other[1] - one[1] * other[0], float(one @ other)))
    return abs(turn)
