"""The versioned table `fields.toml`: decimals, least rows, scales of sketches."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def layout() -> Mapping[str, Any]:
    """The table in force."""
    text = files("gis_service.publications.forms.sheets").joinpath("fields.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
