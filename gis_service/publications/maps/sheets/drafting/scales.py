"""The usual denominators with their grids, and which of them fits a subject into a frame."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gis_service.foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One usual scale with the spacing of its kilometre grid and graticule and its scale bar segment."""

    denominator: int
    grid_km: float
    graticule_minutes: float
    bar_km: float


@lru_cache(maxsize=1)
def scale_steps() -> tuple[ScaleStep, ...]:
    """All usual scales, largest first."""
    raw = tomllib.loads(files(__package__).joinpath("scales.toml").read_text(encoding="utf-8"))
    return tuple(ScaleStep(int(d), float(g), float(m), float(b)) for d, g, m, b in raw["steps"])


def largest_scale_that_fits(
    extent_m: tuple[float, float], frame_mm: tuple[float, float], *, margin: float
) -> ScaleStep:
    """The largest usual scale at which `extent_m`, enlarged by `margin`, lies within the frame.

    Raises:
        InvalidInput: no usual scale is small enough.
    """
    for step in scale_steps():
        if all(
            ground * (1 + margin) * 1000 / step.denominator <= paper
            for ground, paper in zip(extent_m, frame_mm, strict=True)
        ):
            return step
    raise InvalidInput("图幅范围超出最小常用比例尺", way_out="请缩小范围或改用更大的纸张")


def fill_of(extent_m: Sequence[float], frame_mm: Sequence[float], denominator: int) -> float:
    """Share of the frame the subject takes up in its tighter direction, 0 to 1."""
    return max(ground * 1000 / denominator / paper for ground, paper in zip(extent_m, frame_mm, strict=True))


def in_words(denominator: int) -> str:
    """A scale as printed: `1:400 000`."""
    return "1:" + f"{denominator:,}".replace(",", " ")


def ground_per_centimetre(denominator: int) -> str:
    """What a centimetre on paper is on the ground, in Chinese words."""
    metres = denominator / 100
    return (
        f"图上1厘米相当于实地{metres / 1000:g}千米" if metres >= 1000 else f"图上1厘米相当于实地{metres:g}米"
    )
