"""Units of the register that a history lets end, although the register tells of them later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.chronicle.joining import Held, Linked, Register, contradicts
from gis_service.procedures.intake.rules.chronicle.replaying import Life, Story


def ends_of(story: Story) -> dict[UUID, date]:
    """Units that stand in the register and end in the story: the day."""
    return {life.id: ended.on for life in _ended(story) if (ended := life.versions[-1].ended) is not None}


def _ended(story: Story) -> Iterator[Life]:
    return (life for life in story.lives if life.stands and life.versions[-1].ended is not None)


def contradictions(
    story: Story, standing: Mapping[UUID, Held], register: Register
) -> Iterator[tuple[str, Finding]]:
    """Every unit that goes on in the register though it has ended, and every sure link of it afterwards."""
    ends = ends_of(story)
    versions: dict[UUID, list[Held]] = defaultdict(list)
    for each in register.held:
        if each.division in ends:
            versions[each.division].append(each)
    sure = {side for link in _after_the_end(story, register) if link.sure for side in _sides(link)}
    for unit, on in ends.items():
        held = standing[unit]
        later = [each for each in versions[unit] if each.start >= on]
        if later or unit in sure:
            since = f"自 {later[0].start} 起为“{later[0].name}”" if later else "其后另有沿革"
            message = f"{held.code} {held.name}在沿革中于 {on} 终止，而登记簿中{since}"
            yield held.code[:2], contradicts(f"{held.code} {held.name}", message)


def given_way(story: Story, register: Register) -> tuple[Linked, ...]:
    """Links the register told for want of better, of units that now have ended before."""
    return tuple(link for link in _after_the_end(story, register) if not link.sure)


def _after_the_end(story: Story, register: Register) -> Iterator[Linked]:
    ends = ends_of(story)
    for link in register.links:
        if any(side in ends and link.on > ends[side] for side in _sides(link)):
            yield link


def _sides(link: Linked) -> tuple[UUID, UUID]:
    return link.predecessor, link.successor
