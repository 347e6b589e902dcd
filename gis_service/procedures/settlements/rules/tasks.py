"""What is left to do of a line, by what happened to it: data with its articles, and its clock."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.legal_days import months_after


class Follows(StrEnum):
    """What a change of divisions did to a line."""

    new = "new"
    inherited = "inherited"
    shortened = "shortened"
    ended = "ended"


FOLLOWS_WORDS: Mapping[Follows, str] = {
    Follows.new: "新定",
    Follows.inherited: "承接",
    Follows.shortened: "缩短",
    Follows.ended: "终止",
}


class Fact(StrEnum):
    """What the registers must say of a line before it counts as settled."""

    survey = "survey"
    markers = "markers"
    agreement = "agreement"
    approval = "approval"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done of a line; `papers` tells that only a document proves it."""

    id: str
    title: str
    legal_basis: str
    follows: frozenset[Follows]
    papers: bool
    fact: Fact | None


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("settlements.toml").read_text(encoding="utf-8"))


@cache
def tasks() -> Mapping[str, Task]:
    """Every task by its id, in the order in which they are done."""
    return {row["id"]: _task(row) for row in _table()["task"]}


def _task(row: Mapping[str, Any]) -> Task:
    fact = Fact(row["fact"]) if "fact" in row else None
    follows = frozenset(map(Follows, row["follows"]))
    return Task(row["id"], row["title"], row["legal_basis"], follows, row["papers"], fact)


def tasks_after(follows: Follows) -> tuple[Task, ...]:
    """What is left to do of a line to which this happened."""
    return tuple(task for task in tasks().values() if follows in task.follows)


def due_after(approved_on: date) -> date:
    """The last day in time for a change approved that day (R-CHG-10)."""
    return months_after(approved_on, _table()["clock"]["completion_months"])
