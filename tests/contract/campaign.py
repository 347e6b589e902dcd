"""Asking for long: every operation in turn, then courses of requests, one after the other; within a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine

from gis_service.foundation.cluster import temporary_cluster
from gis_service.foundation.database import open_engine
from gis_service.schema import upgrade
from tests.contract.asking import Plan, Report, ask, labels
from tests.contract.office import office_on

FOR_COURSES = 0.25  # of the time
FEW = 8  # examples of each operation in the first round
COURSES = "courses of requests"

Say = Callable[[str], None]


@dataclass(slots=True)
class Campaign:
    """How long to ask, how much of each operation in a round; what came of it, by operation."""

    examples: int
    seed: int
    seconds: float
    home: Path
    say: Say
    reports: dict[str, Report] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    def run(self) -> None:
        """Rounds of single requests, each undone; then courses, which leave behind what they do."""
        with _empty_registers() as engine:
            with office_on(engine, self.home / "rounds") as office:
                for plan, label in self._turns(self.seconds * (1 - FOR_COURSES)):
                    self._take(label, ask(office, plan, label))
            with office_on(engine, self.home / "courses", undoing=False) as office:
                left = self.seconds - (monotonic() - self.began)
                plan = Plan(self.examples, self.seed, phases=("stateful",), seconds=left)
                self._take(COURSES, ask(office, plan))

    def _turns(self, until: float) -> Iterator[tuple[Plan, str]]:
        """What is asked next while there is time: a round that misses none, then others by chance alone."""
        plan = Plan(FEW, self.seed)
        while True:
            for label in labels():
                if monotonic() - self.began > until:
                    return
                yield plan, label
            plan = Plan(self.examples, plan.seed + 1, phases=("fuzzing",))

    def _take(self, label: str, report: Report) -> None:
        self.reports.setdefault(label, Report()).take_in(report)
        statuses = ", ".join(f"{status} ×{count}" for status, count in sorted(report.statuses.items()))
        self.say(
            f"{label}: {report.asked} in {report.seconds:.0f} s; {statuses}; faults {len(report.faults)}"
        )

    def told(self) -> Iterator[str]:
        """The summary by operation, then every fault."""
        for label, report in self.reports.items():
            counts = " ".join(f"{status}:{count}" for status, count in sorted(report.statuses.items()))
            yield f"{label:<55} {report.asked:>6} {report.seconds:>5.0f} s  {counts}"
        for label, report in self.reports.items():
            for fault in report.faults.values():
                yield f"\n{label} {fault}"
        asked = sum(report.asked for report in self.reports.values())
        yield f"{asked} requests, {self.faults} faults, seed {self.seed}"

    @property
    def faults(self) -> int:
        """How many kinds of faults were found."""
        return sum(len(report.faults) for report in self.reports.values())


@contextmanager
def _empty_registers() -> Iterator[Engine]:
    with temporary_cluster() as url:
        engine = open_engine(url)
        upgrade(engine)
        try:
            yield engine
        finally:
            engine.dispose()
