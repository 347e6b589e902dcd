"""Following area from unit to unit over days, forward or backward. Pure: links and spells in, ways out.

All links of one day are simultaneous: a way takes links of strictly increasing (backward: decreasing) days,
and may sit still in a unit as long as it likes. Doubtful links carry nothing; they are told beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from gis_service.registers.divisions.rules.sharing import Hop, Part, merged, parted, with_remainder

Spells = Mapping[UUID, Sequence[tuple[date, date | None]]]
_DAY = timedelta(days=1)


class LinkFact(NamedTuple):
    """What a link says, as far as ways are concerned; `act` is handed through."""

    predecessor: UUID
    successor: UUID
    on: date
    share_of_predecessor: float | None
    share_of_successor: float | None
    is_doubtful: bool
    is_certain: bool
    act: object


@dataclass(frozen=True, slots=True)
class Reached:
    """A unit that a way leads to; `hops` are the links on all ways there, in the order they are taken.

    `share` is how much of the source's area went there, None where nothing says it.
    """

    unit: UUID
    share: float | None
    is_certain: bool
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """Every unit in force on the day asked for that area of the source may be in, and what was left out."""

    source: UUID
    reached: tuple[Reached, ...]
    doubtful: tuple[Hop, ...]
    is_complete: bool  # nothing of the source was lost on the way, and no doubtful link leads away from it

    def stays(self, *, on: date, to: date) -> dict[UUID, tuple[date, date]]:
        """Over which days area of the source may have lain in each unit on the ways: after one, up to one."""
        bounds: dict[UUID, list[date]] = defaultdict(list)
        bounds[self.source].append(on)
        for reached in self.reached:
            bounds[reached.unit].append(to)
            for hop in reached.hops:
                bounds[hop.origin].append(hop.on)
                bounds[hop.goal].append(hop.on)
        return {unit: (min(days), max(days)) for unit, days in bounds.items()}


@dataclass(frozen=True, slots=True)
class Graph:
    """Links by the units they leave and enter, seen in the direction of travel."""

    out: Mapping[UUID, Sequence[Hop]]
    into: Mapping[UUID, Sequence[Hop]]
    spells: Spells
    is_backward: bool

    def key(self, day: date) -> int:
        """Days in the order in which they are met."""
        return -day.toordinal() if self.is_backward else day.toordinal()

    def stood_before(self, unit: UUID, day: date) -> bool:
        """Whether a unit was in force when the links of a day were met."""
        return self.stands(unit, day if self.is_backward else day - _DAY)

    def stands_after(self, unit: UUID, day: date) -> bool:
        """Whether a unit is in force once the links of a day are passed."""
        return self.stands(unit, day - _DAY if self.is_backward else day)

    def stands(self, unit: UUID, day: date) -> bool:
        """Whether a unit is in force on a day."""
        spells = self.spells.get(unit, ())
        return any(begins <= day and (ends is None or day < ends) for begins, ends in spells)


def graph_of(links: Iterable[LinkFact], spells: Spells, *, on: date, to: date) -> Graph:
    """The links of the days between two days; from the later to the earlier they are met backward."""
    first, last, is_backward = (to, on, True) if to < on else (on, to, False)
    out: dict[UUID, list[Hop]] = defaultdict(list)
    into: dict[UUID, list[Hop]] = defaultdict(list)
    for link in links:
        if first < link.on <= last:
            hop = _hop(link, is_backward=is_backward)
            out[hop.origin].append(hop)
            into[hop.goal].append(hop)
    return Graph(out, into, spells, is_backward)


def _hop(link: LinkFact, *, is_backward: bool) -> Hop:
    one, other, share = link.predecessor, link.successor, link.share_of_predecessor
    if is_backward:
        one, other, share = other, one, link.share_of_successor
    return Hop(one, other, link.on, share, link.is_doubtful, link.is_certain, link.act)


def ways_from(source: UUID, graph: Graph, *, to: date) -> Ways:
    """Where area of a unit in force on one day is on another, and how much of it, where that is known."""
    if not graph.out.get(source) and not graph.into.get(source):
        return _stayed(source, graph, to=to)
    walk = _Walk(graph)
    walk.begin(source)
    while walk.due:
        day = min(walk.due, key=graph.key)
        walk.pass_day(day, walk.due.pop(day))
    return walk.ended(source, to)


def _stayed(source: UUID, graph: Graph, *, to: date) -> Ways:
    """Of a unit that no link touches, as most are: nothing became of it, unless it ended."""
    stands = graph.stands(source, to)
    reached = (Reached(source, 1.0, is_certain=True, hops=()),) if stands else ()
    return Ways(source, reached, (), is_complete=stands)


@dataclass(slots=True)
class _Walk:
    """Which part of the source lies in which unit, from day to day."""

    graph: Graph
    parts: dict[UUID, Part] = field(default_factory=dict)
    due: dict[date, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    taken: dict[UUID, list[Hop]] = field(default_factory=lambda: defaultdict(list))
    doubtful: list[Hop] = field(default_factory=list)

    def begin(self, unit: UUID) -> None:
        self.parts[unit] = Part(1.0, is_pure=True, is_certain=True)
        for hop in self._hops_of(unit):
            self.due[hop.on].add(unit)

    def pass_day(self, day: date, due: set[UUID]) -> None:
        """Take every link of a day at once; `due` are the units that one leaves or enters."""
        before = dict(self.parts)
        arriving: dict[UUID, list[Part]] = defaultdict(list)
        for unit in due:
            hops = [hop for hop in self.graph.out.get(unit, ()) if hop.on == day]
            self.doubtful += [hop for hop in hops if hop.is_doubtful]
            carrying = [hop for hop in hops if not hop.is_doubtful]
            if not carrying:
                continue
            stays = self.graph.stands_after(unit, day)
            self.parts[unit], parts = parted(before[unit], carrying, stays=stays)
            for hop, part in zip(carrying, parts, strict=True):
                self.taken[hop.goal].append(hop)
                arriving[hop.goal].append(part)
        for unit, parts in arriving.items():
            self._arrive(unit, parts, day)
        for unit in due | arriving.keys():
            self._judge_purity(unit, before, day)

    def _arrive(self, unit: UUID, parts: list[Part], day: date) -> None:
        here = self.parts.get(unit)
        self.parts[unit] = merged([*([here] if here else []), *parts])
        if here is None:
            key = self.graph.key
            for hop in self._hops_of(unit):
                if key(hop.on) > key(day):
                    self.due[hop.on].add(unit)

    def _judge_purity(self, unit: UUID, before: Mapping[UUID, Part], day: date) -> None:
        """A unit is pure while nothing but area of the source has ever come into it."""
        entering = [hop for hop in self.graph.into.get(unit, ()) if hop.on == day]
        if not entering:
            return
        was_pure = before[unit].is_pure if unit in before else not self.graph.stood_before(unit, day)
        pure = was_pure and all(hop.origin in before and before[hop.origin].is_pure for hop in entering)
        self.parts[unit] = self.parts[unit].with_purity(pure)

    def _hops_of(self, unit: UUID) -> tuple[Hop, ...]:
        return (*self.graph.out.get(unit, ()), *self.graph.into.get(unit, ()))

    def ended(self, source: UUID, to: date) -> Ways:
        standing = {unit: part for unit, part in self.parts.items() if self.graph.stands(unit, to)}
        lost = [part for unit, part in self.parts.items() if unit not in standing and not part.is_gone]
        is_complete = not lost and not self.doubtful
        shares = with_remainder({unit: part.share for unit, part in standing.items()}, is_complete)
        reached = tuple(
            Reached(unit, shares[unit], part.is_certain, self._ways_to(unit))
            for unit, part in standing.items()
        )
        return Ways(source, reached, tuple(self.doubtful), is_complete)

    def _ways_to(self, unit: UUID) -> tuple[Hop, ...]:
        """The links on all ways to a unit, found from its end."""
        key, found = self.graph.key, dict.fromkeys(self.taken.get(unit, ()))
        waiting = list(found)
        while waiting:
            later = waiting.pop()
            for hop in self.taken.get(later.origin, ()):
                if hop not in found and key(hop.on) < key(later.on):
                    found[hop] = None
                    waiting.append(hop)
        return tuple(sorted(found, key=lambda hop: (key(hop.on), str(hop.origin), str(hop.goal))))
