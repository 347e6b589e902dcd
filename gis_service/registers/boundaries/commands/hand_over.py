"""Handing whole units' faces to another unit: merger, conversion and abolition touch membership only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.models import Membership


def hand_over(tx: Transaction, moves: Mapping[UUID, UUID], *, on: date, instrument_id: UUID) -> None:
    """From a day on, all faces of each giver (key) belong to its taker (value); `derive` must follow."""
    for giver, taker in moves.items():
        held = _held_by(tx, giver, on=on)
        for membership in held:
            membership.valid = membership.valid.ended(on)
            membership.ended_by = instrument_id
        tx.session.flush()  # the old period must end before the new one may begin
        tx.session.add_all(
            Membership(face_id=old.face_id, division_id=taker, valid=Period(on), begun_by=instrument_id)
            for old in held
        )
        tx.journal(
            "boundaries.hand_over",
            str(giver),
            instrument_id=instrument_id,
            before={"division": giver},
            after={"division": taker},
            on=on,
            faces=len(held),
        )
    tx.session.flush()


def _held_by(tx: Transaction, division_id: UUID, *, on: date) -> list[Membership]:
    wanted = select(Membership).where(Membership.division_id == division_id, holds_on(Membership.valid, on))
    return list(tx.session.scalars(wanted))
