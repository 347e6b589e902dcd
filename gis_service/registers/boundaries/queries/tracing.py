"""What became of a unit: every unit that its area is in on another day, how much of it, and by which acts.

A unit with inferiors is followed by its lowest ones and lifted to its own level again. Where these lead
nowhere, since only the units above them were kept in that time, these are followed instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    Past,
    PastAsked,
    Span,
    known_between,
    leaves_of,
    note_spans,
    past_of,
)
from gis_service.registers.divisions.rules import Hop, Ways, rank_of, ways_from


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


Chains = list[list[UUID]]
Placed = Mapping[UUID, tuple[str, UUID | None]]


def trace(session: Session, source: UUID, *, on: date, to: date) -> Trace:
    """What became of a unit in force on a day, at its own level; backward where the other day is earlier."""
    past = past_of(session)
    chains = past.leaves_of([source], on=on)
    known = past.known_around(_parts(chains), on=on, to=to)
    own = known.span(source, on)
    assert own is not None
    level = None if chains[source] == [[source]] else own.level
    followed = _follow(session, past, known, chains, {source: level})[source]
    targets = known.spans if followed.shares.keys() <= known.spans.keys() else past.spans_of(followed.shares)
    of_targets = _shares_of_targets(session, past, known, source, followed, level)
    heirs = [
        _heir(known, followed, at, followed.shares[unit], of_targets.get(unit))
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


def follow_all(session: Session, sources: Mapping[UUID, str], *, on: date, to: date) -> dict[UUID, Followed]:
    """Where the area of many units, each with its level, is on another day; the graph is read once."""
    chains = leaves_of(session, sources, on=on)
    known = known_between(session, _parts(chains), on=on, to=to)
    levels = {unit: None if chains[unit] == [[unit]] else level for unit, level in sources.items()}
    return _follow(session, PastAsked(session), known, chains, levels)


def _parts(chains: Mapping[UUID, Chains]) -> set[UUID]:
    return {unit for held in chains.values() for chain in held for unit in chain}


def _follow(
    session: Session,
    past: Past,
    known: Known,
    chains: Mapping[UUID, Chains],
    levels: Mapping[UUID, str | None],
) -> dict[UUID, Followed]:
    """Follow many units; each is lifted to its level, or left as it is reached where that is None."""
    done: dict[UUID, Ways] = {}
    ways = {source: _ways(known, source, held, done) for source, held in chains.items()}
    reached = {end.unit for found in ways.values() for way in found for end in way.reached}
    areas = shared_areas(session, _parts(chains), on=known.on, to=known.to)
    holders = {unit for held in areas.values() for unit in held if unit}
    lowest = [way for source, found in ways.items() if levels[source] is None for way in found]
    asked = holders | reached if any(levels.values()) else holders - reached
    asked |= {hop.goal for way in lowest for hop in _passed_on(way)}
    placed = past.placed_on(asked, on=known.to) if asked else {}
    return {
        source: _followed(found, chains[source], levels[source], areas, placed)
        for source, found in ways.items()
    }


def _ways(known: Known, source: UUID, chains: Chains, done: dict[UUID, Ways]) -> tuple[Ways, ...]:
    """The ways of the lowest units of a unit, or of what they hang on where these lead nowhere."""
    found: dict[UUID, Ways] = {}
    for chain in chains:
        for unit in chain:
            if unit not in done:
                done[unit] = ways_from(unit, known.graph, to=known.to)
            if done[unit].reached or unit == source:
                found[unit] = done[unit]
                break
    return tuple(found.values())


def _followed(
    ways: tuple[Ways, ...],
    chains: Chains,
    level: str | None,
    areas: Mapping[UUID, Mapping[UUID | None, float]],
    placed: Placed,
) -> Followed:
    """What ways lead to, with shares by faces where these are held on both days, and else as links tell."""
    if level is None:
        ways = tuple(_without_roofs(way, placed) for way in ways)
    reached = {end.unit for way in ways for end in way.reached}
    lifted = {unit: unit for unit in reached} if level is None else _lifted(reached, placed, rank_of(level))
    told = _shares(ways, lifted)
    held = [areas[unit] for unit in {unit for chain in chains for unit in chain} if unit in areas]
    is_covered = all(any(unit in areas for unit in chain) for chain in chains)
    measured = _by_faces(told, held, placed) if is_covered else None
    return Followed(measured or told, ways, lifted)


def _passed_on(way: Ways) -> list[Hop]:
    """The links by which a unit that still stands gave area of the source to another that is reached."""
    reached = {end.unit for end in way.reached}
    hops = (hop for end in way.reached for hop in end.hops)
    return [hop for hop in hops if hop.origin in reached and hop.goal in reached]


def _without_roofs(way: Ways, placed: Placed) -> Ways:
    """Without the units that passed the area on to their own inferiors: it lies in these, and once only."""
    roofs = {hop.origin for hop in _passed_on(way) if _hangs_on(hop.goal, hop.origin, placed)}
    return replace(way, reached=tuple(end for end in way.reached if end.unit not in roofs)) if roofs else way


def _hangs_on(unit: UUID, above: UUID, placed: Placed) -> bool:
    superior: UUID | None = unit
    while superior is not None and superior != above:
        _, superior = placed.get(superior, ("", None))
    return superior == above


def _lifted(units: Iterable[UUID], placed: Placed, rank: int) -> dict[UUID, UUID]:
    """Each unit with the first at or above it that is of a level, or of a higher one where none is."""
    lifted: dict[UUID, UUID] = {}

    def lift(unit: UUID) -> UUID:
        if unit not in lifted:
            level, superior = placed[unit]
            is_below = rank_of(level) > rank and superior in placed
            lifted[unit] = lift(superior) if is_below and superior is not None else unit
        return lifted[unit]

    return {unit: lift(unit) for unit in units}


def _shares(ways: tuple[Ways, ...], lifted: Mapping[UUID, UUID]) -> dict[UUID, float | None]:
    """Shares of one unit as its way says; of several, whose sizes nobody knows, only that all went to one."""
    shares: dict[UUID, list[float | None]] = defaultdict(list)
    for way in ways:
        for end in way.reached:
            shares[lifted[end.unit]].append(end.share)
    if len(ways) == 1:
        return {unit: _sum(found) for unit, found in shares.items()}
    is_whole = len(shares) == 1 and all(way.is_complete for way in ways)
    return dict.fromkeys(shares, 1.0 if is_whole else None)


def _sum(shares: list[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) if len(known) == len(shares) else None


def _shares_of_targets(
    session: Session, past: Past, known: Known, source: UUID, followed: Followed, level: str | None
) -> dict[UUID, float | None]:
    """How much of each target is area of the source, found by following it back."""
    chains = past.leaves_of(followed.shares, on=known.to)
    around = past.known_back(known, _parts(chains), reached=followed.lifted)
    back = _follow(session, past, around, chains, dict.fromkeys(chains, level))
    return {target: found.shares.get(source) for target, found in back.items()}


def _by_faces(
    told: Mapping[UUID, object], areas: Iterable[Mapping[UUID | None, float]], placed: Placed
) -> dict[UUID, float | None] | None:
    """Shares by the faces that are held on both days; None where some area has no holder on the other."""
    by_holder: Counter[UUID | None] = Counter()
    for held in areas:
        by_holder.update(held)
    total = sum(by_holder.values())
    if not total or by_holder.pop(None, 0.0) > total * _NOTHING:
        return None
    shares: dict[UUID, float | None] = dict.fromkeys(told, 0.0)
    for unit, km2 in by_holder.items():
        heir = _first_in(shares, unit, placed)
        if heir is not None:
            shares[heir] = (shares[heir] or 0.0) + km2 / total
    return shares


def _first_in(heirs: Mapping[UUID, object], unit: UUID | None, placed: Placed) -> UUID | None:
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
    """As they are met on the way; those of one act by codes."""
    return sorted(steps, key=_place_in_order, reverse=known.graph.is_backward)


def _place_in_order(step: Step) -> tuple[date, str, list[str]]:
    return step.on, step.number, [side.code if side else "" for side in (step.came_from, step.went_into)]


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
