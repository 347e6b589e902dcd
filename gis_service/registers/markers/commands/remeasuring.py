"""New coordinates of markers that have not moved: another epoch; the one before stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.observing import point_element
from gis_service.registers.markers.commands.succeeding import From, succeed
from gis_service.registers.markers.models import MarkerPosition
from gis_service.registers.markers.rules.given import Position


def remeasure_markers(
    tx: Transaction, measured: Sequence[tuple[UUID, Position]], *, on: date, instrument_id: UUID
) -> None:
    """Let markers have the coordinates of a new survey from a day on.

    Whoever calls has made sure that the marker stands where it stood; moving one takes the agreement of all.
    """
    for marker, position in measured:
        succeed(tx, MarkerPosition, {"marker_id": marker}, [_row(position)], From(on, instrument_id))
        after = {"point": position.point, "surveyed_on": position.surveyed_on}
        tx.journal("markers.remeasure", str(marker), instrument_id=instrument_id, after=after, on=on)


def _row(position: Position) -> dict[str, Any]:
    row = {each.name: getattr(position, each.name) for each in fields(position) if each.name != "point"}
    row["transform"] = None if position.transform is None else dict(position.transform)
    return row | {"geom": None if position.point is None else point_element(position.point)}
