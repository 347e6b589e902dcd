"""What is known of readings and spellings: tables of `data/placenames`, each row with source and mark."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pypinyin.pinyin_dict import pinyin_dict
from pypinyin_dict.pinyin_data import ktghz2013

DATA = Path(__file__).resolve().parents[5] / "data" / "placenames"


@dataclass(frozen=True, slots=True)
class Entry:
    """How a name is read within codes that begin with `within`; `other` where a second source differs."""

    name: str
    within: str
    syllables: tuple[str, ...]
    other: tuple[str, ...]
    source: str
    mark: str

    @property
    def doubtful(self) -> bool:
        """Whether a human has to decide: two readings, or one from memory."""
        return bool(self.other) or self.mark == "M"


@dataclass(frozen=True, slots=True)
class MinoritySpelling:
    """A spelling from a minority language; no tones, one form for all purposes."""

    within: str
    name: str
    spelling: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Default:
    """How place names read a character with several readings.

    `settled` are the places in a name, first or later, in which no name is known to read it otherwise.
    """

    syllable: str
    settled: str

    def is_settled(self, position: int) -> bool:
        """Whether names agree on it in this place."""
        return self.settled in {"both", "later" if position else "first"}


@cache
def irregular() -> Mapping[str, tuple[Entry, ...]]:
    """Entries of the irregular table by name."""
    return _grouped(
        Entry(
            row["name"],
            row["within"],
            tuple(row["reading"].split()),
            tuple(row["other_reading"].split()),
            row["source"],
            row["mark"],
        )
        for row in _rows("irregular.csv")
    )


@cache
def units() -> Mapping[str, tuple[Entry, ...]]:
    """Units of the county level and above by full name; what is disputed of them stands in `irregular`."""
    return _grouped(
        Entry(row["name"], row["within"], tuple(row["reading"].split()), (), "units", "D")
        for row in _rows("units.csv")
    )


def home_of(name: str) -> str:
    """The code of the one unit that has this name; empty where none or several have it."""
    entries = units().get(name, ())
    return entries[0].within if len(entries) == 1 else ""


@cache
def unit_stems() -> frozenset[str]:
    """Names of provinces, cities and counties without their type: 河北, 南京, 沛县 gives none.

    Districts are left out: 泰山区 does not make 泰山 the name of a unit.
    """
    stems = (name.removesuffix(name[-1]) for name in units() if name[-1] in "省市县盟")
    return frozenset(stem for stem in stems if len(stem) > 1 and not stem.endswith("自治"))


@cache
def lengths_by_first() -> Mapping[str, tuple[int, ...]]:
    """By first character: how long the irregular names beginning with it are, the longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in irregular():
        lengths[name[0]].add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def minority() -> tuple[MinoritySpelling, ...]:
    """Spellings from minority languages."""
    return tuple(MinoritySpelling(**row) for row in _rows("minority.csv"))


@cache
def defaults() -> Mapping[str, Default]:
    """Readings of polyphonic characters in place names."""
    return {row["character"]: Default(row["reading"], row["settled"]) for row in _rows("polyphones.csv")}


@cache
def words() -> Mapping[str, Any]:
    """Types, generic terms, modifiers and the other words that rules of splitting turn on."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def known_readings(character: str) -> tuple[str, ...]:
    """Modern readings of a character; those of larger dictionaries where it is not in 通用规范汉字表."""
    if len(character) != 1:
        return ()
    told = ktghz2013.pinyin_dict.get(ord(character)) or pinyin_dict.get(ord(character)) or ""
    return tuple(told.split(",")) if told else ()


def is_standard(character: str) -> bool:
    """Whether a character is of 通用规范汉字表, the modern readings of which are authoritative."""
    return len(character) == 1 and ord(character) in ktghz2013.pinyin_dict


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _grouped(entries: Iterator[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.name].append(entry)
    return {name: tuple(each) for name, each in found.items()}
