"""The versioned words of lists of place names: heads of columns, values, languages, limits."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> Mapping[str, Any]:
    """The data file `columns.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text(encoding="utf-8"))


@cache
def limit(name: str) -> float:
    """One limit, in the unit its name ends with."""
    return float(words()["limits"][name])


def plain(head: str) -> str:
    """A head without what does not count: case, blanks, width, and what stands in brackets."""
    word = unicodedata.normalize("NFKC", head).strip()
    return re.sub(r"\(.*?\)|[\s_]", "", word).lower()


@cache
def _by_head() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for name, heads in words()["columns"].items():
        for head in heads:
            known.setdefault(plain(head), name)
    return known


@cache
def _facts_by_head() -> Mapping[str, str]:
    facts = words()["facts"]
    known = {plain(name): name for name in facts["names"]}
    return known | {plain(head): name for head, name in facts["called"].items()}


def recognised(heads: Iterable[str]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Known name → head; fact → head; and the heads that nobody knows. Of two heads of one thing the better.

    Better is whichever stands earlier in the list of names a column goes by.
    """
    columns: dict[str, str] = {}
    facts: dict[str, str] = {}
    unknown = []
    for head in heads:
        if (name := _by_head().get(plain(head))) is not None:
            if name in columns and _place(name, columns[name]) <= _place(name, head):
                unknown.append(head)
                continue
            columns[name] = head
        elif (fact := _facts_by_head().get(plain(head))) is not None and fact not in facts:
            facts[fact] = head
        else:
            unknown.append(head)
    return columns, facts, unknown


def _place(name: str, head: str) -> int:
    return [plain(each) for each in words()["columns"][name]].index(plain(head))


def head_of(name: str) -> str:
    """How templates and messages call a column."""
    return str(words()["columns"][name][0])


def meant(group: str, text: str) -> str | None:
    """The value that a cell means; None where it is none of the group."""
    word = text.strip().lower()
    for value, aliases in words()["words"][group].items():
        if word == value or word in aliases:
            return str(value)
    return None


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().lower() in words()["words"]["yes"]


def language_of(text: str) -> str | None:
    """The code of a language by its Chinese name or code; None where it is none that is known."""
    known = words()["languages"]
    word = text.strip()
    if word in known:
        return str(known[word])
    return word.lower() if word.lower() in known.values() else None


def parted(text: str) -> tuple[str, ...]:
    """Names that stand in one cell, told apart; each as it is written but for the space around it."""
    pattern = "[" + re.escape(words()["words"]["separators"]) + "]"
    return tuple(dict.fromkeys(each.strip() for each in re.split(pattern, text) if each.strip()))
