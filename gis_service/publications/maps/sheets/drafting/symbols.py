"""Styles of lines and areas, read from the symbol table beside this file."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gis_service.publications.maps.schemas import Stroke, Style


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("symbols.toml").read_text(encoding="utf-8"))


def line_style(key: str) -> Style:
    """The style of a line: `province`, `county`, `ended`, `begun`, `coast` …"""
    strokes = _table()["line"][key]["strokes"]
    return Style(
        key=f"line-{key}",
        strokes=tuple(
            Stroke(
                colour=stroke["colour"],
                width_mm=stroke["width_mm"],
                dash_mm=tuple(stroke.get("dash_mm", ())),
                round_cap=stroke.get("round_cap", False),
                opacity=stroke.get("opacity", 1.0),
            )
            for stroke in strokes
        ),
    )


def fill_style(key: str, number: int | None = None) -> Style:
    """The style of an area; `number` picks one of the colours of `neighbours`, `affected` or `compared`."""
    fill = _table()["fill"][key]
    if number is None:
        return Style(key=f"fill-{key}", fill=fill)
    return Style(key=f"fill-{key}-{number}", fill=fill[number % len(fill)])
