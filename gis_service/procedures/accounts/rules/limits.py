"""The numbers of `limits.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files


@cache
def _table() -> Mapping[str, Mapping[str, int]]:
    told = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    return {name: values for name, values in told.items() if isinstance(values, dict)}


def limit(group: str, name: str) -> int:
    """A number by its table and key."""
    return _table()[group][name]


def lasting(group: str, name: str) -> timedelta:
    """A span of time; its key ends in the unit, such as `refresh_days`."""
    return timedelta(**{name.rpartition("_")[2]: limit(group, name)})
