"""How each character of a name is read, and who says so: names first, then characters, then defaults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pypinyin.phrases_dict import phrases_dict

from gis_service.registers.placenames.rules.romanization.tables import (
    Entry,
    defaults,
    irregular,
    is_standard,
    known_readings,
    lengths_by_first,
    units,
)

_LONGEST_PHRASE = 4
_WRITTEN = re.compile(r"[A-Za-z0-9-]")


class Source(StrEnum):
    """Where a reading comes from, the most reliable first."""

    stored = "stored"
    irregular = "irregular"
    unit = "unit"
    single = "single"
    settled = "settled"
    phrase = "phrase"
    default = "default"
    as_written = "as_written"
    unknown = "unknown"


SOURCE_ZH = {
    Source.stored: "登记的读音",
    Source.irregular: "读音表",
    Source.unit: "县级以上地名读音",
    Source.single: "单音字",
    Source.settled: "地名通读",
    Source.phrase: "词语读音",
    Source.default: "多音字常读",
    Source.as_written: "照写",
    Source.unknown: "读音不明",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The syllable of one character, empty where nobody knows it, and `others` that the name may have."""

    character: str
    syllable: str
    source: Source
    basis: str = ""
    others: tuple[str, ...] = ()

    @property
    def guessed(self) -> bool:
        """Whether only habit speaks for this reading (R-PY-07)."""
        return self.source in {Source.phrase, Source.default}


def read(name: str, within: str = "", stored: Sequence[str] = ()) -> list[Reading]:
    """Read a name of the unit or area whose code begins with `within`; the register holds `stored` syllables.

    Stored syllables count where there is one for each character.
    """
    if stored and len(stored) == len(name):
        return [Reading(*pair, Source.stored) for pair in zip(name, stored, strict=True)]
    found: list[Reading | None] = [None] * len(name)
    _read_names(name, within, found)
    unit = _of(units().get(name, ()), within)
    if unit is not None:
        _fill(found, 0, unit, Source.unit)
    for position, character in enumerate(name):
        if found[position] is None:
            found[position] = _read_one(name, position, character)
    return [reading for reading in found if reading is not None]


def _read_names(name: str, within: str, found: list[Reading | None]) -> None:
    """Names of the irregular table that stand in this one, the longest first."""
    known, table = lengths_by_first(), irregular()
    for start, first in enumerate(name):
        for length in known.get(first, ()):
            entry = _of(table.get(name[start : start + length], ()), within)
            if entry is not None and found[start] is None:
                _fill(found, start, entry, Source.irregular)
                break


def _of(entries: Sequence[Entry], within: str) -> Entry | None:
    """The entry for a place; without one, the only reading that all entries share."""
    if not entries:
        return None
    if within:
        fitting = [entry for entry in entries if _meet(entry.within, within)]
        return max(fitting, key=lambda entry: len(entry.within), default=None)
    if len({entry.syllables for entry in entries}) == 1:
        return entries[0]
    return None


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _fill(found: list[Reading | None], start: int, entry: Entry, source: Source) -> None:
    for offset, character in enumerate(entry.name):
        if found[start + offset] is None:
            others = entry.other[offset : offset + 1] if entry.other else ()
            others = tuple(other for other in others if other != entry.syllables[offset])
            basis = entry.source if source is Source.irregular else ""
            if source is Source.irregular and entry.mark == "M":
                basis = f"{entry.source}（M）"
            found[start + offset] = Reading(character, entry.syllables[offset], source, basis, others)


def _read_one(name: str, position: int, character: str) -> Reading:
    alone = _read_alone(character)
    if alone is not None:
        return alone
    known = known_readings(character)
    default = defaults().get(character)
    if default and default.is_settled(position):
        return Reading(character, default.syllable, Source.settled)
    spoken = _in_phrase(name, position)
    if spoken and spoken in known and default is None:
        return Reading(character, spoken, Source.phrase, others=_without(known, spoken))
    syllable = default.syllable if default else known[0]
    return Reading(character, syllable, Source.default, others=_without(known, syllable))


@lru_cache(maxsize=1 << 14)
def _read_alone(character: str) -> Reading | None:
    """The reading of a character that has one at most, whatever stands beside it."""
    known = known_readings(character)
    if not known and character not in defaults():
        return _unread(character)
    if len(known) == 1 and is_standard(character):  # of others no authority tells the one reading
        return Reading(character, known[0], Source.single)
    return None


def _unread(character: str) -> Reading:
    if _WRITTEN.fullmatch(character):
        return Reading(character, character, Source.as_written)
    if unicodedata.category(character)[0] in "PZ":
        return Reading(character, "", Source.as_written)
    return Reading(character, "", Source.unknown)


def _without(known: tuple[str, ...], syllable: str) -> tuple[str, ...]:
    return tuple(each for each in known if each != syllable)


def _in_phrase(name: str, position: int) -> str:
    """How a word of the dictionary reads the character at this place, the longest word first."""
    for length in range(min(_LONGEST_PHRASE, len(name)), 1, -1):
        for start in range(max(0, position - length + 1), min(position, len(name) - length) + 1):
            syllables = _spoken(name[start : start + length])
            if syllables:
                return syllables[position - start]
    return ""


def _spoken(word: str) -> tuple[str, ...]:
    told = phrases_dict.get(word, ())
    return tuple(each[0] for each in told) if len(told) == len(word) else ()
