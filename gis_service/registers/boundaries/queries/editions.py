"""The edition of a line before the one of a day: how it ran when last another set of edges made it up."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import any_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.registers.boundaries.models import Membership
from gis_service.registers.boundaries.queries.along import edges_along, faces_under, sides_of
from gis_service.registers.boundaries.queries.courses import courses_along
from gis_service.registers.boundaries.queries.standing import LineInForce
from gis_service.registers.boundaries.rules import Course

_ONE_DAY = timedelta(days=1)


def course_before(session: Session, line: LineInForce, *, since: date) -> Course | None:
    """How the border between the two sides of a line ran on an earlier day, if both had one then."""
    return courses_along(session, edges_along(session, sides_of([line]), on=since), on=since).get(line.id)


def last_day_of_former_edition(session: Session, line: LineInForce, *, on: date) -> date | None:
    """The last day before `on` when other edges made up the line; None where there was no other edition."""
    edges = _edges(session, line, on=on)
    for day in _days_of_change(session, line, on=on):
        before = _edges(session, line, on=day - _ONE_DAY)
        if before and before != edges:
            return day - _ONE_DAY
        if not before:
            return None
    return None


def _edges(session: Session, line: LineInForce, *, on: date) -> set[object]:
    return {edge.id for edge in edges_along(session, sides_of([line]), on=on).of(line.id)}


def _days_of_change(session: Session, line: LineInForce, *, on: date) -> list[date]:
    """Days up to `on` when faces of either side changed hands, the latest first."""
    under = faces_under(session, (line.first_id, line.second_id), on=on)
    faces = cast([face for some in under.values() for face in some], ARRAY(PG_UUID(as_uuid=True)))
    units = cast(list(under), ARRAY(PG_UUID(as_uuid=True)))
    day = func.lower(Membership.valid)
    touched = or_(Membership.face_id == any_(faces), Membership.division_id == any_(units))
    wanted = select(day).where(touched, day <= on).distinct().order_by(day.desc())
    return [each for each in session.scalars(wanted) if each is not None]
