"""Tri-points on a day: all of them, those of units, and those of a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.queries import AnyLine, with_all_below
from gis_service.registers.boundaries.queries.chains import chains_within
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.markers.models import Marker, TriPoint


def tri_points_on(
    session: Session,
    *,
    on: date,
    units: Iterable[UUID] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[TriPoint]:
    """Registered tri-points on a day by their key; `units` keeps those where one of these meets others."""
    key = (TriPoint.name + "." + cast(TriPoint.id, Text)).collate("C")
    wanted = select(TriPoint).where(holds_on(TriPoint.valid, on)).order_by(key).limit(limit)
    if units is not None:
        ids = list(units)
        wanted = wanted.where(
            TriPoint.first_id.in_(ids) | TriPoint.second_id.in_(ids) | TriPoint.third_id.in_(ids)
        )
    if after is not None:
        wanted = wanted.where(key > after)
    return list(session.scalars(wanted))


def tri_point_key(each: TriPoint) -> str:
    """What tri-points are listed by: the name, and the id where names are equal."""
    return f"{each.name}.{each.id}"


def tri_points_of(session: Session, lines: Sequence[AnyLine], *, on: date) -> dict[UUID, list[TriPoint]]:
    """The tri-points of each line: one of the units that meet is its one side or below it, another the other.

    So a place where two cities of one province meet one of another is a tri-point of the provincial line too.
    """
    below = with_all_below(
        session, {side for line in lines for side in (line.first_id, line.second_id)}, on=on
    )
    found = tri_points_on(session, on=on, units=below)
    chains = chains_within(session, {unit for each in found for unit in units_of(each)}, on=on)
    above = {
        each.id: {unit.id for meeting in units_of(each) for unit in chains.get(meeting, ())} for each in found
    }
    return {
        line.id: [each for each in found if {line.first_id, line.second_id} <= above[each.id]]
        for line in lines
    }


def units_of(each: TriPoint) -> tuple[UUID, UUID, UUID]:
    """The three units that meet."""
    return each.first_id, each.second_id, each.third_id


def synthetic_among(session: Session, markers: Iterable[UUID]) -> set[UUID]:
    """Those of these markers that stand nowhere but in examples."""
    wanted = select(Marker.id).where(Marker.id.in_(set(markers)), Marker.is_synthetic)
    return set(session.scalars(wanted))


def tri_points_of_markers(session: Session, markers: Iterable[UUID], *, on: date) -> dict[UUID, TriPoint]:
    """The tri-point that each of these markers stands at on a day; those at none are left out."""
    wanted = select(TriPoint).where(TriPoint.marker_id.in_(set(markers)), holds_on(TriPoint.valid, on))
    return {each.marker_id: each for each in session.scalars(wanted) if each.marker_id is not None}


def codes_of(session: Session, tri_points: Iterable[TriPoint], *, on: date) -> dict[UUID, str]:
    """The codes on a day of the units that meet, by id."""
    units = {unit for each in tri_points for unit in units_of(each)}
    return {unit.division_id: unit.code for unit in divisions_by_id(session, units, on=on).values()}
