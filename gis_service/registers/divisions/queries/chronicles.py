"""The whole past of divisions, as one reader saw it in one state of the registers. Never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.registers.divisions.queries.links import links_between
from gis_service.registers.divisions.queries.spans import Span, read_spans, spans_where
from gis_service.registers.divisions.queries.tracing import Known, fact_of, links_that_carry
from gis_service.registers.divisions.rules import Graph, Hop, graph_of
from gis_service.registers.divisions.rules.tracing import Spells

_ALL = spans_where("true", with_superior=False)
_EVER = (date.min, date.max)

Hops = Mapping[UUID, Sequence[Hop]]


class HopsBetween(Mapping[UUID, Sequence[Hop]]):
    """Of the links that leave or enter units, those of the days after one, up to another."""

    def __init__(self, hops: Hops, first: date, last: date) -> None:
        self._hops, self._first, self._last = hops, first, last
        self._met: dict[UUID, list[Hop]] = {}

    def __getitem__(self, unit: UUID) -> Sequence[Hop]:
        met = self._met.get(unit)
        if met is None:
            first, last = self._first, self._last
            met = self._met[unit] = [hop for hop in self._hops.get(unit, ()) if first < hop.on <= last]
        return met

    def get(self, unit: UUID, _otherwise: object = ()) -> Sequence[Hop]:
        """The same: a unit that no link touches has none."""
        return self[unit]

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._hops)

    def __len__(self) -> int:
        return len(self._hops)


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Every version by its unit and by its superior, and every link in both directions; a `Past`."""

    spans: Mapping[UUID, list[Span]]
    below: Mapping[UUID, list[Span]]
    forward: Graph
    backward: Graph

    def leaves_of(self, units: Iterable[UUID], *, on: date) -> dict[UUID, list[list[UUID]]]:
        """The lowest units under each of these on a day, as chains up to it."""
        return {unit: list(self._chains([unit], on)) for unit in units}

    def _chains(self, chain: list[UUID], on: date) -> Iterator[list[UUID]]:
        held = [span.id for span in self.below.get(chain[0], ()) if span.holds(on)]
        if not held:
            yield chain
        for unit in held:
            yield from self._chains([unit, *chain], on)

    def known_around(self, units: Iterable[UUID], *, on: date, to: date) -> Known:  # noqa: ARG002
        """What is needed to follow any unit from one day to another, and to tell of it."""
        whole, first, last = (self.backward, to, on) if to < on else (self.forward, on, to)
        out, into = HopsBetween(whole.out, first, last), HopsBetween(whole.into, first, last)
        return Known(on, to, Graph(out, into, whole.spells, whole.is_backward), self.spans, ())

    def known_back(self, known: Known, units: set[UUID], *, reached: Iterable[UUID]) -> Known:  # noqa: ARG002
        """What is needed to follow any unit back."""
        return self.known_around(units, on=known.to, to=known.on)

    def placed_on(self, units: Iterable[UUID], *, on: date) -> dict[UUID, tuple[str, UUID | None]]:
        """Level and superior of these units, and of all above them, on a day."""
        placed: dict[UUID, tuple[str, UUID | None]] = {}
        waiting = list(units)
        while waiting:
            unit = waiting.pop()
            at = next((span for span in self.spans.get(unit, ()) if span.holds(on)), None)
            if unit not in placed and at is not None:
                placed[unit] = (at.level, at.superior_id)
                waiting += [at.superior_id] if at.superior_id else []
        return placed

    def spans_of(self, units: Iterable[UUID]) -> dict[UUID, list[Span]]:
        """Every version of these units, oldest first."""
        return {unit: self.spans[unit] for unit in units if unit in self.spans}


def read_chronicle(session: Session) -> Chronicle:
    """The whole past as the reader may see it."""
    spans: dict[UUID, list[Span]] = defaultdict(list)
    below: dict[UUID, list[Span]] = defaultdict(list)
    for span in read_spans(session, _ALL, {}):
        spans[span.id].append(span)
        if span.superior_id is not None:
            below[span.superior_id].append(span)
    spells: Spells = {unit: [(span.begins, span.ends) for span in held] for unit, held in spans.items()}
    first, last = _EVER
    facts = [fact_of(link) for link in links_that_carry(links_between(session, after=first, until=last))]
    forward = graph_of(facts, spells, on=first, to=last)
    backward = graph_of(facts, spells, on=last, to=first)
    return Chronicle(dict(spans), dict(below), forward, backward)
