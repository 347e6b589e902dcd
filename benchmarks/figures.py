"""What one measurement says, and how it is taken: medians of wall time, peak memory of this process."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")
Thing = TypeVar("Thing")


class Disagreement(Exception):
    """The service and its baseline gave different results, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table: seconds of the service and of the baseline, medians of `runs`.

    `target_s` and `target_mb` are limits the service must keep; `peak_mb` is this process alone.
    """

    what: str
    size: str
    ours_s: float
    baseline: str
    baseline_s: float
    runs: int
    target_s: float | None = None
    peak_mb: float | None = None
    target_mb: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times as long as the baseline the service takes."""
        return self.ours_s / self.baseline_s

    @property
    def holds(self) -> bool:
        """Whether every limit is kept."""
        in_time = self.target_s is None or self.ours_s < self.target_s
        in_room = self.target_mb is None or self.peak_mb is None or self.peak_mb < self.target_mb
        return in_time and in_room


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of several runs of one thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """95 in 100 take no longer."""
        return sorted(self.seconds)[max(0, round(len(self.seconds) * 0.95) - 1)]


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of one run, and what it gave."""
    begun = perf_counter()
    result = work()
    return perf_counter() - begun, result


def repeated(work: Callable[[], Result], runs: int) -> tuple[Timings, Result]:
    """Seconds of `runs` runs, and what the last one gave."""
    taken = [timed(work) for _ in range(runs)]
    return Timings(tuple(seconds for seconds, _ in taken)), taken[-1][1]


def each(work: Callable[[Thing], object], things: Iterable[Thing]) -> Timings:
    """Seconds of the work on each thing, once."""
    seconds = []
    for thing in things:
        begun = perf_counter()
        work(thing)
        seconds.append(perf_counter() - begun)
    return Timings(tuple(seconds))


def agree(condition: bool, what: str) -> None:
    """Stop where the two results differ.

    Raises:
        Disagreement: naming what was compared.
    """
    if not condition:
        raise Disagreement(what)


def forget_peak() -> None:
    """Let the peak memory of this process count from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """Peak resident memory of this process since `forget_peak`, in MB (10⁶ bytes)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    [kilobytes] = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) * 1024 / 1e6
