"""The areas of units as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shapely.geometry import MultiPolygon
from sqlalchemy import any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.database import holds_on
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Extent


def extents_on(session: Session, divisions: Iterable[UUID], *, on: date) -> dict[UUID, MultiPolygon]:
    """The areas of units on a day, lon/lat; units without geometry are absent."""
    return {unit: extent for unit, (extent, _) in areas_on(session, divisions, on=on).items()}


def areas_on(
    session: Session, divisions: Iterable[UUID], *, on: date
) -> dict[UUID, tuple[MultiPolygon, float]]:
    """The extents of units on a day with their areas in square kilometres."""
    wanted = select(Extent.division_id, Extent.area_km2, Extent.geom.ST_AsBinary()).where(
        Extent.division_id.in_(list(divisions)), holds_on(Extent.valid, on)
    )
    rows = session.execute(wanted).all()
    shapes = read_wkb(row[2] for row in rows)
    return {row[0]: (shape, row[1]) for row, shape in zip(rows, shapes, strict=True)}


def measured_on(session: Session, divisions: Iterable[UUID], *, on: date) -> dict[UUID, float]:
    """The areas of units on a day in square kilometres; units without geometry are absent."""
    wanted = select(Extent.division_id, Extent.area_km2).where(
        Extent.division_id == any_(cast(list(divisions), ARRAY(PG_UUID(as_uuid=True)))),
        holds_on(Extent.valid, on),
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def measured_otherwise(session: Session, earlier: date, later: date) -> list[tuple[UUID, float, float]]:
    """Units that had an extent on both days, and not the same: the area on each in square kilometres."""
    now = aliased(Extent)
    wanted = (
        select(Extent.division_id, Extent.area_km2, now.area_km2)
        .join(now, (now.division_id == Extent.division_id) & (now.id != Extent.id))
        .where(holds_on(Extent.valid, earlier), holds_on(now.valid, later))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(wanted)]
