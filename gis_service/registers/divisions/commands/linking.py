"""Recording which unit came out of which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.models import Certainty, Lineage, LineageKind


@dataclass(frozen=True, slots=True)
class Descent:
    """That a share of one unit's area went to another; shares are fractions in [0, 1], or unknown."""

    predecessor_id: UUID
    successor_id: UUID
    kind: LineageKind
    share_of_predecessor: float | None
    share_of_successor: float | None
    certainty: Certainty = Certainty.certain


def link(tx: Transaction, descents: Iterable[Descent], *, on: date, instrument_id: UUID) -> None:
    """Record which unit came out of which on a day."""
    tx.session.add_all(
        Lineage(
            predecessor_id=descent.predecessor_id,
            successor_id=descent.successor_id,
            on_date=on,
            kind=descent.kind.value,
            share_of_predecessor=descent.share_of_predecessor,
            share_of_successor=descent.share_of_successor,
            certainty=descent.certainty.value,
            instrument_id=instrument_id,
        )
        for descent in descents
    )
    tx.session.flush()
