"""Replaying a history step by step: divisions with their versions, and the links between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from gis_service.procedures.intake.rules.chronicle.days import Calendar, Effect, calendar_of
from gis_service.procedures.intake.rules.chronicle.identities import Resolved
from gis_service.procedures.intake.rules.chronicle.values import NO_ACT, Act, Link, Passage, Table, Trust
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType


@dataclass(slots=True)
class Version:
    """What a division was from a day on; open until it is closed."""

    code: str
    name: str
    level: DivisionLevel
    type: DivisionType | None
    superior: UUID | None
    begun: Effect
    ended: Effect | None = None


@dataclass(slots=True)
class Life:
    """A division and its versions, oldest first. One that `stands` has its first version in the register."""

    id: UUID
    versions: list[Version]
    stands: bool = False
    without_successor: bool = False


@dataclass(frozen=True, slots=True)
class Descended:
    """That (part of) one division's area went to another."""

    predecessor: UUID
    successor: UUID
    kind: Passage
    trust: Trust
    effect: Effect


@dataclass(slots=True)
class Story:
    """All lives so far; `holding` are those in force, by code."""

    lives: list[Life] = field(default_factory=list)
    holding: dict[str, Life] = field(default_factory=dict)
    descents: list[Descended] = field(default_factory=list)


def begin(story: Story, table: Table, standing: Mapping[str, UUID] | None = None) -> None:
    """Take in what a table holds; `standing` are its units by code where the register has them."""
    ids = standing or {code: uuid4() for code in table.units}
    edtf = f"../{table.day}"
    for code in table.units:
        effect = Effect(table.day, edtf, NO_ACT)
        life = Life(ids[code], [_version(table, code, ids, effect)], stands=standing is not None)
        story.lives.append(life)
        story.holding[code] = life


def tell(story: Story, resolved: Resolved) -> None:
    """Go on by one step; what its tables do not hold stays as it is."""
    calendar = calendar_of(resolved)
    units = resolved.step.before.units
    before = {code: life for code, life in story.holding.items() if code in units}
    others = {code: life for code, life in story.holding.items() if code not in units}
    after = {code: before[old] for code, old in resolved.same.items()}
    for code in resolved.begun:
        after[code] = Life(uuid4(), [])
        story.lives.append(after[code])
    _write_links(story, resolved, calendar, after)
    gone = {link.old for link in resolved.links}
    for code in resolved.ended:
        before[code].versions[-1].ended = calendar.of(("old", code))
        before[code].without_successor = code not in gone
    ids = {code: life.id for code, life in after.items()}
    linked = {link.new for link in resolved.links}
    for code in resolved.begun:
        after[code].versions.append(_first(resolved, calendar, code, ids, linked))
    for code, old in resolved.same.items():
        _revise(resolved, calendar, after[code], code, old, ids)
    story.holding = others | after


def _version(table: Table, code: str, ids: Mapping[str, UUID], begun: Effect) -> Version:
    above = table.superior(code)
    superior = ids[above] if above is not None else None
    return Version(code, table.units[code], table.level_of(code), table.type_of(code), superior, begun)


def _first(
    resolved: Resolved, calendar: Calendar, code: str, ids: Mapping[str, UUID], linked: set[str]
) -> Version:
    """One that came from nowhere, by no act, was there before and only entered the tables."""
    effect = calendar.of(("new", code))
    if code not in linked and not effect.act.titled and code not in resolved.step.after.with_inferiors:
        effect = Effect(effect.on, f"../{effect.on}", effect.act)
    return _version(resolved.step.after, code, ids, effect)


def _revise(
    resolved: Resolved, calendar: Calendar, life: Life, code: str, old: str, ids: Mapping[str, UUID]
) -> None:
    """A new version where code, name, type or superior differ."""
    last, table = life.versions[-1], resolved.step.after
    above = table.superior(code)
    superior = ids[above] if above is not None else None
    if (last.code, last.name, last.superior) == (code, table.units[code], superior):
        return
    effect = calendar.of(("new", code), ("old", old), *_superiors(resolved, old, above))
    last.ended = effect
    life.versions.append(_version(table, code, ids, effect))


def _superiors(resolved: Resolved, old: str, above: str | None) -> Iterator[tuple[str, str]]:
    """The superiors whose acts may explain that a unit changed without a line of its own."""
    was = resolved.step.before.superior(old)
    if above is not None:
        yield "new", above
    if was is not None:
        yield "old", was


def _write_links(story: Story, resolved: Resolved, calendar: Calendar, after: Mapping[str, Life]) -> None:
    kinds = kinds_of(resolved)
    for link in resolved.links:
        kind = kinds.get((link.old, link.new))
        if kind is not None:
            apart = (link.old, link.new) in resolved.derived and kind is Passage.transfer
            effect = calendar.of_link(link.old, link.new, link.acts, apart=apart)
            pair = story.holding[link.old].id, after[link.new].id
            story.descents.append(Descended(*pair, kind, link.trust, effect))


def kinds_of(resolved: Resolved) -> dict[tuple[str, str], Passage]:
    """The kind of each link; a division that goes on as itself needs none."""
    targets: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for link in resolved.links:
        if link.trust is not Trust.doubtful:
            targets.setdefault(link.old, set()).add(link.new)
            sources.setdefault(link.new, set()).add(link.old)
    staying = set(resolved.same.values())
    return {
        (link.old, link.new): _kind(link, resolved.same, staying, targets, sources)
        for link in resolved.links
        if resolved.same.get(link.new) != link.old
    }


def _kind(
    link: Link,
    same: Mapping[str, str],
    staying: set[str],
    targets: Mapping[str, set[str]],
    sources: Mapping[str, set[str]],
) -> Passage:
    if link.old in staying:
        return Passage.transfer if link.new in same else Passage.splitting
    if targets.get(link.old, {link.new}) != {link.new}:
        return Passage.splitting
    alone = link.new not in same and sources.get(link.new, {link.old}) == {link.old}
    return Passage.conversion if alone else Passage.merger


def acts_of(story: Story) -> list[Act]:
    """Every act something came about by, in order of mention."""
    named = [
        effect.act
        for life in story.lives
        for version in life.versions
        for effect in (version.begun, version.ended)
        if effect is not None
    ]
    return [
        act for act in dict.fromkeys((*named, *(d.effect.act for d in story.descents))) if act is not NO_ACT
    ]
