"""From a history and what the register holds to what is to be written; every objection on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.chronicle.adding_up import adds_up
from gis_service.procedures.intake.rules.chronicle.identities import Resolved, identify
from gis_service.procedures.intake.rules.chronicle.inferring import inferred_links, what_was_inferred
from gis_service.procedures.intake.rules.chronicle.joining import Held, Joint, Meeting, join
from gis_service.procedures.intake.rules.chronicle.meeting_later import Later, meet_later
from gis_service.procedures.intake.rules.chronicle.replaying import Story, begin, tell
from gis_service.procedures.intake.rules.chronicle.selecting import links_of
from gis_service.procedures.intake.rules.chronicle.summing_up import sum_up
from gis_service.procedures.intake.rules.chronicle.values import Link, Step, Yearly


@dataclass(frozen=True, slots=True)
class Plan:
    """What a history comes to: lives and links, where they meet the register, and what was found."""

    joint: Joint
    story: Story
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    later: Later = field(default_factory=Later)


def plan(yearly: Yearly, held: Sequence[Held], steps: Iterable[Step] | None = None) -> Plan:
    """Replay what the register does not hold yet. `steps` may be the steps of the history, being watched."""
    joint, findings = join(yearly, held)
    days = {table.day for table in joint.tables[1:]}
    wanted = [step for step in (yearly.steps if steps is None else steps) if step.after.day in days]
    standing = {code: met.division for code, met in joint.met.items()}
    story = begin(joint.tables[0], standing if joint.meeting is Meeting.onward else None)
    resolved: list[Resolved] = []
    for step in wanted:
        links, told = _links(step)
        findings += told
        resolved.append(identify(step, links))
        tell(story, resolved[-1])
    findings += sum_up(joint.tables, resolved, story)
    if joint.meeting is not Meeting.apart:
        return Plan(joint, story, tuple(wanted), tuple(findings))
    later = meet_later(story, held, day=joint.tables[-1].day)
    return Plan(joint, story, tuple(wanted), (*findings, *later.findings), later)


def _links(step: Step) -> tuple[list[Link], list[Finding]]:
    if step.changes is None:
        links = inferred_links(step)
        return links, what_was_inferred(step, links)
    links, findings = links_of(step)
    return links, [*findings, *adds_up(step)]


def judge(yearly: Yearly) -> list[Finding]:
    """Everything found in a history by itself, without a register."""
    return list(plan(yearly, ()).findings)
