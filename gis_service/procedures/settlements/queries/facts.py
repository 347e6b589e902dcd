"""What the registers say of a line that is to be settled, on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.procedures.settlements.models import Settlement
from gis_service.procedures.settlements.rules import LineFacts
from gis_service.registers.boundaries.models import LegalState, LineRecord
from gis_service.registers.boundaries.queries import (
    LineInForce,
    lines_by_id,
    records_on,
    walked_on,
)
from gis_service.registers.markers.queries import markers_of_lines
from gis_service.registers.markers.queries.standing import MarkerOnDay


def facts_of(session: Session, settlement: Settlement, *, on: date) -> LineFacts | None:
    """The facts a settlement must agree with; None where the line does not run that day, or is not shown."""
    line = next(iter(lines_by_id(session, [settlement.line_id], on=on)), None)
    if line is None or on not in line.valid:
        return None
    walked = walked_on(session, line, on=on)
    if walked is None:
        return None
    unsettled = [place for place, facts in walked.placed if facts.legal_state != LegalState.settled]
    markers = markers_of_lines(session, [line.id], on=on)[line.id]
    record = records_on(session, [line.id], on=on).get(line.id) or LineRecord()
    return LineFacts(
        reference=str(line.id),
        name=line.name,
        has_agreement=record.agreement_id is not None,
        approver=record.approver,
        is_approval_dated=record.approved_on is not None,
        unsettled_edges=len(unsettled),
        unsettled_km=sum(place.to_m - place.from_m for place in unsettled) / 1000.0,
        markers=len(markers),
        unmanaged=_unmanaged(markers, line),
    )


def _unmanaged(markers: list[MarkerOnDay], line: LineInForce) -> tuple[str, ...]:
    """Markers that no side of the line keeps; one where three units meet may be kept by the third."""
    sides: set[UUID | None] = {line.first_id, line.second_id}
    return tuple(
        marker.number
        for marker in markers
        if len(marker.lines) == 1 and marker.version.managing_id not in sides
    )
