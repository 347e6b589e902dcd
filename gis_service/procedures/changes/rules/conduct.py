"""What is known about the conduct of a case before it is judged: plain values, gathered once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.procedures.changes.rules.approver import Touched
from gis_service.procedures.changes.rules.evidence import Basis


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step that was taken, and what came of it."""

    kind: str
    result: str


@dataclass(frozen=True, slots=True)
class ConsultationFacts:
    """A department that was asked, and what it answered, if it did."""

    department: str
    answered_on: date | None
    opinion: str | None


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """What a standard said about a unit of the case."""

    standard: str
    unit: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Conduct:
    """Everything the rules may ask about how a case was conducted.

    `on` is the day whose law counts; `provinces` and `types` are those of the sides of the case.
    """

    on: date
    basis: Basis
    touched: tuple[Touched, ...]
    provinces: frozenset[str]
    types: frozenset[str]
    steps: tuple[StepFacts, ...] = ()
    consultations: tuple[ConsultationFacts, ...] = ()
    verdicts: tuple[VerdictFacts, ...] = ()

    def matters(self) -> Iterator[tuple[str, str]]:
        """What the case does, and on which level."""
        for each in self.touched:
            yield each.matter.value, each.level.value
