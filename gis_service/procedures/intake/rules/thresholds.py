"""The limits of the intake checks, read once from the data file beside this module."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

METRES_PER_DEGREE = 111_320.0  # of latitude, and of longitude on the equator


@cache
def _tables() -> Mapping[str, Mapping[str, float]]:
    text = files(__package__).joinpath("thresholds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def limit(group: str, name: str) -> float:
    """One limit, in the unit its name ends with."""
    return float(_tables()[group][name])


def degrees_of(metres: float, *, latitude: float) -> float:
    """Metres as degrees of longitude at a latitude: never less than the degrees of latitude."""
    return metres / (METRES_PER_DEGREE * math.cos(math.radians(latitude)))
