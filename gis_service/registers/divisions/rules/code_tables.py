"""The versioned tables behind the code rules, read once from the data files beside this module."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

Bands = tuple[range, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """Bands of the third pair of a six-digit code under one edition of GB/T 2260."""

    name: str
    holds_from: date
    district: Bands
    county: Bands
    city_of_prefecture_city: Bands
    city_elsewhere: Bands


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def tables() -> Mapping[str, Any]:
    """The whole of `code_bands.toml`."""
    return tomllib.loads(_text("code_bands.toml"))


def bands(pairs: Sequence[Sequence[int]]) -> Bands:
    """Turn closed pairs `[first, last]` into ranges."""
    return tuple(range(first, last + 1) for first, last in pairs)


def within(number: int, allowed: Bands) -> bool:
    """Whether `number` lies in one of the bands."""
    return any(number in band for band in allowed)


@cache
def editions() -> tuple[Edition, ...]:
    """All editions known, oldest first."""
    return tuple(
        Edition(
            name=row["name"],
            holds_from=row["holds_from"],
            district=bands(row["district"]),
            county=bands(row["county"]),
            city_of_prefecture_city=bands(row["city_of_prefecture_city"]),
            city_elsewhere=bands(row["city_elsewhere"]),
        )
        for row in tables()["edition"]
    )


def edition_on(on: date) -> Edition | None:
    """The edition in force on a day; None before the oldest one known here."""
    begun = [edition for edition in editions() if edition.holds_from <= on]
    return begun[-1] if begun else None


@cache
def provinces() -> Mapping[str, str]:
    """First pair → name of the province-level unit (GB/T 2260)."""
    return {row["code"][:2]: row["name"] for row in reference("provinces.csv")}


@cache
def abbreviations() -> Mapping[str, str]:
    """First pair → one-character abbreviation (简称) of the province, as used in names of lines: 32 → 苏."""
    return {row["code"][:2]: row["abbreviation"] for row in reference("provinces.csv")}


@cache
def reference(name: str) -> Sequence[Mapping[str, str]]:
    """The rows of a table in `divisions/reference/`; the manifest beside it names its source."""
    table = files("gis_service.registers.divisions").joinpath("reference", name)
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


@cache
def known_codes() -> Mapping[tuple[str, str], str]:
    """(code, name) of units in public data that break the bands, with the reason why they are let pass."""
    rows = csv.DictReader(_text("known_codes.csv").splitlines())
    return {(row["code"], row["name"]): row["reason"] for row in rows}


def is_municipality(code: str) -> bool:
    """Whether a code belongs to 北京, 天津, 上海 or 重庆."""
    return code[:2] in tables()["municipality"]["provinces"]


def is_whole_only(code: str) -> bool:
    """Whether GB/T 2260 codes this province-level unit only as a whole (台湾、香港、澳门)."""
    return code[:2] in tables()["whole_only"]["provinces"]


def is_direct(code: str) -> bool:
    """Whether a code stands in group 90 (省直辖县级行政区划)."""
    return bool(int(code[2:4]) == tables()["second_pair"]["direct"])
