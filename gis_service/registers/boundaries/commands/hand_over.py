"""Handing faces to another unit: all a unit holds, or single ones after a cut. Touches membership only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.models import Membership


def hand_over(tx: Transaction, moves: Mapping[UUID, UUID], *, on: date, instrument_id: UUID) -> None:
    """From a day on, all faces of each giver (key) belong to its taker (value); `derive` must follow."""
    for giver, taker in moves.items():
        held = _held_by(tx, giver, on=on)
        _move(tx, held, taker, on=on, instrument_id=instrument_id)
        _tell(tx, giver, taker, len(held), on=on, instrument_id=instrument_id)
    tx.session.flush()


def hand_over_faces(tx: Transaction, faces: Mapping[UUID, UUID], *, on: date, instrument_id: UUID) -> None:
    """From a day on, each face (key) belongs to its taker (value); `derive` must follow.

    Raises:
        Conflict: a face belongs to nobody that day.
    """
    held = _holding(tx, faces, on=on)
    if absent := set(faces) - set(held):
        raise Conflict(f"{on} 有 {len(absent)} 个地块不属于任何单位", way_out="请核对生效日期与地块")
    moves: dict[tuple[UUID, UUID], list[Membership]] = defaultdict(list)
    for face, membership in held.items():
        if membership.division_id != faces[face]:
            moves[membership.division_id, faces[face]].append(membership)
    for (giver, taker), memberships in moves.items():
        _move(tx, memberships, taker, on=on, instrument_id=instrument_id)
        _tell(tx, giver, taker, len(memberships), on=on, instrument_id=instrument_id)
    tx.session.flush()


def _move(tx: Transaction, held: Iterable[Membership], taker: UUID, *, on: date, instrument_id: UUID) -> None:
    """End what holds and begin the taker's; what began the same day has not lasted a day and only changes."""
    new = []
    for old in held:
        assert old.valid is not None
        if old.valid.start == on:
            old.division_id, old.begun_by = taker, instrument_id
            continue
        new.append(
            Membership(
                face_id=old.face_id,
                division_id=taker,
                valid=Period(on, old.valid.end),
                begun_by=instrument_id,
                ended_by=old.ended_by,
            )
        )
        old.valid, old.ended_by = old.valid.ended(on), instrument_id
    tx.session.flush()  # the old period must end before the new one may begin
    tx.session.add_all(new)


def _tell(tx: Transaction, giver: UUID, taker: UUID, count: int, *, on: date, instrument_id: UUID) -> None:
    tx.journal(
        "boundaries.hand_over",
        str(giver),
        instrument_id=instrument_id,
        before={"division": giver},
        after={"division": taker},
        on=on,
        faces=count,
    )


def _held_by(tx: Transaction, division_id: UUID, *, on: date) -> list[Membership]:
    wanted = select(Membership).where(Membership.division_id == division_id, holds_on(Membership.valid, on))
    return list(tx.session.scalars(wanted))


def _holding(tx: Transaction, faces: Iterable[UUID], *, on: date) -> dict[UUID, Membership]:
    wanted = select(Membership).where(Membership.face_id.in_(list(faces)), holds_on(Membership.valid, on))
    return {membership.face_id: membership for membership in tx.session.scalars(wanted)}
