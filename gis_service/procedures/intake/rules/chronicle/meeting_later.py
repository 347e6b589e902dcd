"""What becomes of units in force at the end of a history, where the register holds later ones already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_05
from gis_service.procedures.intake.rules.chronicle.joining import Held
from gis_service.procedures.intake.rules.chronicle.replaying import Life, Story
from gis_service.registers.divisions.rules import specific_and_generic

_LISTED = 10


@dataclass(frozen=True, slots=True)
class Closing:
    """When a unit's last version ends, and by which instrument of the register; the day itself is unknown."""

    on: date
    instrument_id: UUID
    edtf: str | None
    without_successor: bool = False


@dataclass(slots=True)
class Later:
    """Units that are the earlier life of one in the register, those that ended in between, doubtful heirs."""

    same: dict[UUID, UUID] = field(default_factory=dict)
    closings: dict[UUID, Closing] = field(default_factory=dict)
    heirs: list[tuple[UUID, Held]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def meet_later(story: Story, held: Sequence[Held], *, day: date) -> Later:
    """Join the units in force on the last day of a history to what begins after it."""
    coming = _Coming([each for each in held if each.start > day], day)
    later = Later()
    lost: list[Life] = []
    for code in sorted(story.holding, key=lambda code: (len(code.rstrip("0")), code)):
        life = story.holding[code]
        next_held = coming.holder(code)
        if next_held is not None and _earlier_life(life, next_held):
            later.same[life.id] = next_held.division
            later.closings[life.id] = coming.closing(next_held)
            continue
        ends = coming.end_of(life, next_held, later)
        if ends is not None:
            lost += _end(life, ends, coming, later)
    later.findings += _told(lost, later, day)
    return later


def _earlier_life(life: Life, held: Held) -> bool:
    last = life.versions[-1]
    alike = last.name == held.name and last.level.value == held.level
    return alike and held.first and held.by_dataset


@dataclass(slots=True)
class _Coming:
    """What the register holds after a day."""

    held: list[Held]
    day: date
    _by_code: dict[str, Held] = field(default_factory=dict)
    _below: dict[UUID, list[Held]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in sorted(self.held, key=lambda each: each.start):
            self._by_code.setdefault(each.code, each)
            if each.superior is not None:
                self._below[each.superior].append(each)

    def holder(self, code: str) -> Held | None:
        """The first to hold a code."""
        return self._by_code.get(code)

    def closing(self, held: Held, *, lost: bool = False) -> Closing:
        """An end on the day a later unit begins."""
        known = None if held.start.toordinal() == self.day.toordinal() + 1 else f"{self.day}/{held.start}"
        return Closing(held.start, held.begun_by, known, without_successor=lost)

    def end_of(self, life: Life, next_held: Held | None, later: Later) -> Closing | None:
        """Why a unit that nobody continues ended: its code went on, its superior ended or lists it not."""
        if next_held is not None:
            return self.closing(next_held, lost=True)
        above = life.versions[-1].superior
        if above is None:
            return None
        if above in later.same:
            listed = self.listed_below(later.same[above], life)
            return self.closing(listed[0], lost=True) if listed else None
        return later.closings.get(above)

    def listed_below(self, superior: UUID, life: Life) -> list[Held]:
        """The later units of one superior, of the level of a unit, that begin with the first of them."""
        level = life.versions[-1].level.value
        below = [each for each in self._below[superior] if each.level == level]
        return [each for each in below if each.start == below[0].start]


def _end(life: Life, closing: Closing, coming: _Coming, later: Later) -> list[Life]:
    """Let a unit end; the life itself is returned where nobody can be its heir."""
    last = life.versions[-1]
    specific = specific_and_generic(last.name)[0]
    above = later.same.get(last.superior) if last.superior is not None else None
    listed = coming.listed_below(above, life) if above is not None else []
    heirs = [each for each in listed if specific_and_generic(each.name)[0] == specific]
    alone = len(heirs) == 1
    later.closings[life.id] = Closing(closing.on, closing.instrument_id, closing.edtf, not alone)
    later.heirs += [(life.id, heirs[0])] if alone else []
    return [] if alone else [life]


def _told(lost: list[Life], later: Later, day: date) -> list[Finding]:
    found = []
    if later.same:
        message = f"{day} 的 {len(later.same)} 个单位是登记簿中以后同代码、同名单位的前段，已接续"
        found.append(R_HIS_05.finding(Severity.info, str(day), message))
    if later.heirs:
        message = f"{len(later.heirs)} 个单位在登记簿以后的名册中只有同专名者，沿革记为存疑"
        found.append(R_HIS_05.finding(Severity.warning, str(day), message, suggestion="请据批复核定"))
    if lost:
        listed = "、".join(f"{life.versions[-1].code} {life.versions[-1].name}" for life in lost[:_LISTED])
        more = "等" if len(lost) > _LISTED else ""
        message = f"{len(lost)} 个单位不在登记簿以后的名册中，去向不明：{listed}{more}"
        found.append(R_HIS_05.finding(Severity.warning, str(day), message, suggestion="请据批复补记去向"))
    return found
