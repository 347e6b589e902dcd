"""The chain of units from the province down to a lowest-level unit, each as it stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.readings import note_readings
from gis_service.registers.instruments.models import Instrument

# Level by level, each by its own index: a join of all levels at once is misplanned behind the walls.
_VERSIONS = text("""
SELECT v.division_id, v.superior_id, v.code, v.name, v.level, v.type, begun.classification
FROM division_version v JOIN instrument begun ON begun.id = v.begun_by
WHERE v.division_id = ANY(:units) AND v.valid @> :on
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))
_SOURCES = text("""
SELECT e.sources, array_agg(e.division_id) AS units FROM extent e
WHERE e.division_id = ANY(:units) AND e.valid @> :on GROUP BY e.sources
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit in a chain; as classified as it and the area it was found by."""

    id: UUID
    code: str
    name: str
    level: str
    type: str | None
    classification: Classification


Chain = tuple[PlacedUnit, ...]


def chains_of(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, Chain]:
    """The chain of each unit on a day, the province first; units not in force are left out."""
    leaves = set(units)
    versions = _with_all_above(session, leaves, on=on)
    kept = _kept_by(session, leaves, on=on)
    made: dict[tuple[UUID, Classification], Chain] = {}
    chains = {
        leaf: _chain(leaf, versions, kept.get(leaf, Classification.public), made)
        for leaf in leaves
        if leaf in versions
    }
    note_readings(session, {(chain[-1].classification, chain[-1].code) for chain in made.values()})
    return chains


def sides_of_point(units: Iterable[UUID], chains: Mapping[UUID, Chain]) -> list[Chain]:
    """The chains of the units a point lies in, by code; those the reader may not know are left out."""
    return sorted((chains[unit] for unit in units if unit in chains), key=lambda chain: chain[-1].code)


def _with_all_above(session: Session, units: set[UUID], *, on: date) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    wanted = units
    while wanted:
        rows = session.execute(_VERSIONS, {"units": list(wanted), "on": on}).all()
        found |= {row.division_id: row for row in rows}
        wanted = {row.superior_id for row in rows if row.superior_id is not None} - found.keys()
    return found


def _kept_by(session: Session, units: set[UUID], *, on: date) -> dict[UUID, Classification]:
    """How closely the sources of each unit's area are kept."""
    rows = session.execute(_SOURCES, {"units": list(units), "on": on}).all()
    papers = select(Instrument.id, Instrument.classification).where(
        Instrument.id.in_({source for row in rows for source in row.sources})
    )
    kept = {row[0]: row[1] for row in session.execute(papers)}
    return {
        unit: closest
        for row in rows
        for closest in [highest(*(kept[source] for source in row.sources))]
        for unit in row.units
    }


def _chain(
    unit: UUID,
    versions: Mapping[UUID, Any],
    kept: Classification,
    made: dict[tuple[UUID, Classification], Chain],
) -> Chain:
    """The chain down to a unit, told by an area that is kept so closely; each is made once."""
    if (unit, kept) not in made:
        row = versions[unit]
        above = _chain(row.superior_id, versions, kept, made) if row.superior_id in versions else ()
        classification = highest(row.classification, kept)
        placed = PlacedUnit(unit, row.code, row.name, row.level, row.type, classification)
        made[unit, kept] = (*above, placed)
    return made[unit, kept]
