"""R-MRK-09: the word for a direction, by 16 sectors on true north; lower bounds are inclusive."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Rule

R_MRK_09 = Rule(
    id="R-MRK-09",
    title="走向用语按真方位角分十六个扇区，下界归本扇区",
    legal_basis="GB/T 17796-2009",
    status="P",
    version="2026-1",
)


@cache
def direction_table() -> Mapping[str, Any]:
    """The versioned table `directions.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("directions.toml").read_text(encoding="utf-8"))


def direction_words() -> tuple[str, ...]:
    """All words, clockwise from north."""
    return tuple(direction_table()["words"])


def direction_word(true_azimuth_deg: float) -> str:
    """The word for an azimuth in degrees clockwise from true north."""
    table = direction_table()
    beyond = (true_azimuth_deg - table["first_from_deg"]) % 360.0
    words = direction_words()
    return words[int(beyond // table["sector_deg"]) % len(words)]


def sectors_apart(one: str, other: str) -> int:
    """How many sectors lie between two words, the shorter way round: 0 to 8."""
    words = direction_words()
    apart = abs(words.index(one) - words.index(other))
    return min(apart, len(words) - apart)


def true_azimuth_deg(grid_azimuth_deg: float, convergence_deg: float) -> float:
    """True azimuth of a grid azimuth; convergence is positive where grid north lies east of true north."""
    return (grid_azimuth_deg + convergence_deg) % 360.0
