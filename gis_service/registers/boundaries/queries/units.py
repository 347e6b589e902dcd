"""Divisions on the ground: a unit on a day with its area, and its extent as GeoJSON text where wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.geojson import AS_GEOJSON
from gis_service.registers.divisions.queries import SOUGHT, Sought, VersionRow

_ROWS = (
    SOUGHT
    + """
SELECT v.division_id, v.code, v.name, v.level, v.type, v.seat, superior.code, lower(v.valid), upper(v.valid),
    begun.number, ended.number, CASE
        WHEN begun.classification = '涉密' OR ended.classification = '涉密' OR kept.highest = 2 THEN '涉密'
        WHEN begun.classification = '内部' OR ended.classification = '内部' OR kept.highest = 1 THEN '内部'
        ELSE '公开' END, v.begun_edtf, v.ended_edtf, extent.area_km2, {geometry}
FROM sought v
JOIN instrument begun ON begun.id = v.begun_by
LEFT JOIN instrument ended ON ended.id = v.ended_by
LEFT JOIN division_version superior ON superior.division_id = v.superior_id AND superior.valid @> :on
LEFT JOIN extent ON extent.division_id = v.division_id AND extent.valid @> :on
LEFT JOIN LATERAL (
    SELECT max(CASE classification WHEN '涉密' THEN 2 WHEN '内部' THEN 1 END) AS highest
    FROM instrument WHERE extent.sources IS NOT NULL AND id = ANY(extent.sources)
) kept ON TRUE
ORDER BY v.code COLLATE "C"
"""
)
_PLAIN = text(_ROWS.format(geometry="NULL"))
_SHAPED = text(_ROWS.format(geometry=AS_GEOJSON.format(geometry="extent.geom")))


@dataclass(frozen=True, slots=True)
class UnitOnGround(VersionRow):
    """A unit on a day; area and geometry are None where no extent is known, geometry also where not asked."""

    area_km2: float | None
    geometry: str | None


def units_on_ground(
    session: Session, sought: Sought, *, on: date, after: str | None, limit: int | None, with_geometry: bool
) -> list[UnitOnGround]:
    """The units sought on a day, by code, in one statement; all of them without a `limit`."""
    rows = session.execute(
        _SHAPED if with_geometry else _PLAIN, sought.parameters(on=on, after=after, limit=limit)
    )
    return [UnitOnGround(*row) for row in rows.all()]


def unit_on_ground(session: Session, division_id: UUID, *, on: date, with_geometry: bool) -> UnitOnGround:
    """One unit that exists on a day."""
    one = Sought(unit=division_id)
    [unit] = units_on_ground(session, one, on=on, after=None, limit=1, with_geometry=with_geometry)
    return unit
