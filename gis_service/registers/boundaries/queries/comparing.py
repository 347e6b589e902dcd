"""What became of every unit between two days: begun, ended, converted, renamed, moved, grown or shrunk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries.areas import measured_on, measured_otherwise
from gis_service.registers.divisions.models import Certainty, LineageKind
from gis_service.registers.divisions.queries import (
    LinkRow,
    Span,
    links_between,
    note_spans,
    read_spans,
    spans_of,
    spans_where,
    subtree,
)
from gis_service.registers.divisions.rules import ChangeKind, DivisionLevel, differences


@dataclass(frozen=True, slots=True)
class ActOnDay:
    """An act, and the day on which it took effect."""

    on: date
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one unit. Of a unit converted into another, both are told in one row.

    `before` and `after` are what it was on the two days: None where it was not. Areas are None where unknown.
    """

    kinds: tuple[ChangeKind, ...]
    before: Span | None
    after: Span | None
    acts: tuple[ActOnDay, ...]
    area_before_km2: float | None = None
    area_after_km2: float | None = None

    @property
    def told(self) -> Span:
        """By what it is listed: what it is, or what it was."""
        span = self.after or self.before
        assert span is not None
        return span


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that became of the units asked for between an earlier and a later day, by level and code."""

    earlier: date
    later: date
    changes: tuple[Changed, ...]

    @property
    def counts(self) -> dict[DivisionLevel, dict[ChangeKind, int]]:
        """How often each kind of change occurs, by level; levels without change are left out."""
        found: dict[DivisionLevel, Counter[ChangeKind]] = defaultdict(Counter)
        for change in self.changes:
            found[DivisionLevel(change.told.level)].update(change.kinds)
        return {
            level: {kind: found[level][kind] for kind in ChangeKind if found[level][kind]}
            for level in DivisionLevel
            if level in found
        }


@dataclass(frozen=True, slots=True)
class _Window:
    """Two days, what was not the same on both, and the links between."""

    earlier: date
    later: date
    spans: Mapping[UUID, list[Span]]
    links: tuple[LinkRow, ...]
    links_of: Mapping[UUID, list[LinkRow]]

    def on(self, unit: UUID, day: date) -> Span | None:
        return next((span for span in self.spans.get(unit, ()) if span.holds(day)), None)

    def before(self, unit: UUID) -> Span | None:
        return self.on(unit, self.earlier)

    def after(self, unit: UUID) -> Span | None:
        return self.on(unit, self.later)


_PASSING = spans_where(
    "v.valid && daterange(:earlier, :later, '[]') AND NOT (v.valid @> :earlier AND v.valid @> :later)"
)


def compare(
    session: Session,
    one: date,
    other: date,
    *,
    level: DivisionLevel | None = None,
    within: Iterable[UUID] = (),
) -> Comparison:
    """What became of the units of a level, at or below some units on either day, between two days.

    The days may come in any order. Units `within` are given by their lasting ids; none means everywhere.
    """
    earlier, later = sorted((one, other))
    window = _window(session, earlier, later)
    heirs = _heirs(window)
    changes = _measured(session, window, [*_passed(window, heirs), *_continued(window, heirs)])
    if level is not None:
        changes = [each for each in changes if each.told.level == level.value]
    roots = list(within)
    if roots:
        inside = {day: _inside(session, roots, day) for day in (earlier, later)}
        changes = [each for each in changes if _touches(each, inside[earlier], inside[later])]
    changes.sort(key=lambda each: (DivisionLevel(each.told.level).rank, each.told.code, str(each.told.id)))
    note_comparison(session, changes)
    return Comparison(earlier, later, tuple(changes))


def note_comparison(session: Session, changes: Iterable[Changed]) -> None:
    """Note that an answer holds these changes."""
    note_spans(session, (span for each in changes for span in (each.before, each.after) if span))


def _window(session: Session, earlier: date, later: date) -> _Window:
    spans: dict[UUID, list[Span]] = defaultdict(list)
    for span in read_spans(session, _PASSING, {"earlier": earlier, "later": later}):
        spans[span.id].append(span)
    links = links_between(session, after=earlier, until=later)
    note_readings(session, ((link.classification, link.number) for link in links))
    sides = {side for link in links for side in (link.predecessor, link.successor)}
    regrown = {unit for unit, *_ in measured_otherwise(session, earlier, later)}
    spans.update(spans_of(session, (sides | regrown) - spans.keys()))
    links_of: dict[UUID, list[LinkRow]] = defaultdict(list)
    for link in links:
        links_of[link.predecessor].append(link)
        links_of[link.successor].append(link)
    return _Window(earlier, later, spans, tuple(links), links_of)


def _heirs(window: _Window) -> dict[UUID, UUID]:
    """Units that ended, each with the one that by conversion alone became of it by the later day."""
    step = {
        link.predecessor: link.successor for link in window.links if link.kind == LineageKind.conversion.value
    }
    heirs = {}
    for unit in step:
        heir, seen = unit, {unit}
        while heir in step and step[heir] not in seen:
            heir = step[heir]
            seen.add(heir)
        if _is_conversion(window, unit, heir):
            heirs[unit] = heir
    return heirs


def _is_conversion(window: _Window, unit: UUID, heir: UUID) -> bool:
    has_ended = window.before(unit) is not None and window.after(unit) is None
    return has_ended and window.after(heir) is not None and window.before(heir) is None


def _passed(window: _Window, heirs: Mapping[UUID, UUID]) -> list[Changed]:
    """Units that began or ended; one that was converted with what it became."""
    begun_as_heirs = set(heirs.values())
    changes = []
    for unit in window.spans:
        before, after = window.before(unit), window.after(unit)
        if unit in heirs and before is not None:
            heir = window.after(heirs[unit])
            assert heir is not None
            changes.append(_converted(window, before, heir, heirs))
        elif before is not None and after is None:
            changes.append(Changed((ChangeKind.ended,), before, None, _acts(window, [unit])))
        elif before is None and after is not None and unit not in begun_as_heirs:
            changes.append(Changed((ChangeKind.began,), None, after, _acts(window, [unit])))
    return changes


def _converted(window: _Window, before: Span, heir: Span, heirs: Mapping[UUID, UUID]) -> Changed:
    others = [kind for kind in _judged(before, heir, heirs) if kind is not ChangeKind.converted]
    return Changed((ChangeKind.converted, *others), before, heir, _acts(window, [before.id, heir.id]))


def _continued(window: _Window, heirs: Mapping[UUID, UUID]) -> list[Changed]:
    """Units that stood on both days and are not what they were."""
    sides = {side for link in window.links if _carries(link) for side in (link.predecessor, link.successor)}
    changes = []
    for unit in window.spans:
        before, after = window.before(unit), window.after(unit)
        if before is None or after is None:
            continue
        kinds = _judged(before, after, heirs)
        if unit in sides:
            kinds.append(ChangeKind.area_changed)
        changes.append(Changed(tuple(kinds), before, after, _acts(window, [unit])))
    return changes


def _carries(link: LinkRow) -> bool:
    return link.certainty != Certainty.doubtful.value


def _judged(before: Span, after: Span, heirs: Mapping[UUID, UUID]) -> list[ChangeKind]:
    """A superior that was converted into another is still the superior it was."""
    kinds = list(differences(before, after))
    above = before.superior_id
    if above != after.superior_id and (above is None or heirs.get(above) != after.superior_id):
        kinds.append(ChangeKind.moved)
    return kinds


def _acts(window: _Window, units: list[UUID]) -> tuple[ActOnDay, ...]:
    """The acts by which versions of these units began or ended, or links were made, between the two days."""
    found = {act for unit in units for act in _of_versions(window, unit)}
    found |= {
        ActOnDay(link.on, link.number, link.title) for unit in units for link in window.links_of.get(unit, ())
    }
    return tuple(sorted(found, key=lambda act: (act.on, act.number)))


def _of_versions(window: _Window, unit: UUID) -> Iterator[ActOnDay]:
    for span in window.spans.get(unit, ()):
        for day, act in ((span.begins, span.begun_by), (span.ends, span.ended_by)):
            if day is not None and act is not None and window.earlier < day <= window.later:
                yield ActOnDay(day, act.number, act.title)


def _measured(session: Session, window: _Window, changes: list[Changed]) -> list[Changed]:
    """The changes with areas where both are known; what is left without any change falls out."""
    was = measured_on(session, [each.before.id for each in changes if each.before], on=window.earlier)
    now = measured_on(session, [each.after.id for each in changes if each.after], on=window.later)
    measured = (
        _with_areas(
            each,
            was.get(each.before.id) if each.before else None,
            now.get(each.after.id) if each.after else None,
        )
        for each in changes
    )
    return [each for each in measured if each.kinds]


def _with_areas(change: Changed, was: float | None, now: float | None) -> Changed:
    kinds: list[ChangeKind] = [kind for kind in change.kinds if kind is not ChangeKind.area_changed]
    said = len(kinds) < len(change.kinds)
    stays = change.before is not None and change.after is not None
    differs = said if was is None or now is None else abs(was - now) > SAME_KM2
    if stays and differs:
        kinds.append(ChangeKind.area_changed)
    return replace(change, kinds=tuple(kinds), area_before_km2=was, area_after_km2=now)


SAME_KM2 = 1e-6  # areas are sums of floating point numbers


def _inside(session: Session, roots: list[UUID], day: date) -> set[UUID]:
    return {unit for root in roots for unit in session.scalars(select(subtree(root, on=day)))}


def _touches(change: Changed, before: set[UUID], after: set[UUID]) -> bool:
    was_inside = change.before is not None and change.before.id in before
    return was_inside or (change.after is not None and change.after.id in after)
