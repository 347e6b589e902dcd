"""R-CHG-13: rounds of evaluating what a change has brought, and scores by indicators with weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis_service.foundation.findings import Rule
from gis_service.foundation.legal_days import months_after
from gis_service.procedures.changes.rules.approver import Lawful
from gis_service.procedures.changes.rules.versioned import Row, holds, table

R_CHG_13 = Rule(
    id="R-CHG-13",
    title="国务院或省级人民政府批准的变更，按种类分轮评估效果",
    legal_basis="行政区划管理条例实施办法",
    status="M",
)

UNGRADED = "缺数据"
ROUND = "evaluation_"  # what a round is called among the follow-up duties: evaluation_1


class Side(StrEnum):
    """Who evaluates: those concerned themselves, or the authority above them."""

    own = "自评"
    above = "评估"


@dataclass(frozen=True, slots=True)
class Round:
    """A round of evaluation, and by when."""

    number: int
    due_on: date

    @property
    def duty(self) -> str:
        """The round among the follow-up duties of a case."""
        return f"{ROUND}{self.number}"


@dataclass(frozen=True, slots=True)
class EvaluationIndicator:
    """What is measured, and how a change of it scores; of a judged one the evaluator gives the score."""

    id: str
    title: str
    weight: float
    none: float | None
    full: float | None

    @property
    def is_judged(self) -> bool:
        """Whether the evaluator gives the score himself."""
        return self.full is None


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators whose weights sum to one."""

    id: str
    title: str
    status: str
    indicators: tuple[EvaluationIndicator, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator before and after the change, or the score that the evaluator gave."""

    before: float | None = None
    after: float | None = None
    given: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What an indicator earned out of 100; None where figures are missing."""

    indicator: str
    title: str
    weight: float
    before: float | None
    after: float | None
    score: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Scores of all indicators, their weighted total and its grade; no total while one is missing."""

    indicator_set: IndicatorSet
    scores: tuple[Score, ...]
    total: float | None
    grade: str
    unused: tuple[str, ...]


def legal_basis_of_evaluation() -> str:
    """By which rule changes are evaluated."""
    return str(table("evaluations.toml")["legal_basis"])


def rounds_of(matters: Iterable[str], lawful: Lawful | None, *, effective_on: date) -> list[Round]:
    """The rounds of a change: those of the matter that asks for most; none where a lower level approves."""
    if lawful is not None and lawful.approver.value not in table("evaluations.toml")["approvers"]:
        return []
    touched = set(matters)
    fitting = [
        row["months"]
        for row in table("evaluations.toml")["rounds"]
        if touched & set(row["matters"]) and holds(row, on=effective_on)
    ]
    months: list[int] = max(fitting, key=len, default=[])
    return [Round(number, months_after(effective_on, each)) for number, each in enumerate(months, start=1)]


def indicator_set_for(on: date, provinces: frozenset[str]) -> IndicatorSet | None:
    """The newest set that holds on a day, a province's own before the general one."""
    fitting = [row for row in table("evaluations.toml")["set"] if holds(row, on=on, provinces=provinces)]
    newest = max(fitting, key=lambda row: (bool(row.get("provinces")), row["valid_from"]), default=None)
    return _set(newest) if newest else None


def indicator_set(set_id: str) -> IndicatorSet:
    """The set with this id, whenever it holds."""
    [found] = [row for row in table("evaluations.toml")["set"] if row["id"] == set_id]
    return _set(found)


def _set(row: Row) -> IndicatorSet:
    found = tuple(
        EvaluationIndicator(each["id"], each["title"], each["weight"], each.get("none"), each.get("full"))
        for each in row["indicator"]
    )
    assert math.isclose(sum(each.weight for each in found), 1.0), f"weights of {row['id']} must sum to one"
    return IndicatorSet(row["id"], row["title"], row["status"], found)


def evaluate_figures(by: IndicatorSet, measured: Mapping[str, Measured]) -> Evaluated:
    """Score figures by a set of indicators."""
    scores = tuple(_score(each, measured.get(each.id, Measured())) for each in by.indicators)
    earned = [each.score * each.weight for each in scores if each.score is not None]
    total = round(math.fsum(earned), 2) if len(earned) == len(scores) else None
    unused = tuple(sorted(measured.keys() - {each.id for each in by.indicators}))
    return Evaluated(by, scores, total, _grade(total), unused)


def _score(by: EvaluationIndicator, measured: Measured) -> Score:
    score = measured.given if by.is_judged else _earned(by, measured)
    return Score(by.id, by.title, by.weight, measured.before, measured.after, score, measured.source)


def _earned(by: EvaluationIndicator, measured: Measured) -> float | None:
    if not measured.before or measured.after is None or by.full is None or by.none is None:
        return None
    change = (measured.after - measured.before) / abs(measured.before)
    share = (change - by.none) / (by.full - by.none)
    return round(100 * min(max(share, 0.0), 1.0), 2)


def _grade(total: float | None) -> str:
    if total is None:
        return UNGRADED
    grades: list[Row] = table("evaluations.toml")["grade"]
    return str(next(row["title"] for row in grades if total >= row["from"]))
