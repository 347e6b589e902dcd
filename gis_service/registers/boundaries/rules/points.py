"""What can be told of a point before any register is asked: that it cannot lie in China, or reads swapped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _china() -> Mapping[str, float]:
    text = files(__package__).joinpath("points.toml").read_text(encoding="utf-8")
    box: Mapping[str, float] = tomllib.loads(text)["china"]
    return box


def _in_china(lon: float, lat: float) -> bool:
    box = _china()
    return box["west"] <= lon <= box["east"] and box["south"] <= lat <= box["north"]


def remark_on_point(lon: float, lat: float) -> str | None:
    """What is to be told of a point that cannot lie in China; nothing of any other."""
    if _in_china(lon, lat):
        return None
    if _in_china(lat, lon):
        return "经度、纬度可能写反了：经度在前，纬度在后"
    return "该点不在中国范围内"
