"""What is asked of markers, in figures: data of `markers.toml`, each with its source and mark."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Metres and degrees; `markers.toml` gives the reason of each."""

    on_line_m: float
    bank_m: float
    moved_m: float
    bearings: int
    bearing_m: float
    bearing_deg: float
    photo_m: float


@cache
def table() -> Mapping[str, Any]:
    """The whole of the data."""
    return tomllib.loads(files(__package__).joinpath("markers.toml").read_text(encoding="utf-8"))


@cache
def thresholds() -> Thresholds:
    """The figures in force."""
    place, bearing = table()["place"], table()["bearing"]
    return Thresholds(
        on_line_m=place["on_line_m"],
        bank_m=place["bank_m"],
        moved_m=place["moved_m"],
        bearings=bearing["least"],
        bearing_m=bearing["distance_m"],
        bearing_deg=bearing["azimuth_deg"],
        photo_m=table()["photo"]["far_m"],
    )
