"""The keys of the index, arrays of numbers for each name: its parts, each marked with the band it ranks in.

Rows of one part and one band are few, and bands are in the order of ranks: reading band after band until a
page is full gives the best hits without looking at the others, however frequent a part is. Of a rare part a
few lookups find all (decision 33).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from gis_service.registers.placenames.rules.searching.bands import (
    FINE,
    LENGTHS,
    LEVELS,
    band_of,
    bands_anywhere,
    bands_beginning,
    bands_of_beginnings,
    bands_of_parts,
    level_of,
)
from gis_service.registers.placenames.rules.searching.forms import Forms

LEAST_MISTYPED, MOST_MISTYPED = 3, 16  # characters of names that are found in spite of a slip
_UTF = ("utf-8", "surrogatepass")
_SIGN = 1 << 31  # numbers are 32 bits, half of them below zero, as the database has them


def _number(text: str, start: int = 0) -> int:
    """The number of a text that follows on another, of which `start` is the checksum."""
    return (crc32(text.encode(*_UTF), start) ^ _SIGN) - _SIGN


@lru_cache(maxsize=1 << 11)
def _start(kind: str) -> int:
    return crc32(f"{kind},".encode())


def division_key(division: object) -> int:
    """The key of names in a unit."""
    return _number(f"d{division}")


def anywhere(part: str, band: int) -> int:
    """The key of one, two or three characters anywhere in a name."""
    return _number(part, _start(f"a{band}"))


def beginning(part: str, band: int) -> int:
    """The key of the one or two characters a name begins with."""
    return _number(part, _start(f"b{band}"))


def lacking(rest: str, position: int, level: int) -> int:
    """The key of a name that is `rest` once the character at a position is left off."""
    return _number(rest, _start(f"t{level},{position}"))


@lru_cache(maxsize=1 << 10)
def keys_anywhere(part: str) -> tuple[int, ...]:
    """The keys of a part anywhere, the best band first."""
    return tuple(anywhere(part, band) for band in range(bands_anywhere(part)))


@lru_cache(maxsize=1 << 10)
def keys_beginning(part: str) -> tuple[int, ...]:
    """The keys of a part in the beginning, the best band first."""
    return tuple(beginning(part, band) for band in range(bands_beginning(part)))


def keys_of(forms: Forms, rank: int) -> list[int]:
    """The keys of the parts of a name."""
    name, place = forms.folded, _place(rank)
    inner, first = bands_of_parts(), bands_of_beginnings()
    sums = {crc32(part.encode(*_UTF), place.anywhere[inner.get(part, LEVELS)]) for part in parts_of(name)}
    for part in {name[:1], name[:2]} - {""}:
        sums.add(crc32(part.encode(*_UTF), place.beginning[first.get(part, LEVELS)]))
    return _signed(sums)


def all_lacking(forms: Forms, rank: int) -> list[int]:
    """The keys by which a name is found in spite of a slip."""
    starts = _place(rank).lacking
    return _signed(
        {
            crc32((form[:at] + form[at + 1 :]).encode(*_UTF), start)
            for form in {forms.folded, forms.base or forms.folded}
            if LEAST_MISTYPED <= len(form) <= MOST_MISTYPED
            for at, start in enumerate(starts[: len(form)])
        }
    )


def _signed(sums: Iterable[int]) -> list[int]:
    return [(each ^ _SIGN) - _SIGN for each in sums]


@dataclass(frozen=True, slots=True)
class _Place:
    """The checksums with which the keys of a rank begin: by number of bands, and by position."""

    anywhere: Mapping[int, int]
    beginning: Mapping[int, int]
    lacking: tuple[int, ...]


@lru_cache(maxsize=1 << 12)
def _place(rank: int) -> _Place:
    level, bands = level_of(rank), {each: band_of(rank, each) for each in (LEVELS, LENGTHS, FINE)}
    return _Place(
        {each: _start(f"a{band}") for each, band in bands.items()},
        {each: _start(f"b{band}") for each, band in bands.items()},
        tuple(_start(f"t{level},{at}") for at in range(MOST_MISTYPED)),
    )


def parts_of(name: str) -> set[str]:
    """Every one, two and three characters of a name that stand beside each other."""
    return {name[at : at + size] for size in (1, 2, 3) for at in range(len(name) - size + 1)}
