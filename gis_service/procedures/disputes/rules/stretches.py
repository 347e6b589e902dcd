"""Key sections (重点地段): a line cut into pieces at its markers, and what the cases on each weigh.

Chainages in metres along the line. The weight of a piece is the sum of the weights of the open cases on it;
what has been closed is counted beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gis_service.procedures.disputes.rules.catalogue import levels, piece_m, reach_m


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a line may be cut: at a marker, at its beginning or its end."""

    at_m: float
    name: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a case weighs: from where to where it reaches (one place: the same twice), and how it stands."""

    number: str
    from_m: float
    to_m: float
    level: str
    is_open: bool
    is_overdue: bool
    recurrences: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line with the cases on it."""

    begins: Cut
    ends: Cut
    cases: tuple[Weighed, ...] = ()

    @property
    def weight(self) -> int:
        """The levels of the open cases, added up."""
        return sum(levels()[case.level] for case in self.cases if case.is_open)

    @property
    def open(self) -> int:
        """How many of its cases are open."""
        return sum(case.is_open for case in self.cases)

    @property
    def overdue(self) -> int:
        """How many of its cases are overdue."""
        return sum(case.is_overdue for case in self.cases)

    @property
    def recurrences(self) -> int:
        """How often cases on it came back."""
        return sum(case.recurrences for case in self.cases)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """What pieces are ordered by: weight, then overdue, come back, and all cases there were."""
        return self.weight, self.overdue, self.recurrences, len(self.cases)


def pieces_of(length_m: float, markers: Iterable[Cut], cases: Sequence[Weighed] = ()) -> list[Piece]:
    """A line cut into pieces of about `piece_m`, each at the marker nearest to its end, with their cases."""
    ends = sorted((cut for cut in markers if 0.0 < cut.at_m < length_m), key=lambda cut: cut.at_m)
    cuts = [Cut(0.0, "起点")]
    while length_m - cuts[-1].at_m > piece_m() + reach_m():
        cuts.append(_next(cuts[-1].at_m + piece_m(), ends))
    cuts.append(Cut(length_m, "终点"))
    return [Piece(one, other, _on(one.at_m, other.at_m, length_m, cases)) for one, other in pairwise(cuts)]


def _next(wanted_m: float, markers: Sequence[Cut]) -> Cut:
    near = [cut for cut in markers if abs(cut.at_m - wanted_m) < reach_m()]
    return min(near, key=lambda cut: abs(cut.at_m - wanted_m), default=Cut(wanted_m, ""))


def _on(from_m: float, to_m: float, length_m: float, cases: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Cases that reach into a piece; a place where two meet lies in the later one, the end in the last."""
    is_last = to_m >= length_m
    return tuple(
        case
        for case in cases
        if (case.from_m < to_m and case.to_m > from_m)
        or (case.from_m == case.to_m and (from_m <= case.from_m < to_m or (is_last and case.from_m >= to_m)))
    )
