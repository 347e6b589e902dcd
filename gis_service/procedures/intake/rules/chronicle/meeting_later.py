"""What becomes of units in force at the end of a history, where the register holds later ones already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_05
from gis_service.procedures.intake.rules.chronicle.joining import Held
from gis_service.procedures.intake.rules.chronicle.replaying import Life
from gis_service.registers.divisions.rules import specific_and_generic

_LISTED = 10


@dataclass(frozen=True, slots=True)
class Closing:
    """When a unit's last version ends, and by which instrument of the register; the day itself is unknown."""

    on: date
    instrument_id: UUID
    edtf: str | None
    without_successor: bool = False


@dataclass(frozen=True, slots=True)
class Heir:
    """A later unit that may be, or is for good reason, what became of one."""

    life: UUID
    held: Held
    reasoned: bool


@dataclass(slots=True)
class Later:
    """Units that are the earlier life of one in the register, those that ended in between, their heirs.

    Of those in `leading_up` the last version is the first one that the register holds.
    """

    same: dict[UUID, UUID] = field(default_factory=dict)
    closings: dict[UUID, Closing] = field(default_factory=dict)
    heirs: list[Heir] = field(default_factory=list)
    leading_up: set[UUID] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def lead_up(later: Later, lives: Mapping[str, Life], met: Mapping[str, Held]) -> None:
    """Join units to what the register begins with on the very day the history ends."""
    for code, life in lives.items():
        if not life.stands:
            later.same[life.id] = met[code].division
            later.leading_up.add(life.id)


def meet_later(
    later: Later,
    lives: Mapping[str, Life],
    held: Sequence[Held],
    standing: Mapping[UUID, Held],
    *,
    day: date,
) -> None:
    """Join the units in force on the last day of a history to what begins after it.

    `standing` are versions of the register that lives go on from.
    """
    coming = _Coming([each for each in held if each.start > day], day)
    lost: list[Life] = []
    known = len(later.same), len(later.heirs)
    for code in sorted(lives, key=lambda code: (len(code.rstrip("0")), code)):
        life = lives[code]
        if life.stands:
            _go_on(life, standing[life.id], coming, later)
            continue
        next_held = coming.holder(code)
        if next_held is not None and _earlier_life(life, next_held):
            later.same[life.id] = next_held.division
            later.closings[life.id] = coming.closing(next_held)
            continue
        ends = coming.end_of(life, next_held, later)
        if ends is not None:
            lost += _end(life, ends, coming, later)
    later.findings += _told(lost, len(later.same) - known[0], len(later.heirs) - known[1], day)


def _earlier_life(life: Life, held: Held) -> bool:
    return _alike(life, held) and held.first and held.by_dataset


def _alike(life: Life, held: Held) -> bool:
    last = life.versions[-1]
    return last.name == held.name and last.level.value == held.level


def _go_on(life: Life, standing: Held, coming: _Coming, later: Later) -> None:
    """A unit the register has ends as it ended there, or as its new code is held by another."""
    changed = len(life.versions) > 1
    next_held = coming.holder(life.versions[-1].code)
    other = next_held if next_held is not None and next_held.division != life.id else None
    if standing.end is not None:
        assert standing.ended_by is not None
        edtf = f"{coming.day}/{standing.end}" if standing.ended_edtf else None
        lost = standing.without_successor and other is None
        closing = Closing(standing.end, standing.ended_by, edtf, without_successor=lost)
        if changed or edtf != standing.ended_edtf:
            later.closings[life.id] = closing
    elif other is not None:
        later.closings[life.id] = coming.closing(other, lost=not _alike(life, other))
    if changed and other is not None and _alike(life, other) and other.first:
        later.heirs.append(Heir(life.id, other, reasoned=True))


@dataclass(slots=True)
class _Coming:
    """What the register holds after a day."""

    held: list[Held]
    day: date
    continued: set[UUID] = field(default_factory=set)
    _by_code: dict[str, Held] = field(default_factory=dict)
    _below: dict[UUID, list[Held]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in sorted(self.held, key=lambda each: each.start):
            self._by_code.setdefault(each.code, each)
            if each.superior is not None:
                self._below[each.superior].append(each)
            if not each.first:
                self.continued.add(each.division)

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
        if above in later.closings and above not in later.same and above not in self.continued:
            return later.closings[above]
        listed = self.listed_below(later.same.get(above, above), life)
        return self.closing(listed[0], lost=True) if listed else None

    def listed_below(self, superior: UUID, life: Life) -> list[Held]:
        """The units of one superior, of the level of a unit, as a dataset first lists them later."""
        level = life.versions[-1].level.value
        below = [each for each in self._below.get(superior, ()) if each.level == level and each.by_dataset]
        return [each for each in below if each.start == below[0].start]


def _end(life: Life, closing: Closing, coming: _Coming, later: Later) -> list[Life]:
    """Let a unit end; the life itself is returned where nobody can be its heir."""
    last = life.versions[-1]
    specific = specific_and_generic(last.name)[0]
    above = later.same.get(last.superior, last.superior) if last.superior is not None else None
    listed = coming.listed_below(above, life) if above is not None else []
    heirs = [each for each in listed if specific_and_generic(each.name)[0] == specific]
    alone = len(heirs) == 1
    later.closings[life.id] = Closing(closing.on, closing.instrument_id, closing.edtf, not alone)
    later.heirs += [Heir(life.id, heirs[0], reasoned=False)] if alone else []
    return [] if alone else [life]


def _told(lost: list[Life], same: int, heirs: int, day: date) -> Iterable[Finding]:
    if same:
        message = f"{day} 的 {same} 个单位是登记簿中以后同代码、同名单位的前段，已接续"
        yield R_HIS_05.finding(Severity.info, str(day), message)
    if heirs:
        message = f"{heirs} 个单位在登记簿以后的名册中只有同专名或同代码者，沿革记为存疑或推定"
        yield R_HIS_05.finding(Severity.warning, str(day), message, suggestion="请据批复核定")
    if lost:
        listed = "、".join(f"{life.versions[-1].code} {life.versions[-1].name}" for life in lost[:_LISTED])
        more = "等" if len(lost) > _LISTED else ""
        message = f"{len(lost)} 个单位不在登记簿以后的名册中，去向不明：{listed}{more}"
        yield R_HIS_05.finding(Severity.warning, str(day), message, suggestion="请据批复补记去向")
