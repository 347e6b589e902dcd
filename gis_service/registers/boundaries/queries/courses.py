"""Lines walked in the direction of their numbering, and what is on record of them, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Edge, LineRecord, Runs
from gis_service.registers.boundaries.queries.along import Along, edges_along, sides_of
from gis_service.registers.boundaries.queries.standing import AnyLine
from gis_service.registers.boundaries.rules.courses import Course, course_of

_IDS = ARRAY(PG_UUID(as_uuid=True))


def records_on(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, LineRecord]:
    """What is on record of lines on a day, by the id of the line; lines without a record are left out."""
    wanted = select(LineRecord).where(LineRecord.line_id.in_(set(lines)), holds_on(LineRecord.valid, on))
    return {record.line_id: record for record in session.scalars(wanted)}


def course_on(session: Session, line: AnyLine, *, on: date) -> Course | None:
    """A line in its direction on a day; None where it has no edges, or the reader may see it only in part."""
    return courses_on(session, [line], on=on).get(line.id)


def courses_on(session: Session, lines: Iterable[AnyLine], *, on: date) -> dict[UUID, Course]:
    """Lines in their direction on a day, by id; those without edges, or withheld in part, are left out."""
    lines = list(lines)
    return courses_along(session, edges_along(session, sides_of(lines), on=on), on=on)


def courses_along(session: Session, along: Along, *, on: date) -> dict[UUID, Course]:
    """The same, of edges already read."""
    shapes = _shapes(session, {edge.id for edge in along})
    records = records_on(session, along.edges, on=on)
    return {
        line: course_of((shapes[edge.id] for edge in edges), eastward=eastward_of(records.get(line)))
        for line, edges in along.edges.items()
        if edges
    }


def eastward_of(record: LineRecord | None) -> bool | None:
    """The direction on record; None lets the line itself decide."""
    return None if record is None or record.runs is None else record.runs == Runs.eastward


def _shapes(session: Session, edges: Iterable[UUID]) -> dict[UUID, BaseGeometry]:
    wanted = select(Edge.id, Edge.geom.ST_AsBinary()).where(Edge.id == any_(cast(list(edges), _IDS)))
    rows = session.execute(wanted).all()
    return dict(zip((row[0] for row in rows), read_wkb(row[1] for row in rows), strict=True))
