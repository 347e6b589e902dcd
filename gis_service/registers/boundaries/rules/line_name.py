"""R-BND-01: the name of a line is made of its two sides in ascending code order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Rule
from gis_service.registers.divisions.rules import DivisionLevel, abbreviations, specific_and_generic

R_BND_01 = Rule(
    id="R-BND-01",
    title="界线名称由两侧简称按代码升序加“线”组成",
    legal_basis="民函〔2006〕328号 所列界线名称",
    status="D",
    version="2026-1",
)


@cache
def line_tables() -> Mapping[str, Any]:
    """The versioned table `line_tables.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("line_tables.toml").read_text(encoding="utf-8"))


def line_name(level: DivisionLevel, first: tuple[str, str], second: tuple[str, str]) -> str:
    """Name of the line between two units `(code, name)` of `level`: 苏皖线; below provinces 淮安—宿迁线."""
    low, high = sorted((first, second))
    if level is DivisionLevel.province:
        one, other = (abbreviations().get(code[:2]) for code, _ in (low, high))
        if one and other:
            return f"{one}{other}线"
    return f"{_short(low[1])}—{_short(high[1])}线"


def _short(name: str) -> str:
    """The 专名; a name whose 专名 is one character (郊区, 赵县) stays whole, as people say it."""
    specific, _ = specific_and_generic(name)
    return specific if len(specific) > 1 else name
