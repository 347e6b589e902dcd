"""Recording where the seat of a division is: as it was approved, or as it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from geoalchemy2 import WKTElement

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.models import SeatAspect, SeatRecord


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a division; `position` is lon, lat."""

    division_id: UUID
    aspect: SeatAspect
    place: str
    position: tuple[float, float] | None
    located_in: str | None
    known_on: date
    source: str


def record_seat(tx: Transaction, seat: Seat) -> SeatRecord:
    """Add a record; those before it stay."""
    point = (
        WKTElement(f"POINT({seat.position[0]} {seat.position[1]})", STORAGE_SRID) if seat.position else None
    )
    record = SeatRecord(
        division_id=seat.division_id,
        aspect=seat.aspect.value,
        place=seat.place,
        position=point,
        located_in=seat.located_in,
        known_on=seat.known_on,
        source=seat.source,
        recorded_at=tx.at,
    )
    tx.session.add(record)
    tx.session.flush()
    return record
