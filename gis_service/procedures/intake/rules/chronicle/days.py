"""On which day each part of a step took effect: what hangs together takes effect together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gis_service.procedures.intake.rules.chronicle.identities import Resolved
from gis_service.procedures.intake.rules.chronicle.known_days import KnownDay, day_of_effect
from gis_service.procedures.intake.rules.chronicle.values import NO_ACT, Act, Sign, Step, Table

Node = tuple[str, str]  # "old" or "new", and the code


@dataclass(frozen=True, slots=True)
class Effect:
    """A day, what is known of it where it is not known for certain, and the act it comes about by."""

    on: date
    edtf: str | None
    act: Act


class Ties:
    """Sets of records that take effect together."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}

    def root(self, node: Node) -> Node:
        """The record that stands for the set of this one."""
        while (above := self._above.get(node, node)) != node:
            self._above[node] = self._above.get(above, above)
            node = above
        return node

    def tie(self, one: Node, other: Node) -> None:
        """Let two records take effect together."""
        self._above[self.root(one)] = self.root(other)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The effects of one step, by record."""

    step: Step
    ties: Ties
    days: Mapping[Node, date]
    acts: Mapping[Node, tuple[Act, ...]]
    principal: Mapping[Node, Act]

    def of(self, *nodes: Node) -> Effect:
        """The effect of the first of these records that has an act of its own, or of the set of all."""
        root = self.ties.root(nodes[0])
        on = self.days.get(root, self.step.ends)
        own = next((self.acts[node] for node in nodes if self.acts.get(node)), ())
        act = principal_of(own, self.step) if own else self.principal.get(root, NO_ACT)
        return Effect(on, _uncertain(effective(act), on, self.step), act)

    def of_link(self, old: str, new: str, acts: tuple[Act, ...], *, apart: bool = False) -> Effect:
        """The effect of a link: its own acts, or else those of its records.

        One that is `apart` joins records that stay as they are, and is bound to no day of theirs.
        """
        if not acts:
            return self.of(("new", new), ("old", old))
        root = self.ties.root(("new", new))
        act = principal_of(acts, self.step)
        on = day_of(acts, self.step) if apart else self.days.get(root, self.step.ends)
        return Effect(on, _uncertain(effective(act), on, self.step), act)


def calendar_of(resolved: Resolved) -> Calendar:
    """When what took effect."""
    step, ties = resolved.step, _tied(resolved)
    own: dict[Node, list[Act]] = defaultdict(list)
    for change in step.changes or ():
        for side in _sides(change.sign):
            own[side, change.code] += change.acts
    together: dict[Node, list[Act]] = defaultdict(list)
    for node, acts in own.items():
        together[ties.root(node)] += acts
    for link in resolved.links:
        together[ties.root(("new", link.new))] += link.acts
    return Calendar(
        step,
        ties,
        {root: day_of(acts, step) for root, acts in together.items()},
        {node: tuple(dict.fromkeys(acts)) for node, acts in own.items()},
        {root: principal_of(acts, step) for root, acts in together.items() if acts},
    )


def _sides(sign: Sign) -> tuple[str, ...]:
    return {Sign.ends: ("old",), Sign.begins: ("new",), Sign.stays: ("old", "new")}[sign]


def _tied(resolved: Resolved) -> Ties:
    """Links, one and the same division, a code that changes hands, a superior that begins, ends or moves."""
    ties = Ties()
    for link in resolved.links:
        if (link.old, link.new) not in resolved.derived:
            ties.tie(("old", link.old), ("new", link.new))
    for new, old in resolved.same.items():
        ties.tie(("old", old), ("new", new))
    for code in resolved.step.before.units.keys() & resolved.step.after.units.keys():
        if resolved.same.get(code) != code:
            ties.tie(("old", code), ("new", code))
    _tie_to_superiors(ties, "old", resolved.step.before, set(resolved.ended))
    moved = {code for code in resolved.step.after.units if resolved.same.get(code) != code}
    _tie_to_superiors(ties, "new", resolved.step.after, moved)
    return ties


def _tie_to_superiors(ties: Ties, side: str, table: Table, superiors: set[str]) -> None:
    for code in table.units:
        above = table.superior(code)
        if above is not None and above in superiors:
            ties.tie((side, code), (side, above))


def effective(act: Act) -> KnownDay:
    """The day an act says it takes effect on, else its own."""
    return (act.day.exact and day_of_effect(act.text)) or act.day


def principal_of(acts: Iterable[Act], step: Step) -> Act:
    """The act things came about by: the latest that lies within the step, else the last one named."""
    named = list(acts)
    within = [act for act in named if _within(effective(act), step)]
    return max(within, key=lambda act: _latest(effective(act)), default=named[-1])


def day_of(acts: Iterable[Act], step: Step) -> date:
    """The latest day within the step; its first where all is older; its last where nothing is known."""
    known = [effective(act) for act in dict.fromkeys(acts)]
    within = [_latest(day) for day in known if _within(day, step)]
    if within:
        return max(within)
    older = [day for day in known if day.last is not None and day.last < step.begins]
    return step.begins if older and len(older) == len(known) else step.ends


def _within(day: KnownDay, step: Step) -> bool:
    return day.last is not None and step.begins <= day.last <= step.ends


def _latest(day: KnownDay) -> date:
    last: Any = day.last
    return last if isinstance(last, date) else date.min


def _uncertain(known: KnownDay, on: date, step: Step) -> str | None:
    """What is known of the day of an effect, in EDTF; None where it is that day for certain."""
    if not _within(known, step):
        return step.edtf
    if known.last == on:
        return None if known.exact else known.edtf
    return f"{known.edtf}/{on}"
