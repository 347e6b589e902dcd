"""Which units hold a point on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import Extent

Key = TypeVar("Key")

_HOLDING = text(f"""
SELECT asked.position, extent.division_id
FROM unnest(CAST(:lons AS float[]), CAST(:lats AS float[])) WITH ORDINALITY AS asked(lon, lat, position)
CROSS JOIN LATERAL (
    SELECT division_id FROM extent
    WHERE valid @> CAST(:on AS date)
        AND geom && ST_SetSRID(ST_MakePoint(asked.lon, asked.lat), {STORAGE_SRID})
        AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(asked.lon, asked.lat), {STORAGE_SRID})) OFFSET 0
) extent
""")


def units_holding(
    session: Session, points: Mapping[Key, tuple[float, float]], *, on: date
) -> dict[Key, frozenset[UUID]]:
    """The units of every level whose area holds each point (lon, lat) on a day; on a border, both sides."""
    keys = list(points)
    if not keys:
        return {}
    asked = {"lons": [points[key][0] for key in keys], "lats": [points[key][1] for key in keys], "on": on}
    found: dict[Key, set[UUID]] = {key: set() for key in keys}
    for position, unit in session.execute(_HOLDING, asked):
        found[keys[position - 1]].add(unit)
    return {key: frozenset(units) for key, units in found.items()}


def units_with_extent(session: Session, divisions: Iterable[UUID], *, on: date) -> frozenset[UUID]:
    """Those of these units whose area is known on a day."""
    wanted = select(Extent.division_id).where(
        Extent.division_id.in_(set(divisions)), holds_on(Extent.valid, on)
    )
    return frozenset(session.scalars(wanted))
