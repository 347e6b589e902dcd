"""How well what people type is answered: success at the first hit and among the first ten."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

QUERIES = Path(__file__).parent / "judged_queries.csv"
FIRST = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what it tries, and patterns of the names it wants; none where nothing may be told."""

    question: str
    tries: str
    wanted: tuple[str, ...]

    def rank(self, names: Sequence[str]) -> int:
        """The place of the first hit that is wanted, from 1; 0 where there is none."""
        if not self.wanted:
            return 0 if names else 1
        right = (
            at for at, name in enumerate(names, 1) if any(fnmatchcase(name, each) for each in self.wanted)
        )
        return next(right, 0)


@dataclass(frozen=True, slots=True)
class Relevance:
    """Shares of questions answered by the first hit and among the first ten, and those that were not."""

    questions: int
    at_1: float
    at_10: float
    missed: tuple[Judged, ...]

    def told(self) -> str:
        """One line for the table."""
        kinds = Counter(each.tries for each in self.missed)
        missed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        return (
            f"success@1 {self.at_1:.3f}, @10 {self.at_10:.3f} of {self.questions}; missed: {missed or 'none'}"
        )


def questions() -> list[Judged]:
    """The judged set."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Judged(row["question"], row["tries"], tuple(filter(None, row["wanted"].split("|")))) for row in rows
    ]


def judge(answer: Callable[[str], Sequence[str]], asked: Sequence[Judged]) -> Relevance:
    """Ask every question; `answer` gives names, the best first."""
    ranks = [each.rank(answer(each.question)[:FIRST]) for each in asked]
    missed = tuple(each for each, rank in zip(asked, ranks, strict=True) if rank == 0)
    return Relevance(
        len(asked), sum(rank == 1 for rank in ranks) / len(asked), 1 - len(missed) / len(asked), missed
    )
