"""Versioned data beside the rules: which of its rows hold on a day, and in which province."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

Row = Mapping[str, Any]


@cache
def table(name: str) -> Row:
    """A table of this package, read once."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def tables_in(folder: str) -> tuple[Row, ...]:
    """Every table of a folder of this package, by file name."""
    found = files(__package__).joinpath(folder).iterdir()
    names = sorted(each.name for each in found if each.name.endswith(".toml"))
    return tuple(table(f"{folder}/{name}") for name in names)


def holds(row: Row, *, on: date, provinces: frozenset[str] = frozenset()) -> bool:
    """Whether a row is in force on a day, and for one of these provinces where it is local."""
    local = row.get("provinces")
    return row.get("valid_from", date.min) <= on < row.get("valid_to", date.max) and (
        not local or not provinces.isdisjoint(local)
    )
