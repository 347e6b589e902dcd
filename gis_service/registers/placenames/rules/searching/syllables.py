"""Pinyin as people type it: whole or initials, with tones or without, parted or not, with a letter wrong."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pypinyin.constants import PINYIN_DICT

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_LONGEST = 6  # letters of a syllable
_MOST_READINGS = 40  # ways of parting a text that are looked at
_LEAST_MISTYPED = 5  # letters
_MOST_CORRECTED = 600
_ROW = re.compile(r"[a-zv1-5]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """Letters without tones, and patterns their tones must fit (none: any). `solid`: nothing parts them."""

    letters: str
    patterns: tuple[str, ...]
    solid: bool


def read_typed(text: str) -> Typed | None:
    """Pinyin as typed; None where it holds anything but letters, tones and what parts syllables."""
    marked = _with_digits(text)
    if marked is None:
        return None
    rows = _ROW.findall(marked)
    letters = re.sub(r"[1-5]", "", "".join(rows))
    if not letters:
        return None
    solid = len(rows) == 1 and rows[0] == letters
    return Typed(letters, () if solid else tuple(_patterns(rows)), solid)


def _with_digits(text: str) -> str | None:
    """nán jīng → na2n ji1ng: small letters, tones as digits where they stood."""
    told = []
    for char in unicodedata.normalize("NFD", text.lower().replace("ü", "v")):
        if char in _TONES:
            told.append(_TONES[char])
        elif char == "\u0308" and told and told[-1] == "u":
            told[-1] = "v"
        elif (char.isascii() and char.isalpha()) or char in "12345":
            told.append(char)
        elif char in " '’‘`-‐·\u3000":
            told.append(" ")
        else:
            return None
    return "".join(told).strip()


def _patterns(rows: list[str]) -> Iterator[str]:
    """What the toned form of a name must look like: LIKE patterns, `_` for a tone that was not typed."""
    found = [""]
    for row in rows:
        found = [before + after for before in found for after in _toned(row)][:_MOST_READINGS]
    yield from found


def _toned(row: str) -> list[str]:
    """Every way to read a row of letters and digits as syllables, each with its tone or `_`."""
    told: list[str] = []

    def read_on(at: int, before: str) -> None:
        if at == len(row):
            told.append(before)
            return
        for end in range(min(len(row), at + _LONGEST + 1), at, -1):
            part = row[at:end]
            tones = re.sub("[a-z]", "", part)
            syllable = re.sub("[1-5]", "", part)
            goes_on = end < len(row) and row[end].isdigit()
            if len(tones) <= 1 and not goes_on and syllable in syllables() and len(told) < _MOST_READINGS:
                read_on(end, f"{before}{syllable}{tones or '_'}")

    read_on(0, "")
    return told


@cache
def syllables() -> frozenset[str]:
    """Every syllable of the language, without tones, ü as v."""
    found = set()
    for told in PINYIN_DICT.values():
        for syllable in told.split(","):
            plain = re.sub(r"[1-5]", "", _with_digits(syllable) or "")
            if re.fullmatch(r"[a-z]*[aeiouv][a-z]*", plain):
                found.add(plain)
    return frozenset(found)


def corrected(letters: str) -> list[str]:
    """Pinyin that differs from what was typed by one letter: left out, put in, another, or two exchanged."""
    if len(letters) < _LEAST_MISTYPED:
        return []
    fine_to = _readable_prefixes(letters)
    fine_from = {len(letters) - at for at in _readable_prefixes(letters[::-1], backwards=True)}
    found: set[str] = set()
    for start in sorted(fine_to):
        for end in sorted(fine_from):
            if start < end <= start + 2 * _LONGEST:
                found.update(letters[:start] + middle + letters[end:] for middle in _near(letters[start:end]))
    return sorted(found - {letters})[:_MOST_CORRECTED]


def _readable_prefixes(letters: str, *, backwards: bool = False) -> set[int]:
    known = _backwards() if backwards else syllables()
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached.update(
                end for end in range(at + 1, min(len(letters), at + _LONGEST) + 1) if letters[at:end] in known
            )
    return reached


@cache
def _backwards() -> frozenset[str]:
    return frozenset(each[::-1] for each in syllables())


@lru_cache(maxsize=1 << 14)
def _near(part: str) -> tuple[str, ...]:
    """Syllables that differ from a part by one letter."""
    if len(part) > _LONGEST + 1:
        return ()
    found = {*_lacking_one().get(part, ())}
    for at in range(len(part)):
        found.update(_but_for_one().get(f"{part[:at]}_{part[at + 1 :]}", ()))
        found.add(part[:at] + part[at + 1 :])
        found.add(part[:at] + part[at + 1 : at + 2] + part[at] + part[at + 2 :])
    return tuple(sorted((found & syllables()) - {part}))


@cache
def _but_for_one() -> Mapping[str, list[str]]:
    """Syllables by what they are with `_` for one letter."""
    told = defaultdict(list)
    for each in syllables():
        for at in range(len(each)):
            told[f"{each[:at]}_{each[at + 1 :]}"].append(each)
    return told


@cache
def _lacking_one() -> Mapping[str, list[str]]:
    """Syllables by what they are without one letter."""
    told = defaultdict(list)
    for each in syllables():
        for at in range(len(each)):
            told[each[:at] + each[at + 1 :]].append(each)
    return told
