"""How much a name counts beside others that match as well."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1 << 12)
def weight_of(class_code: str, level: str | None = None) -> int:
    """The weight of a feature: by the level of the unit it is, else by the longest prefix of its class."""
    table = _table()
    if level in table["levels"]:
        return int(table["levels"][level])
    lengths = range(len(class_code), 0, -1)
    known = (class_code[:length] for length in lengths if class_code[:length] in table["classes"])
    prefix = next(known, None)
    return int(table["classes"][prefix] if prefix else table["otherwise"])
