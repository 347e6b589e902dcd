"""What is taken for equal, and what is worth saying, of boundary lines: data of `lines.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _tables() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads(files(__package__).joinpath("lines.toml").read_text(encoding="utf-8"))


def threshold(group: str, name: str) -> float:
    """A threshold in force; `lines.toml` gives the reason of each."""
    return _tables()[group][name]
