"""Entering seats: as they were approved, and as they were seen."""

from __future__ import annotations

from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.seats.schemas import SeatIn
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.divisions.commands import Seat, record_seat
from gis_service.registers.divisions.models import SeatRecord
from gis_service.registers.divisions.queries import division_by_code


def observe_seat(tx: Transaction, seen: SeatIn) -> SeatRecord:
    """Add a record of a seat; those before it stay, and the newest counts.

    Raises:
        NotFound: nobody held the code of the unit, or of the lower unit, that day.
        NotPermitted: the unit lies beyond the jurisdiction of the actor.
        InvalidInput: a day to come, or half a position.
    """
    tx.require(Act.observe_seat)
    if seen.known_on > tx.today:
        raise InvalidInput(f"日期 {seen.known_on} 尚未到来", way_out="请核对日期")
    if (seen.longitude is None) != (seen.latitude is None):
        raise InvalidInput("经度和纬度须一并写明", way_out="只知道所在下级单位的，两项都不写")
    unit = division_by_code(tx.session, seen.unit, on=seen.known_on)
    require_within(tx.session, tx.actor, Act.observe_seat, [unit.division_id], on=tx.today)
    if seen.located_in is not None:
        division_by_code(tx.session, seen.located_in, on=seen.known_on)
    record = record_seat(tx, _seat(unit.division_id, seen))
    tx.journal("seats.observe", seen.unit, after=seen.model_dump(mode="json"))
    return record


def _seat(division_id: UUID, seen: SeatIn) -> Seat:
    known = seen.longitude is not None and seen.latitude is not None
    return Seat(
        division_id=division_id,
        aspect=seen.aspect,
        place=seen.place,
        position=(seen.longitude or 0.0, seen.latitude or 0.0) if known else None,
        located_in=seen.located_in,
        known_on=seen.known_on,
        source=seen.source,
    )
