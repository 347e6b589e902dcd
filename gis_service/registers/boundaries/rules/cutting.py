"""Within what distances a drawn line means a registered border: data of `cutting.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Distances in metres; `cutting.toml` gives the reason of each."""

    snap_m: float
    along_factor: float
    sliver_m: float

    @property
    def along_m(self) -> float:
        """How long a line may run near a border before it means the border."""
        return self.snap_m * self.along_factor


@cache
def cutting_tolerance() -> Tolerance:
    """The tolerance in force."""
    text = files(__package__).joinpath("cutting.toml").read_text(encoding="utf-8")
    return Tolerance(**tomllib.loads(text)["cutting"])
