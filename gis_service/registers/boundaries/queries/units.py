"""Divisions on the ground: a unit on a day with its area, and its extent as GeoJSON text where wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, null, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.geojson import as_geojson
from gis_service.registers.boundaries.models import Extent
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import Sought, VersionRow, in_force, listed, versions_with_acts


@dataclass(frozen=True, slots=True)
class UnitOnGround:
    """A unit on a day; area and geometry are None where no extent is known, geometry also where not asked."""

    version: VersionRow
    area_km2: float | None
    geometry: str | None


def units_on_ground(
    session: Session, sought: Sought, *, on: date, after: str | None, limit: int, with_geometry: bool
) -> list[UnitOnGround]:
    """The units sought on a day, by code, in one statement; geometry is made of `limit` units at most."""
    return _units(
        session, listed(sought, on=on, after=after, limit=limit), on=on, with_geometry=with_geometry
    )


def unit_on_ground(session: Session, division_id: UUID, *, on: date, with_geometry: bool) -> UnitOnGround:
    """One unit that exists on a day."""
    wanted = select(DivisionVersion.id).where(DivisionVersion.division_id == division_id, in_force(on))
    [unit] = _units(session, wanted, on=on, with_geometry=with_geometry)
    return unit


def _units(session: Session, versions: Select[Any], *, on: date, with_geometry: bool) -> list[UnitOnGround]:
    geometry = as_geojson(Extent.geom) if with_geometry else null().cast(Text)
    wanted = (
        versions_with_acts(on=on)
        .add_columns(Extent.area_km2, geometry)
        .outerjoin(Extent, (Extent.division_id == DivisionVersion.division_id) & holds_on(Extent.valid, on))
        .where(DivisionVersion.id.in_(versions))
        .order_by(DivisionVersion.code)
    )
    return [UnitOnGround(VersionRow(*row[:-2]), row[-2], row[-1]) for row in session.execute(wanted)]
