"""A foreign list held against the register: which feature each record is, beyond doubt or perhaps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.foundation.readings import note_readings
from gis_service.procedures.intake.commands.placenames.entering import Progress
from gis_service.procedures.intake.commands.placenames.opening import Records
from gis_service.procedures.intake.commands.placenames.units import Units
from gis_service.procedures.intake.queries.likenesses import features_of
from gis_service.procedures.intake.rules.placenames import PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.judging import judge_record
from gis_service.procedures.intake.rules.placenames.scoring import (
    Index,
    Likeness,
    Sought,
    certain,
    claimed_twice,
)


@dataclass(frozen=True, slots=True)
class Match:
    """A record, the units it lies in, the feature it is beyond doubt, and those it may be."""

    record: PlaceRecord
    units: tuple[UUID, ...]
    certain: Likeness | None
    candidates: tuple[Likeness, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "row": self.record.row,
            "name": self.record.name,
            "certain": None if self.certain is None else self.certain.as_json(),
            "candidates": [each.as_json() for each in self.candidates],
        }


def match_records(
    session: Session, records: Records, tally: Tally, *, on: date, progress: Progress = lambda _: None
) -> list[Match]:
    """Every record that can be read, in its order, with what it is; a record at fault is told and left out.

    Two records that would be the same feature are both left to a human.
    """
    found: list[Match] = []
    finder = Units(session, tally, on=on)
    for chunk in records.chunks(tally):
        for record in chunk:
            judge_record(record, tally)
        units = finder.of(chunk)
        found += _matched(session, finder, chunk, units, tally, on=on)
        progress(f"已比对 {len(found):,} 条")
    twice = claimed_twice(match.certain for match in found)
    return [_doubtful(match, twice) for match in found]


def _doubtful(match: Match, twice: Collection[UUID]) -> Match:
    if match.certain is None or match.certain.feature_id not in twice:
        return match
    return Match(match.record, match.units, None, match.candidates)


def _matched(
    session: Session,
    finder: Units,
    chunk: Sequence[PlaceRecord],
    units: Sequence[tuple[UUID, ...]],
    tally: Tally,
    *,
    on: date,
) -> Iterator[Match]:
    """County by county: names of one are not sought in another."""
    readable = [pair for pair in zip(chunk, units, strict=True) if pair[0].row not in tally.refused]
    counties = sorted({finder.code_of(several)[:6] for _, several in readable} - {""})
    indexes: dict[str, Index] = {}
    known = features_of(session, counties, on=on)
    for county in counties:
        indexes[county] = Index({id_: each for id_, each in known.items() if each.unit[:6] == county})
    for record, several in readable:
        code = finder.code_of(several)
        index = indexes.get(code[:6])
        alike = tuple(index.alike(sought_of(record, code))) if index is not None else ()
        close = ((known[each.feature_id].kept, each.name) for each in alike)
        note_readings(session, ((kept, name) for kept, name in close if kept is not Classification.public))
        yield Match(record, several, certain(alike), alike)


def sought_of(record: PlaceRecord, unit: str) -> Sought:
    """What of a record is likened to features."""
    codes = tuple(filter(None, (record.code, record.statistical)))
    centre = None if record.geometry is None else shapely.centroid(record.geometry)
    place = None if centre is None else (centre.x, centre.y)
    return Sought(record.name, codes, record.class_code or "", unit, place)
