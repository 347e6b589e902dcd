"""From lives as they were replayed to rows of the register: ids, acts and bounds put in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from gis_service.procedures.intake.rules.chronicle import Act
from gis_service.procedures.intake.rules.chronicle.days import Effect
from gis_service.procedures.intake.rules.chronicle.meeting_later import Closing
from gis_service.procedures.intake.rules.chronicle.planning import Plan
from gis_service.procedures.intake.rules.chronicle.replaying import Life, Version
from gis_service.registers.divisions.commands import Bound, Chronicle, PastDescent, PastVersion
from gis_service.registers.divisions.models import Certainty, LineageKind


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is needed to tell a plan: the instruments of its acts, that of the source, ids that were met."""

    plan: Plan
    instruments: Mapping[Act, UUID]
    source: UUID

    def id_of(self, life: UUID) -> UUID:
        return self.plan.later.same.get(life, life)

    def bound(self, effect: Effect) -> Bound:
        return Bound(effect.on, self.instruments.get(effect.act, self.source), effect.edtf)

    def version(self, life: Life, version: Version, ended: Bound | None, *, lost: bool) -> PastVersion:
        return PastVersion(
            self.id_of(life.id),
            version.code,
            version.name,
            version.level.value,
            version.type.value if version.type else None,
            self.id_of(version.superior) if version.superior is not None else None,
            self.bound(version.begun),
            ended,
            without_successor=lost and ended is not None,
        )

    def end(self, life: Life, version: Version) -> tuple[Bound | None, bool]:
        """Where a version ends, and whether the life ends with it, leaving nobody."""
        if version.ended is not None:
            return self.bound(version.ended), life.without_successor and version is life.versions[-1]
        closing: Closing | None = self.plan.later.closings.get(life.id)
        if closing is None:
            return None, False
        return Bound(closing.on, closing.instrument_id, closing.edtf), closing.without_successor

    def versions(self, life: Life) -> Iterator[PastVersion]:
        """All versions that are not in the register yet."""
        last = life.versions[-1]
        for version in life.versions[1:] if life.stands else life.versions:
            ended, lost = self.end(life, version)
            if not (version is last and life.id in self.plan.later.leading_up):
                yield self.version(life, version, ended, lost=lost)


def chronicle_of(plan: Plan, instruments: Mapping[Act, UUID], source: UUID) -> Chronicle:
    """What is to be written of a plan."""
    telling = _Telling(plan, instruments, source)
    lives = plan.story.lives
    met = plan.later.same.keys()
    return Chronicle(
        founded=frozenset(life.id for life in lives if not life.stands and life.id not in met),
        versions=tuple(version for life in lives for version in telling.versions(life)),
        descents=tuple(_descents(telling)),
        ended=dict(_ended(telling)),
        begun=dict(_begun(telling)),
        obsolete={(link.predecessor, link.successor, link.on): source for link in plan.obsolete},
    )


def _ended(telling: _Telling) -> Iterator[tuple[UUID, tuple[Bound, bool]]]:
    for life in telling.plan.story.lives:
        if life.stands:
            ended, lost = telling.end(life, life.versions[0])
            if ended is not None:
                yield life.id, (ended, lost)


def _begun(telling: _Telling) -> Iterator[tuple[UUID, Bound]]:
    leading_up = telling.plan.later.leading_up
    for life in telling.plan.story.lives:
        if life.id in leading_up:
            yield telling.id_of(life.id), telling.bound(life.versions[-1].begun)


def _descents(telling: _Telling) -> Iterator[PastDescent]:
    for descent in telling.plan.story.descents:
        bound = telling.bound(descent.effect)
        yield PastDescent(
            telling.id_of(descent.predecessor),
            telling.id_of(descent.successor),
            LineageKind(descent.kind.value),
            Certainty(descent.trust.value),
            bound.on,
            bound.instrument_id,
        )
    for heir in telling.plan.later.heirs:
        closing = telling.plan.later.closings[heir.life]
        certainty = Certainty.reasoned if heir.reasoned else Certainty.doubtful
        yield PastDescent(
            telling.id_of(heir.life),
            heir.held.division,
            LineageKind.conversion,
            certainty,
            closing.on,
            closing.instrument_id,
        )
