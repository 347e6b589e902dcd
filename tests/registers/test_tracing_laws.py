"""Laws that every trace obeys, on histories drawn at random: units with spells, links on the days between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_service.registers.divisions.rules import LinkFact, Ways, graph_of, ways_from

FIRST = date(2000, 1, 1)
DAYS = 8
UNITS = [UUID(int=number) for number in range(1, 7)]


@dataclass(frozen=True)
class Drawn:
    """Links, spells of every unit, and where the area of every unit of the first day truly is each day."""

    links: tuple[LinkFact, ...]
    spells: dict[UUID, list[tuple[date, date | None]]]
    truth: list[dict[UUID, dict[UUID, float]]]

    def ways(self, unit: UUID, on: date, to: date) -> Ways:
        return ways_from(unit, graph_of(self.links, self.spells, on=on, to=to), to=to)

    def standing(self, on: date) -> list[UUID]:
        held = self.spells.items()
        return [unit for unit, [(begins, ends)] in held if begins <= on and (ends is None or on < ends)]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def histories(draw: st.DrawFn) -> Drawn:
    """Each day some units give a share of all they hold to others, or all of it and end; some begin."""
    begun = {unit: day(0) for unit in UNITS[:4]}
    ended: dict[UUID, date] = {}
    held = {unit: {unit: 1.0} for unit in begun}
    fresh, links, truth = list(UNITS[4:]), [], [{unit: dict(parts) for unit, parts in held.items()}]
    for number in range(1, DAYS):
        on, standing = day(number), [unit for unit in begun if unit not in ended]
        givers = draw(st.lists(st.sampled_from(standing), max_size=2, unique=True))
        before = {unit: dict(parts) for unit, parts in held.items()}
        stayers = [unit for unit in standing if unit not in givers]
        for giver in givers:
            pool = [*stayers, *fresh[:1]]
            takers = draw(st.lists(st.sampled_from(pool), max_size=2, unique=True)) if pool else []
            ends = bool(takers) and draw(st.booleans())
            shares = [1 / len(takers) if ends else 0.25 for _ in takers]
            for taker, share in zip(takers, shares, strict=True):
                if taker in fresh:
                    fresh.remove(taker)
                    begun[taker] = on
                    held[taker] = {}
                known = draw(st.booleans())
                links.append(_link(giver, taker, on, share if known else None, draw(st.booleans())))
                _give(held, before, giver, taker, share)
            if ends:
                ended[giver] = on
                held.pop(giver)
        truth.append({unit: dict(parts) for unit, parts in held.items()})
    return Drawn(tuple(links), {unit: [(begun[unit], ended.get(unit))] for unit in begun}, truth)


def _link(giver: UUID, taker: UUID, on: date, share: float | None, is_certain: bool) -> LinkFact:
    return LinkFact(giver, taker, on, share, None, False, is_certain, None)


def _give(
    held: dict[UUID, dict[UUID, float]],
    before: dict[UUID, dict[UUID, float]],
    giver: UUID,
    taker: UUID,
    share: float,
) -> None:
    """A giver parts with the same share of everything it held; so a share that is told can be checked."""
    for source, part in before[giver].items():
        held[taker][source] = held[taker].get(source, 0.0) + part * share
        held[giver][source] -= part * share


def units_of(ways: Ways) -> set[UUID]:
    return {end.unit for end in ways.reached}


spans = st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))


@settings(max_examples=300, deadline=None)
@given(histories(), spans)
def test_forward_and_backward_tell_the_same(drawn: Drawn, span: tuple[int, int]) -> None:
    one, other = day(span[0]), day(span[1])
    forward = {(unit, end) for unit in drawn.standing(one) for end in units_of(drawn.ways(unit, one, other))}
    backward = {
        (end, unit) for unit in drawn.standing(other) for end in units_of(drawn.ways(unit, other, one))
    }
    assert forward == backward


@settings(max_examples=300, deadline=None)
@given(histories(), st.integers(0, DAYS - 1))
def test_every_share_that_is_told_is_true(drawn: Drawn, last: int) -> None:
    for unit in drawn.standing(day(0)):
        ways = drawn.ways(unit, day(0), day(last))
        for end in ways.reached:
            if end.share is not None:
                true = drawn.truth[last][end.unit].get(unit, 0.0)
                assert end.share == pytest.approx(true, abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(histories(), spans)
def test_known_shares_come_to_one_and_unknown_ones_never_exceed_it(
    drawn: Drawn, span: tuple[int, int]
) -> None:
    one, other = day(span[0]), day(span[1])
    for unit in drawn.standing(one):
        ways = drawn.ways(unit, one, other)
        shares = [end.share for end in ways.reached]
        known = sum(share for share in shares if share is not None)
        assert known <= 1 + 1e-9
        if span[0] <= span[1]:
            assert shares, "nothing of these histories is ever lost"
            assert None in shares or known == pytest.approx(1)


@given(histories(), st.integers(0, DAYS - 1))
def test_nothing_happens_within_a_day(drawn: Drawn, number: int) -> None:
    for unit in drawn.standing(day(number)):
        [end] = drawn.ways(unit, day(number), day(number)).reached
        assert (end.unit, end.share, end.hops) == (unit, 1.0, ())


@settings(max_examples=200, deadline=None)
@given(histories(), spans)
def test_ways_run_in_order_and_end_where_they_say(drawn: Drawn, span: tuple[int, int]) -> None:
    one, other = day(span[0]), day(span[1])
    for unit in drawn.standing(one):
        for end in drawn.ways(unit, one, other).reached:
            assert end.unit == unit or end.hops
            _assert_joined(unit, end.unit, end.hops)


def _assert_joined(source: UUID, goal: UUID, hops: Iterable[object]) -> None:
    """Every link on the ways begins where another, or the source, left off; some link ends at the goal."""
    listed = list(hops)
    goals = {hop.goal for hop in listed} | {source}  # type: ignore[attr-defined]
    assert all(hop.origin in goals for hop in listed)  # type: ignore[attr-defined]
    assert goal in goals
