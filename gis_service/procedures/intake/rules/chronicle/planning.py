"""From a history and what the register holds to what is to be written; every objection on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.chronicle.adding_up import adds_up
from gis_service.procedures.intake.rules.chronicle.courses import Course, Move
from gis_service.procedures.intake.rules.chronicle.identities import Resolved, identify
from gis_service.procedures.intake.rules.chronicle.inferring import inferred_links, what_was_inferred
from gis_service.procedures.intake.rules.chronicle.joining import Held, Linked, Register, differences
from gis_service.procedures.intake.rules.chronicle.meeting_later import Later, lead_up, meet_later
from gis_service.procedures.intake.rules.chronicle.outliving import contradictions, given_way
from gis_service.procedures.intake.rules.chronicle.replaying import Descended, Story, begin, tell
from gis_service.procedures.intake.rules.chronicle.selecting import links_of
from gis_service.procedures.intake.rules.chronicle.summing_up import sum_up
from gis_service.procedures.intake.rules.chronicle.values import Link, Step, Table, Yearly


@dataclass(frozen=True, slots=True)
class Plan:
    """What a history comes to: lives and links, where they meet the register, and what was found.

    `against` is what contradicts the register, by province; `obsolete` are links that give way to these;
    `incomplete` are provinces of which not every table was used.
    """

    story: Story
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    later: Later = field(default_factory=Later)
    years: tuple[int, int] = (0, 0)
    met: int = 0
    against: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    obsolete: tuple[Linked, ...] = ()
    incomplete: tuple[str, ...] = ()


def plan(
    yearly: Yearly,
    register: Register,
    steps: Iterable[Step] | None = None,
    left_out: Collection[str] = (),
) -> Plan:
    """Replay what the register does not hold yet. `steps` may be the steps of the history, being watched."""
    replay = _Replay(register, Course(register, left_out))
    replay.start(yearly)
    for step in yearly.steps if steps is None else steps:
        replay.go_through(step)
    replay.stop(replay.course.running, yearly.last.day)
    return replay.planned(yearly)


@dataclass(slots=True)
class _Replay:
    """The state while a history is gone through."""

    register: Register
    course: Course
    story: Story = field(default_factory=Story)
    later: Later = field(default_factory=Later)
    standing: dict[UUID, Held] = field(default_factory=dict)
    resolved: list[Resolved] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def start(self, yearly: Yearly) -> None:
        """The first table: begun with where the register has nothing, reached by inference over a gap."""
        first = yearly.first
        for province in sorted(first.provinces.difference(self.course.left_out)):
            registered = self.register.on(province, first.day)
            names = {code: held.name for code, held in registered.items()}
            if not registered:
                self._take_in(province, first)
            elif names != first.only({province}).units:
                self._bridge(province, first, names, infer=yearly.infer)

    def _bridge(self, province: str, first: Table, names: dict[str, str], *, infer: bool) -> None:
        """Over the years between what was told before and the first table, if that may be guessed."""
        last = max(self.register.last_stir(province, first.day), date.min)
        if not infer or first.day <= self.register.told_until or last >= first.day:
            self.course.against[province] += differences(first, province, names)
            return
        since = max(last, self.register.told_until)
        before = Table(since.year, names, f"登记簿 {since}", since.month, since)
        self.go_through(Step(before, first.only({province}), None, f"登记簿 {since} 至 {first.file}"))

    def go_through(self, step: Step) -> None:
        """One step, in the provinces in which it is to be replayed."""
        links, told = _links(step)
        self.findings += told
        moves = self.course.moves(step, links)
        going = {each for each, move in moves.items() if move in {Move.replay, Move.lead_up}}
        for province in sorted(going - self.course.running):
            self._take_in(province, step.before)
        stopping = {each for each, move in moves.items() if move is Move.give_way}
        for province in sorted(stopping - self.course.running):
            self._take_in(province, step.before)
        self.stop(stopping, step.before.day)
        if going:
            self._replay(step.only(going), links)
        self._lead_up({each for each, move in moves.items() if move is Move.lead_up}, step.after.day)

    def _take_in(self, province: str, table: Table) -> None:
        met = self.register.on(province, table.day)
        ids = {code: held.division for code, held in met.items()}
        part = table.only({province})
        begin(self.story, part, ids or None)
        self.standing |= {held.division: held for held in met.values()}
        self.course.running.add(province)
        if not ids:
            self.tables.append(part)
            self.years.add(table.year)

    def _replay(self, step: Step, links: Iterable[Link]) -> None:
        before, after = step.before.units, step.after.units
        own = [link for link in links if link.old in before and link.new in after]
        self.resolved.append(identify(step, own))
        told = len(self.story.descents)
        tell(self.story, self.resolved[-1])
        self.story.descents[told:] = self._not_linked(self.story.descents[told:], step)
        self.tables.append(step.after)
        self.years |= {step.before.year, step.after.year}

    def _not_linked(self, descents: list[Descended], step: Step) -> list[Descended]:
        """Those that the register does not tell of already."""
        known = {
            (link.predecessor, link.successor)
            for link in self.register.links
            if step.before.day < link.on <= step.after.day
        }
        return [each for each in descents if (each.predecessor, each.successor) not in known]

    def stop(self, provinces: Collection[str], day: date) -> None:
        """Let provinces end where the register goes on."""
        lives = {code: life for code, life in self.story.holding.items() if code[:2] in provinces}
        meet_later(self.later, lives, self.register.held, self.standing, day=day)
        self._leave(provinces)

    def _lead_up(self, provinces: Collection[str], day: date) -> None:
        for province in sorted(provinces):
            lives = {code: life for code, life in self.story.holding.items() if code[:2] == province}
            lead_up(self.later, lives, self.register.on(province, day))
        self._leave(provinces)

    def _leave(self, provinces: Collection[str]) -> None:
        holding = self.story.holding
        self.story.holding = {code: life for code, life in holding.items() if code[:2] not in provinces}
        self.course.running -= set(provinces)

    def planned(self, yearly: Yearly) -> Plan:
        """What it all comes to."""
        against = defaultdict(list, self.course.against)
        for province, finding in contradictions(self.story, self.standing, self.register):
            against[province].append(finding)
        summed = sum_up(self.tables, self.resolved, self.story)
        years = self.years or {yearly.first.year, yearly.last.year}
        return Plan(
            self.story,
            tuple(each.step for each in self.resolved),
            (*self.findings, *self.course.told(), *summed, *self.later.findings),
            self.later,
            (min(years), max(years)),
            len(self.standing) + len(self.later.same),
            {each: tuple(dict.fromkeys(told)) for each, told in against.items() if told},
            given_way(self.story, self.register),
            tuple(sorted({*self.course.left_out, *self.course.unused})),
        )


def _links(step: Step) -> tuple[list[Link], list[Finding]]:
    if step.changes is None:
        links = inferred_links(step)
        return links, what_was_inferred(step, links)
    links, findings = links_of(step)
    return links, [*findings, *adds_up(step)]


def judge(yearly: Yearly) -> list[Finding]:
    """Everything found in a history by itself, without a register."""
    return list(plan(yearly, Register()).findings)
