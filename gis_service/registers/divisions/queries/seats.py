"""Seats of divisions as they were known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.divisions.models import DivisionVersion, SeatAspect, SeatRecord


@dataclass(frozen=True, slots=True)
class SeatKnown:
    """The newest record of a seat; `position` is lon, lat."""

    division_id: UUID
    aspect: SeatAspect
    place: str
    position: tuple[float, float] | None
    located_in: str | None
    known_on: date
    source: str


def seats_of(
    session: Session, divisions: Iterable[UUID], *, on: date
) -> dict[tuple[UUID, SeatAspect], SeatKnown]:
    """The newest record of either aspect that was known on a day, for each of these units that has one."""
    newest = (
        select(
            SeatRecord,
            func.ST_X(SeatRecord.position).label("lon"),
            func.ST_Y(SeatRecord.position).label("lat"),
        )
        .where(SeatRecord.division_id.in_(set(divisions)), SeatRecord.known_on <= on)
        .order_by(
            SeatRecord.division_id,
            SeatRecord.aspect,
            SeatRecord.known_on.desc(),
            SeatRecord.recorded_at.desc(),
        )
        .ext(distinct_on(SeatRecord.division_id, SeatRecord.aspect))
    )
    found = {}
    for record, lon, lat in session.execute(newest):
        aspect = SeatAspect(record.aspect)
        position = None if lon is None else (lon, lat)
        found[record.division_id, aspect] = SeatKnown(
            record.division_id,
            aspect,
            record.place,
            position,
            record.located_in,
            record.known_on,
            record.source,
        )
    return found


def lower_units_of(
    session: Session, divisions: Iterable[UUID], *, on: date
) -> dict[UUID, list[DivisionVersion]]:
    """The units that hang directly on each of these on a day, by code."""
    wanted = select(DivisionVersion).where(
        DivisionVersion.superior_id.in_(set(divisions)), holds_on(DivisionVersion.valid, on)
    )
    lower: dict[UUID, list[DivisionVersion]] = {}
    for version in session.scalars(wanted.order_by(DivisionVersion.code)):
        if version.superior_id is not None:
            lower.setdefault(version.superior_id, []).append(version)
    return lower
