"""The tables characters are judged by: `data/placenames/` of the checkout, and the blocks beside this."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

DATA = Path(__file__).resolve().parents[5] / "data" / "placenames"


@dataclass(frozen=True, slots=True)
class Listed:
    """The place of a character in 通用规范汉字表: its number (1 to 8105) and level (1 to 3)."""

    number: int
    level: int


@dataclass(frozen=True, slots=True)
class Related:
    """The standard characters that one outside the table stands for; `source` says who holds so."""

    standard: tuple[str, ...]
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code points."""

    family: str
    name: str
    first: int
    last: int


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def standard_characters() -> Mapping[str, Listed]:
    """Every character of 通用规范汉字表."""
    return {
        row["character"]: Listed(int(row["number"]), int(row["level"])) for row in _rows("characters.csv")
    }


@cache
def variant_characters() -> Mapping[str, Related]:
    """Traditional and variant characters outside the table."""
    return {
        row["character"]: Related(tuple(row["standard"]), row["kind"], row["source"])
        for row in _rows("variants.csv")
    }


@cache
def _blocks() -> tuple[Block, ...]:
    table = tomllib.loads(files(__package__).joinpath("blocks.toml").read_text(encoding="utf-8"))
    return tuple(
        Block(family, row["name"], int(row["first"], 16), int(row["last"], 16))
        for family in ("han", "radicals", "private")
        for row in table[family]
    )


def block_of(char: str) -> Block | None:
    """The block of Han characters, radicals or private use that a character lies in."""
    return next((block for block in _blocks() if block.first <= ord(char) <= block.last), None)
