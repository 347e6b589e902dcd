"""Taking markers out of use: what was known of them ends, and their numbers are never given again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.in_hand import take_in_hand
from gis_service.registers.markers.commands.observing import Seen, write_observations
from gis_service.registers.markers.commands.succeeding import From, end_fact, facts_on
from gis_service.registers.markers.models import (
    BearingObject,
    MarkerAction,
    MarkerLine,
    MarkerPosition,
    MarkerSide,
    MarkerState,
    MarkerVersion,
)

_FACTS = (MarkerVersion, MarkerLine, MarkerSide, MarkerPosition, BearingObject)


def scrap_markers(
    tx: Transaction, markers: Iterable[UUID], *, on: date, instrument_id: UUID, reason: str
) -> None:
    """Let markers end on a day, by the consent of the approver.

    Raises:
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, markers, on=on)
    since = From(on, instrument_id)
    for marker, known in hand.markers.items():
        for model in _FACTS:
            for row in facts_on(tx, model, on, marker_id=marker):
                end_fact(tx, row, since)
        tx.journal(
            "markers.scrap",
            known.number,
            instrument_id=instrument_id,
            before={"lines": known.lines, "state": known.state},
            after={"state": MarkerState.scrapped.value},
            on=on,
            reason=reason,
            marker=marker,
        )
    seen = [
        Seen(marker, on, MarkerState.scrapped, tx.actor.authority, MarkerAction.scrapped, note=reason)
        for marker in hand.markers
    ]
    write_observations(tx, seen, instrument_id=instrument_id)
    tx.session.flush()
