"""What became of a unit: every unit that its area is in on another day, how much of it, and by which acts.

A unit with inferiors is followed by its lowest ones and lifted to its own level again. Where these lead
nowhere, since only the units above them were kept in that time, these are followed instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries.shared_areas import shared_areas
from gis_service.registers.divisions.models import Certainty
from gis_service.registers.divisions.queries import (
    Known,
    LinkRow,
    Span,
    known_around,
    leaves_of,
    note_spans,
    placed_on,
    spans_of,
)
from gis_service.registers.divisions.rules import DivisionLevel, Hop, Ways, ways_from


@dataclass(frozen=True, slots=True)
class Step:
    """A link on the way: what went into what, as they were then, by which act."""

    on: date
    kind: str
    certainty: str
    came_from: Span | None
    went_into: Span | None
    number: str
    title: str
    classification: str


@dataclass(frozen=True, slots=True)
class Revision:
    """That a unit on the way was renamed, re-coded or moved to another superior, by which act."""

    on: date
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit that area of the source is in on the other day; shares are None where nothing says them."""

    unit: Span
    share_of_source: float | None
    share_of_target: float | None
    certainty: str
    acts: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one unit from one day to another, or where it came from, if the other is earlier."""

    source: Span
    on: date
    to: date
    units: tuple[Heir, ...]
    doubtful: tuple[Step, ...]
    revisions: tuple[Revision, ...]

    @property
    def shares_sum(self) -> float | None:
        """How much of the source is accounted for; None where a share is unknown."""
        shares = [heir.share_of_source for heir in self.units]
        if None in shares:
            return None
        return round(sum(share for share in shares if share is not None), 9)


@dataclass(frozen=True, slots=True)
class Followed:
    """Where all parts of a unit lead: for each unit reached, its share, and the ways of the parts there."""

    shares: Mapping[UUID, float | None]
    ways: tuple[Ways, ...]
    lifted: Mapping[UUID, UUID]  # each unit that a way leads to → what stands for it on the level asked for


def trace(session: Session, source: UUID, *, on: date, to: date) -> Trace:
    """What became of a unit in force on a day, at its own level; backward where the other day is earlier."""
    chains = leaves_of(session, [source], on=on)[source]
    is_leaf = chains == [[source]]
    known = known_around(session, {unit for chain in chains for unit in chain}, on=on, to=to)
    own = known.span(source, on)
    assert own is not None
    followed = _follow(session, known, source, chains, level=None if is_leaf else own.level)
    targets = spans_of(session, followed.shares)
    backward = _backward(session, known, own, list(followed.shares), is_leaf=is_leaf)
    shares = _by_faces(session, followed, chains, on=on, to=to) or followed.shares
    heirs = [
        _heir(known, followed, at, shares[unit], backward.get(unit))
        for unit in followed.shares
        if (at := next((span for span in targets.get(unit, ()) if span.holds(to)), None))
    ]
    told = Trace(
        own,
        on,
        to,
        tuple(sorted(heirs, key=lambda heir: (-(heir.share_of_source or 0), heir.unit.code))),
        tuple(_in_order(known, {_step(known, hop) for way in followed.ways for hop in way.doubtful})),
        tuple(_revisions(known, followed)),
    )
    _note(session, told)
    return told


def _follow(
    session: Session, known: Known, source: UUID, chains: list[list[UUID]], *, level: str | None
) -> Followed:
    """Follow the lowest units of a unit, or what they hang on where these lead nowhere."""
    ways: dict[UUID, Ways] = {}
    for chain in chains:
        for unit in chain:
            way = ways.get(unit) or ways_from(unit, known.graph, to=known.to)
            if way.reached or unit == source:
                ways[unit] = way
                break
    reached = {end.unit for way in ways.values() for end in way.reached}
    lifted = {unit: unit for unit in reached} if level is None else _lifted(session, reached, level, known.to)
    return Followed(_shares(ways, lifted), tuple(ways.values()), lifted)


def _lifted(session: Session, units: Iterable[UUID], level: str, on: date) -> dict[UUID, UUID]:
    """Each unit with the first at or above it that is of a level, or of a higher one where none is."""
    placed = placed_on(session, units, on=on)
    return {unit: _lift(unit, placed, DivisionLevel(level).rank) for unit in units}


def _lift(unit: UUID, placed: Mapping[UUID, tuple[str, UUID | None]], rank: int) -> UUID:
    level, superior = placed[unit]
    while DivisionLevel(level).rank > rank and superior in placed:
        assert superior is not None
        unit = superior
        level, superior = placed[unit]
    return unit


def _shares(ways: Mapping[UUID, Ways], lifted: Mapping[UUID, UUID]) -> dict[UUID, float | None]:
    """Shares of one unit as its way says; of several, whose sizes nobody knows, only that all went to one."""
    shares: dict[UUID, list[float | None]] = defaultdict(list)
    for way in ways.values():
        for end in way.reached:
            shares[lifted[end.unit]].append(end.share)
    if len(ways) == 1:
        return {unit: _sum(found) for unit, found in shares.items()}
    is_whole = len(shares) == 1 and all(way.is_complete for way in ways.values())
    return dict.fromkeys(shares, 1.0 if is_whole else None)


def _sum(shares: list[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) if len(known) == len(shares) else None


def _backward(
    session: Session, known: Known, source: Span, targets: list[UUID], *, is_leaf: bool
) -> dict[UUID, float | None]:
    """How much of each target is area of the source, found by following it back."""
    chains = leaves_of(session, targets, on=known.to)
    parts = {unit for held in chains.values() for chain in held for unit in chain}
    around = known_around(session, parts, on=known.to, to=known.on)
    shares: dict[UUID, float | None] = {}
    for target, held in chains.items():
        back = _follow(session, around, target, held, level=None if is_leaf else source.level)
        by_faces = _by_faces(session, back, held, on=known.to, to=known.on)
        shares[target] = (by_faces or back.shares).get(source.id)
    return shares


def _by_faces(
    session: Session, followed: Followed, chains: list[list[UUID]], *, on: date, to: date
) -> dict[UUID, float | None] | None:
    """Shares by the faces that are held on both days; None where some area has no face on one of them."""
    areas = shared_areas(session, {unit for chain in chains for unit in chain}, on=on, to=to)
    if not all(any(unit in areas for unit in chain) for chain in chains):
        return None
    by_holder: Counter[UUID | None] = Counter()
    for held in areas.values():
        by_holder.update(held)
    total = sum(by_holder.values())
    if not total or by_holder.pop(None, 0.0) > total * _NOTHING:
        return None
    placed = placed_on(session, [unit for unit in by_holder if unit], on=to)
    shares: dict[UUID, float | None] = dict.fromkeys(followed.shares, 0.0)
    for unit, km2 in by_holder.items():
        heir = _first_in(shares, unit, placed)
        if heir is not None:
            shares[heir] = (shares[heir] or 0.0) + km2 / total
    return shares


def _first_in(
    heirs: Mapping[UUID, object], unit: UUID | None, placed: Mapping[UUID, tuple[str, UUID | None]]
) -> UUID | None:
    """The heir that a unit is, or hangs on."""
    while unit is not None and unit not in heirs:
        _, unit = placed.get(unit, ("", None))
    return unit


_NOTHING = 1e-9


def _heir(
    known: Known, followed: Followed, unit: Span, share: float | None, share_of_target: float | None
) -> Heir:
    ends = [end for way in followed.ways for end in way.reached if followed.lifted[end.unit] == unit.id]
    certainty = Certainty.certain if any(end.is_certain for end in ends) else Certainty.reasoned
    steps = dict.fromkeys(_step(known, hop) for end in ends for hop in end.hops)
    return Heir(unit, share, share_of_target, certainty.value, tuple(_in_order(known, steps)))


def _in_order(known: Known, steps: Iterable[Step]) -> list[Step]:
    """As they are met on the way."""
    return sorted(steps, key=lambda step: (step.on, step.number), reverse=known.graph.is_backward)


def _step(known: Known, hop: Hop) -> Step:
    link = hop.act
    assert isinstance(link, LinkRow)
    return Step(
        link.on,
        link.kind,
        link.certainty,
        known.span(link.predecessor, link.on - timedelta(days=1)),
        known.span(link.successor, link.on),
        link.number,
        link.title,
        link.classification,
    )


def _revisions(known: Known, followed: Followed) -> list[Revision]:
    found: dict[Revision, None] = {}
    for way in followed.ways:
        for unit, (first, last) in way.stays(on=known.on, to=known.to).items():
            held = known.spans.get(unit, [])
            for before, after in pairwise(held):
                if first < after.begins <= last:
                    found[Revision(after.begins, before, after)] = None
    return sorted(found, key=lambda revision: (revision.on, revision.after.code))


def _note(session: Session, told: Trace) -> None:
    steps = [*told.doubtful, *(step for heir in told.units for step in heir.acts)]
    note_readings(session, ((step.classification, step.number) for step in steps))
    spans = (span for step in steps for span in (step.came_from, step.went_into) if span)
    note_spans(session, (told.source, *(heir.unit for heir in told.units), *spans))
    note_spans(session, (span for each in told.revisions for span in (each.before, each.after)))
