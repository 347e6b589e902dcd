"""What a change did to lines, told from the stretches of border around it: pure, piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from gis_service.procedures.settlements.rules.tasks import Follows


@dataclass(frozen=True, slots=True)
class Runs:
    """A line that runs along a piece of border; a province has rank 0, what lies below it a higher one."""

    line: UUID
    rank: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of border with the line that ran along it before a change, and the one that runs there now."""

    length_km: float
    before: Runs | None
    after: Runs | None


@dataclass(slots=True)
class Touched:
    """A line that a change touched: what it ran along anew, took over and lost, in kilometres."""

    line: UUID
    new_km: float = 0.0
    inherited_km: float = 0.0
    left_km: float = 0.0
    from_lines: set[UUID] = field(default_factory=set)
    ended: bool = False

    @property
    def follows(self) -> Follows:
        """What happened to it, all in all."""
        if self.ended:
            return Follows.ended
        if self.new_km > 0.0:
            return Follows.new
        return Follows.inherited if self.inherited_km > 0.0 else Follows.shortened


def touched_by(pieces: Iterable[Piece], ended: Collection[UUID]) -> list[Touched]:
    """Lines whose course or sides are not what they were.

    A piece that was on a line of this level or above is taken over: it was settled for more than it is now.
    Where only a lower line ran, the higher one is new.
    """
    found: dict[UUID, Touched] = {line: Touched(line, ended=True) for line in ended}
    for piece in pieces:
        before, after = piece.before, piece.after
        if (before and before.line) == (after and after.line):
            continue
        if before is not None:
            found.setdefault(before.line, Touched(before.line)).left_km += piece.length_km
        if after is not None:
            _take(found.setdefault(after.line, Touched(after.line)), after, before, piece.length_km)
    return list(found.values())


def _take(line: Touched, after: Runs, before: Runs | None, length_km: float) -> None:
    if before is None or before.rank > after.rank:
        line.new_km += length_km
    else:
        line.inherited_km += length_km
        line.from_lines.add(before.line)
