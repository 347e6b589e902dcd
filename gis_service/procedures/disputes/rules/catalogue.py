"""What a case may be called, and how much it weighs: data with its source, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cases.toml").read_text(encoding="utf-8"))


def levels() -> Mapping[str, int]:
    """Levels with their weights, the gravest first."""
    found: Mapping[str, int] = _data()["levels"]
    return found


def words_for(what: str) -> tuple[str, ...]:
    """The words allowed for kinds, causes or ways of finding."""
    return tuple(_data()["lists"][what])


def near_m() -> float:
    """How far a place may lie from its line before it is asked about."""
    return float(_data()["near"]["warn_m"])


def short_m() -> float:
    """How short a stretch may be before it is asked whether it was written in kilometres."""
    return float(_data()["near"]["short_m"])


def piece_m() -> float:
    """How long the pieces of a line are that are weighed against each other."""
    return float(_data()["stretches"]["piece_m"])


def reach_m() -> float:
    """How near to the end of a piece a marker must stand to end it."""
    return float(_data()["stretches"]["reach_m"])


def bands() -> tuple[str, ...]:
    """The names of the bands of risk, the gravest first."""
    return tuple(band["name"] for band in _data()["bands"])


def band_of(weight: int) -> str:
    """The band of risk that a weight falls into."""
    return next(str(band["name"]) for band in _data()["bands"] if weight >= band["from"])
