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


def due_after(approved_on: date, *, extended: bool = False) -> date:
    """The last day in time for a change approved that day, with the extension or without it (R-CHG-10)."""
    clock = _table()["clock"]
    months = clock["completion_months"] + (clock["extension_months"] if extended else 0)
    return months_after(approved_on, months)


def clock_basis() -> str:
    """The article that sets the clock."""
    return str(_table()["clock"]["legal_basis"])


def basis_at(task: Task, level: str) -> str:
    """What a task rests on for a line of a level: those of townships by analogy (界线条例 Art 19)."""
    townships = _table()["townships"]
    by_analogy = level == townships["level"] and townships["regulation"] in task.legal_basis
    return f"{task.legal_basis}（{townships['words']}）" if by_analogy else task.legal_basis


def ran_out_before(due_on: date, known_on: date) -> bool:
    """Whether the clock of a change had run out before the register knew of it: a change of the past."""
    return due_on < known_on
