"""Why a stretch is surveyed anew: data with its articles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Cause(StrEnum):
    """What happened on the ground."""

    indicator = "indicator"
    watercourse = "watercourse"
    road = "road"
    disaster = "disaster"


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """A cause as the law has it; `on_record` tells that it is about an indicator in the register."""

    title: str
    legal_basis: str
    asks_filing: bool
    on_record: bool


@cache
def causes() -> Mapping[Cause, CauseFacts]:
    """Every cause, in the order of the articles."""
    table = tomllib.loads(files(__package__).joinpath("resurveys.toml").read_text(encoding="utf-8"))
    return {
        Cause(row["id"]): CauseFacts(row["title"], row["legal_basis"], row["asks_filing"], row["on_record"])
        for row in table["cause"]
    }
