"""The chain of units from the province down to a lowest-level unit, each as it stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.readings import note_readings
from gis_service.registers.divisions.rules import DivisionLevel

# Level by level, each by its own index: a join of all levels at once is misplanned behind the walls.
_LEVEL = """
    SELECT v.division_id, v.superior_id, v.code, v.name, v.level, v.type, begun.classification
    FROM division_version v JOIN instrument begun ON begun.id = v.begun_by
    WHERE v.division_id = ANY({units}) AND v.valid @> :on"""
_ABOVE = "ARRAY(SELECT DISTINCT superior_id FROM level_{below})"
_LEVELS = len(DivisionLevel)
_VERSIONS = text(
    "WITH "
    + ", ".join(
        f"level_{at} AS MATERIALIZED ({_LEVEL.format(units=_ABOVE.format(below=at - 1) if at else ':units')})"
        for at in range(_LEVELS)
    )
    + " UNION ALL ".join(f" SELECT * FROM level_{at}" for at in range(_LEVELS))
).bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))
# Areas with a source that is not for everybody: mostly none, so that one row at most is sent for each level.
_KEPT = text("""
SELECT paper.classification, array_agg(e.division_id) AS units
FROM extent e, unnest(e.sources) AS source(id) JOIN instrument paper ON paper.id = source.id
WHERE e.division_id = ANY(:units) AND e.valid @> :on AND paper.classification <> :open
GROUP BY paper.classification
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))), open=Classification.public.value)


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
    chains = chains_within(session, units, on=on)
    note_readings(session, {(unit.classification, unit.code) for chain in chains.values() for unit in chain})
    return chains


def chains_within(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, Chain]:
    """The same for what the service itself concludes and tells nobody: nothing is noted as read."""
    leaves = set(units)
    versions = _with_all_above(session, leaves, on=on)
    kept = _kept_by(session, leaves, on=on)
    made: dict[tuple[UUID, Classification], Chain] = {}
    return {
        leaf: _chain(leaf, versions, kept.get(leaf, Classification.public), made)
        for leaf in leaves
        if leaf in versions
    }


def sides_of_point(units: Iterable[UUID], chains: Mapping[UUID, Chain]) -> list[Chain]:
    """The chains of the units a point lies in, by code; those the reader may not know are left out."""
    return sorted((chains[unit] for unit in units if unit in chains), key=lambda chain: chain[-1].code)


def _with_all_above(session: Session, units: set[UUID], *, on: date) -> dict[UUID, Any]:
    rows = session.execute(_VERSIONS, {"units": list(units), "on": on})
    return {row.division_id: row for row in rows}


def _kept_by(session: Session, units: set[UUID], *, on: date) -> dict[UUID, Classification]:
    """How closely the sources of units' areas are kept, of those that are not public."""
    kept: dict[UUID, Classification] = {}
    for row in session.execute(_KEPT, {"units": list(units), "on": on}):
        for unit in row.units:
            kept[unit] = highest(row.classification, kept.get(unit, Classification.public))
    return kept


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
