"""Markers as readers are told of them: with their lines and sides, as far as the reader may know those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.markers.queries.histories import kept_as, papers_named_by, papers_of
from gis_service.registers.markers.queries.standing import MarkerOnDay


@dataclass(frozen=True, slots=True)
class Told:
    """A marker with the lines it stands on and the units it names, and how closely all that is kept."""

    marker: MarkerOnDay
    lines: tuple[BoundaryLine, ...]
    units: Mapping[UUID, DivisionVersion]
    classification: Classification

    @property
    def managing(self) -> DivisionVersion | None:
        """The side that keeps it."""
        return self.units.get(self.marker.version.managing_id) if self.marker.version.managing_id else None


def told_of(session: Session, markers: Sequence[MarkerOnDay], *, on: date) -> list[Told]:
    """Markers in the given order; those are left out whose lines are all hidden from the reader."""
    lines = _lines(session, {line for each in markers for line in each.lines}, on=on)
    named = {unit for each in markers for unit in (*each.sides, each.version.managing_id) if unit is not None}
    units = divisions_by_id(session, named, on=on)
    papers = papers_of(session, {paper for each in markers for paper in papers_named_by(each)})
    told = []
    for each in markers:
        own = tuple(lines[line] for line in each.lines if line in lines)
        if own or not each.lines:
            kept = highest(
                kept_as(papers, papers_named_by(each)),
                *(line.classification for line in own),
                *_kept(units, (*each.sides, each.version.managing_id)),
            )
            told.append(Told(each, tuple(sorted(own, key=lambda line: line.code)), units, kept))
    note_readings(session, ((each.classification, each.marker.number) for each in told))
    return told


def _lines(session: Session, ids: Iterable[UUID], *, on: date) -> dict[UUID, BoundaryLine]:
    """Of these lines those of which both sides are shown to the reader."""
    lines = list(session.scalars(select(BoundaryLine).where(BoundaryLine.id.in_(set(ids)))))
    sides = divisions_by_id(
        session, {side for line in lines for side in (line.first_id, line.second_id)}, on=on
    )
    return {line.id: line for line in lines if {line.first_id, line.second_id} <= sides.keys()}


def _kept(units: Mapping[UUID, Any], named: Iterable[UUID | None]) -> list[str]:
    return [units[unit].classification for unit in named if unit is not None and unit in units]
