"""The pieces of border around what a change touched, with the lines along them on the eve and on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import any_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.procedures.settlements.rules import Piece, Runs
from gis_service.registers.boundaries.models import BoundaryLine, Edge, Membership
from gis_service.registers.boundaries.queries import LineInForce, with_all_below
from gis_service.registers.boundaries.queries.sides import lines_between
from gis_service.registers.divisions.events import DivisionsChanged
from gis_service.registers.divisions.rules import DivisionLevel

_IDS = ARRAY(PG_UUID(as_uuid=True))


def pieces_around(session: Session, event: DivisionsChanged) -> list[Piece]:
    """Every piece of border that may be part of another line than on the eve."""
    eve = event.on - timedelta(days=1)
    faces = _faces(session, event)
    sides = or_(Edge.left_face_id == any_(cast(faces, _IDS)), Edge.right_face_id == any_(cast(faces, _IDS)))
    wanted = (
        select(Edge.left_face_id, Edge.right_face_id, func.sum(Edge.length_m))
        .where(sides, Edge.right_face_id.is_not(None))
        .group_by(Edge.left_face_id, Edge.right_face_id)
    )
    rows = session.execute(wanted).all()
    pairs = [(row[0], row[1]) for row in rows]
    before, after = (lines_between(session, pairs, on=day) for day in (eve, event.on))
    return [
        Piece(row[2] / 1000.0, _runs(before.get(pair)), _runs(after.get(pair)))
        for pair, row in zip(pairs, rows, strict=True)
    ]


def _faces(session: Session, event: DivisionsChanged) -> list[UUID]:
    """What changed hands, and what lies in units that began or hang elsewhere."""
    units = with_all_below(session, {*event.begun, *event.revised}, on=event.on)
    handed = (Membership.begun_by == event.instrument_id) & (func.lower(Membership.valid) == event.on)
    wanted = select(Membership.face_id).where(
        holds_on(Membership.valid, event.on),
        or_(handed, Membership.division_id == any_(cast(list(units), _IDS))),
    )
    return list(session.scalars(wanted))


def _runs(line: LineInForce | None) -> Runs | None:
    return None if line is None else Runs(line.id, DivisionLevel(line.level).rank)


def lines_ended_by(session: Session, instrument: UUID, *, on: date) -> list[UUID]:
    """The lines that an act ended on a day."""
    wanted = select(BoundaryLine.id).where(
        BoundaryLine.ended_by == instrument, func.upper(BoundaryLine.valid) == on
    )
    return list(session.scalars(wanted))


def lines_there(session: Session, lines: Iterable[UUID]) -> set[UUID]:
    """Which of these lines are in the register, on whatever day."""
    return set(session.scalars(select(BoundaryLine.id).where(BoundaryLine.id.in_(list(lines)))))
