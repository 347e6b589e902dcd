"""Which part of a line is checked: all of it, a section, or where a unit is one of its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.checks.schemas import CheckedSideOut
from gis_service.registers.boundaries.queries import LineInForce, Walked, with_all_below
from gis_service.registers.boundaries.rules import Apart, Course, Match
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id
from gis_service.registers.markers.queries.standing import MarkerOnDay

Span = tuple[float, float]  # from one chainage to another, metres
_SLACK_M = 0.001  # chainages that are the same differ by no more than rounding


@dataclass(frozen=True, slots=True)
class Scope:
    """The stretches of a line that are checked, in their order; `whole` where they are all of it.

    `unplaced` are numbers of markers without a position that are said to stand there.
    """

    spans: tuple[Span, ...]
    whole: bool
    unit: CheckedSideOut | None = None
    unit_level: str = ""
    unplaced: frozenset[str] = frozenset()

    @property
    def from_m(self) -> float:
        """Where it begins."""
        return self.spans[0][0]

    @property
    def to_m(self) -> float:
        """Where it ends."""
        return self.spans[-1][1]

    def holds(self, at_m: float) -> bool:
        """Whether a chainage lies in it."""
        return any(one - _SLACK_M <= at_m <= other + _SLACK_M for one, other in self.spans)

    def part_of(self, from_m: float, to_m: float) -> Span | None:
        """The first part of a stretch that lies in it; None where none does."""
        for one, other in self.spans:
            begin, stop = max(one, from_m), min(other, to_m)
            if stop - begin > _SLACK_M:
                return begin, stop
        return None

    def of(self, match: Match, course: Course) -> Match:
        """What a match tells within it, each thing placed within it."""
        if self.whole:
            return match
        return replace(
            match, apart=self._kept(match.apart, course), lacking=self._kept(match.lacking, course)
        )

    def _kept(self, found: Iterable[Apart], course: Course) -> tuple[Apart, ...]:
        kept = []
        for each in found:
            part = self.part_of(each.from_m, each.to_m)
            if part is not None:
                inside = self.holds(course.foot(each.place).chainage_m)
                kept.append(each if inside else replace(each, place=course.point_at(sum(part) / 2)))
        return tuple(kept)


def scope_of(
    session: Session,
    line: LineInForce,
    walked: Walked,
    markers: Iterable[MarkerOnDay],
    asked: tuple[float | None, float | None, str | None],
    *,
    on: date,
) -> Scope:
    """What is asked to be checked: from, to (metres) and the code of a unit, each None where not told.

    Raises:
        InvalidInput: the section lies outside the line, or the unit is nowhere a side of it.
    """
    from_m, to_m, code = asked
    section = _section(line, walked.course, from_m, to_m)
    whole = from_m is None and to_m is None
    if code is None:
        return Scope((section,), whole)
    unit = division_by_code(session, code, on=on)
    below = with_all_below(session, [unit.division_id], on=on)
    codes = {each.code for each in divisions_by_id(session, below, on=on).values()}
    spans = list(_spans(walked, codes))
    kept = tuple(part for span in spans if (part := _common(span, section)))
    if not kept:
        raise InvalidInput(
            f"{unit.name}（{code}）不在{line.name}的任何一侧", way_out="请核对单位代码，或不限定单位"
        )
    whole = whole and _is_all(spans, walked.course)
    told = CheckedSideOut(code=unit.code, name=unit.name)
    unplaced = frozenset(each.number for each in markers if each.point is None and below & each.sides.keys())
    return Scope(kept, whole, told, unit.level, unplaced)


def _section(line: LineInForce, course: Course, from_m: float | None, to_m: float | None) -> Span:
    begin = 0.0 if from_m is None else from_m
    stop = course.length_m if to_m is None else to_m
    if not 0.0 <= begin < stop <= course.length_m + 1.0:
        raise InvalidInput(
            f"{line.name}长 {course.length_m:.1f} 米，没有里程 {begin:.1f} 至 {stop:.1f} 米的一段",
            way_out="请写明起点小于终点、都在界线之内的里程（米）",
        )
    return begin, stop


def _spans(walked: Walked, codes: Set[str]) -> Iterator[Span]:
    """Where one side is among these units, stretches that follow one another joined."""
    begun: Span | None = None
    for place, facts in walked.placed:
        if not {facts.left, facts.right} & codes:
            continue
        if begun is not None and place.from_m <= begun[1]:
            begun = begun[0], place.to_m
            continue
        if begun is not None:
            yield begun
        begun = place.from_m, place.to_m
    if begun is not None:
        yield begun


def _is_all(spans: list[Span], course: Course) -> bool:
    return len(spans) == 1 and spans[0][0] <= 0.0 and spans[0][1] >= course.length_m - _SLACK_M


def _common(one: Span, other: Span) -> Span | None:
    begin, stop = max(one[0], other[0]), min(one[1], other[1])
    return (begin, stop) if stop > begin else None
