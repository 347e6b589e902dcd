"""The edition of a line before the one of a day: how it ran when last another set of edges made it up.

Where its two sides did not border each other before, since one of them is new, other lines ran there: those
between the units that held the ground of both sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shapely.geometry import MultiLineString
from sqlalchemy import any_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.boundaries.queries.along import edges_along, faces_under, sides_of
from gis_service.registers.boundaries.queries.chains import chains_within
from gis_service.registers.boundaries.queries.courses import courses_along
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_in_force
from gis_service.registers.boundaries.rules import Course

_ONE_DAY = timedelta(days=1)
_IDS = ARRAY(PG_UUID(as_uuid=True))


@dataclass(frozen=True, slots=True)
class FormerEdition:
    """How a line ran on an earlier day; `lines` are the others that ran there, none where it did itself.

    `geometry` is None where neither did; `length_m` is on the ellipsoid.
    """

    since: date
    geometry: MultiLineString | None
    length_m: float
    lines: tuple[LineInForce, ...] = ()


def former_edition(
    session: Session, line: LineInForce, edges: Set[UUID], *, on: date, since: date | None = None
) -> FormerEdition | None:
    """The edition before that of a day, on which `edges` make up the line; None where there was none.

    `since` asks for the edition of that day instead.
    """
    day = since or _last_day_of_another(session, line, edges, on=on)
    if day is None:
        return None
    along = edges_along(session, sides_of([line]), on=day)
    own = courses_along(session, along, on=day).get(line.id)
    if own is not None:
        return FormerEdition(day, own.geometry, own.length_m)
    former = _of_other_lines(session, line, edges, on=on, since=day)
    return former if former.lines or since else None


def _last_day_of_another(session: Session, line: LineInForce, edges: Set[UUID], *, on: date) -> date | None:
    """The last day before `on` when other edges, or none, lay between the two sides."""
    for day in _days_of_change(session, line, on=on):
        before = {edge.id for edge in edges_along(session, sides_of([line]), on=day - _ONE_DAY)}
        if before != edges:
            return day - _ONE_DAY
    return None


def _days_of_change(session: Session, line: LineInForce, *, on: date) -> list[date]:
    """Days up to `on` when faces of either side changed hands, the latest first."""
    under = faces_under(session, (line.first_id, line.second_id), on=on)
    faces = cast([face for some in under.values() for face in some], _IDS)
    units = cast(list(under), _IDS)
    day = func.lower(Membership.valid)
    touched = or_(Membership.face_id == any_(faces), Membership.division_id == any_(units))
    wanted = select(day).where(touched, day <= on).distinct().order_by(day.desc())
    return [each for each in session.scalars(wanted) if each is not None]


def _of_other_lines(
    session: Session, line: LineInForce, edges: Set[UUID], *, on: date, since: date
) -> FormerEdition:
    lines = _between_holders(session, line, on=on, since=since)
    along = edges_along(session, sides_of(lines), on=since)
    here = [each for each in lines if edges & {edge.id for edge in along.of(each.id)}] or lines
    courses = courses_along(session, along, on=since)
    ran = tuple(each for each in here if each.id in courses)
    note_readings(session, ((each.classification, each.code) for each in ran))
    found = [courses[each.id] for each in ran]
    return FormerEdition(since, _joined(found), sum(course.length_m for course in found), ran)


def _joined(courses: Iterable[Course]) -> MultiLineString | None:
    parts = [part for course in courses for part in course.parts]
    return MultiLineString(parts) if parts else None


def _between_holders(session: Session, line: LineInForce, *, on: date, since: date) -> list[LineInForce]:
    """The lines of an earlier day between units that held ground of the one side and ground of the other."""
    under = faces_under(session, (line.first_id, line.second_id), on=on)
    one, other = (_holders(session, under[side], on=since) for side in (line.first_id, line.second_id))
    return [
        each
        for each in lines_in_force(session, on=since, sides=one | other, told=True)
        if (each.first_id in one and each.second_id in other)
        or (each.first_id in other and each.second_id in one)
    ]


def _holders(session: Session, faces: Collection[UUID], *, on: date) -> set[UUID]:
    """The units of every level that held some of these faces on a day."""
    held = select(Membership.division_id).where(
        Membership.face_id == any_(cast(list(faces), _IDS)), holds_on(Membership.valid, on)
    )
    chains = chains_within(session, session.scalars(held.distinct()), on=on)
    return {unit.id for chain in chains.values() for unit in chain}
