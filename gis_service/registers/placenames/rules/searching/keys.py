"""The keys of the index, an array of numbers for each name: its parts, each marked with the band it ranks in.

Rows of one part and one band are few, and bands are in the order of ranks: reading band after band until a
page is full gives the best hits without looking at the others, however frequent a part is. Of a rare part a
few lookups find all (decision 33).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from gis_service.registers.placenames.rules.searching.bands import (
    FINE,
    LENGTHS,
    LEVELS,
    band_of,
    bands_anywhere,
    bands_beginning,
    level_of,
)
from gis_service.registers.placenames.rules.searching.forms import Forms

LEAST_MISTYPED, MOST_MISTYPED = 3, 16  # characters of names that are found in spite of a slip


def _number(text: str) -> int:
    value = crc32(text.encode("utf-8", "surrogatepass"))
    return value - (1 << 32) if value >= 1 << 31 else value


def division_key(division: object) -> int:
    """The key of names in a unit."""
    return _number(f"d{division}")


def anywhere(part: str, band: int) -> int:
    """The key of one, two or three characters anywhere in a name."""
    return _number(f"a{band},{part}")


def beginning(part: str, band: int) -> int:
    """The key of the one or two characters a name begins with."""
    return _number(f"b{band},{part}")


def lacking(rest: str, position: int, level: int) -> int:
    """The key of a name that is `rest` once the character at a position is left off."""
    return _number(f"t{level},{position},{rest}")


@lru_cache(maxsize=1 << 10)
def keys_anywhere(part: str) -> tuple[int, ...]:
    """The keys of a part anywhere, the best band first."""
    return tuple(anywhere(part, band) for band in range(bands_anywhere(part)))


@lru_cache(maxsize=1 << 10)
def keys_beginning(part: str) -> tuple[int, ...]:
    """The keys of a part in the beginning, the best band first."""
    return tuple(beginning(part, band) for band in range(bands_beginning(part)))


def keys_of(forms: Forms, rank: int) -> list[int]:
    """All keys of a name but those of its units."""
    name, level = forms.folded, level_of(rank)
    band = {bands: band_of(rank, bands) for bands in (LEVELS, LENGTHS, FINE)}
    keys = {anywhere(part, band[bands_anywhere(part)]) for part in parts_of(name)}
    keys.update(beginning(part, band[bands_beginning(part)]) for part in {name[:1], name[:2]} if part)
    for form in (name, forms.base or ""):
        keys.update(lacking(rest, at, level) for at, rest in _shortened(form))
    return sorted(keys)


def parts_of(name: str) -> set[str]:
    """Every one, two and three characters of a name that stand beside each other."""
    return {name[at : at + size] for size in (1, 2, 3) for at in range(len(name) - size + 1)}


def _shortened(form: str) -> Iterator[tuple[int, str]]:
    if LEAST_MISTYPED <= len(form) <= MOST_MISTYPED:
        for at in range(len(form)):
            yield at, form[:at] + form[at + 1 :]
