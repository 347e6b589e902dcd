"""In which next-lower units a seat lay and is to lie: by its place, or else by its words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.procedures.changes.rules import Places, Standing
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import inferiors_on


def places_of(session: Session, unit: Standing, seat: str, at: Any, *, on: date) -> Places:
    """Where the seat of a unit lay and where it is to lie, as far as anybody can tell."""
    below = inferiors_on(session, unit.id, on=on)
    if at is None:
        return Places(before=_in_words(below, unit.seat), after=_in_words(below, seat))
    extents = extents_on(session, [unit.id, *(each.division_id for each in below)], on=on)
    names = {each.division_id: each.name for each in below}
    inside: bool | None = bool(extents[unit.id].covers(at)) if unit.id in extents else None
    held = [names[key] for key in names if key in extents and extents[key].covers(at)]
    return Places(
        before=_in_words(below, unit.seat), after=held[0] if held else _in_words(below, seat), inside=inside
    )


def _in_words(below: Sequence[DivisionVersion], seat: str | None) -> str | None:
    """The lower unit whose name a seat begins with or holds; the longest, as 镇 and 城关镇 both may fit."""
    named: list[tuple[int, str, UUID]] = [
        (len(each.name), each.name, each.division_id) for each in below if seat and each.name in seat
    ]
    return max(named)[1] if named else None
