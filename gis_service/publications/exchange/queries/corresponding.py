"""Which codes of one day answer which codes of another, by how much of their area, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries import Followed, follow_all
from gis_service.registers.divisions.models import Certainty, DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, find_by_codes


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that (part of) the area of a code is in on the other day; `share` is None where unknown."""

    code: str
    name: str
    share: float | None
    certainty: str


def correspondence(
    session: Session, codes: Iterable[str], *, on: date, to: date
) -> dict[str, tuple[Part, ...]]:
    """For each code in force on a day: its parts on the other, by code; none where its area went nowhere."""
    held = find_by_codes(session, codes, on=on)
    levels = {version.division_id: version.level for version in held.values()}
    followed = follow_all(session, levels, on=on, to=to)
    targets = divisions_by_id(session, {unit for each in followed.values() for unit in each.shares}, on=to)
    told = (*held.values(), *targets.values())
    note_readings(session, ((version.classification, version.code) for version in told))
    return {code: _parts(followed[version.division_id], targets) for code, version in held.items()}


def _parts(followed: Followed, targets: Mapping[UUID, DivisionVersion]) -> tuple[Part, ...]:
    certain = {followed.lifted[end.unit] for way in followed.ways for end in way.reached if end.is_certain}
    parts = (
        Part(
            targets[unit].code,
            targets[unit].name,
            share,
            (Certainty.certain if unit in certain else Certainty.reasoned).value,
        )
        for unit, share in followed.shares.items()
        if unit in targets and share != 0
    )
    return tuple(sorted(parts, key=lambda part: part.code))
