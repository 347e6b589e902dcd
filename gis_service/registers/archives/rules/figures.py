"""What is asked of archives, in figures and words: data of `archives.toml`, each with its source and mark."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Filing:
    """The group a kind of item belongs to, how long it is kept, and whether the law asks for it of a line."""

    name: str
    group: str
    retention: str
    required: bool = False


@cache
def table() -> Mapping[str, Any]:
    """The whole of the data."""
    return tomllib.loads(files(__package__).joinpath("archives.toml").read_text(encoding="utf-8"))


@cache
def filings() -> Mapping[str, Filing]:
    """By the name of the kind, in the order of the data."""
    return {row["name"]: Filing(**row) for row in table()["kind"]}


def years_kept(retention: str) -> int | None:
    """How many years an item is kept; None for ever."""
    years: Mapping[str, int] = table()["retention"]["years"]
    return years.get(retention)


@cache
def residuals_allowed() -> Mapping[int, float]:
    """By the denominator of the scale a map was drawn at: how many metres a control point may be off."""
    return {row["denominator"]: row["residual_m"] for row in table()["scale"]}


def largest_file_bytes() -> int:
    """The most bytes a file may have that comes over HTTP."""
    return int(table()["upload"]["largest_mb"] * 1_000_000)
