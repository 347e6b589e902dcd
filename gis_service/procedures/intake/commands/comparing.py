"""Drawn lines held against the register: nothing of them is entered, the line is derived from its edges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy.orm import Session

from gis_service.foundation.errors import ServiceError
from gis_service.procedures.intake.rules.surveys import GivenTrace, Notes
from gis_service.procedures.intake.rules.surveys.comparing import Compared
from gis_service.procedures.intake.rules.surveys.table import R_SUR_10, limit
from gis_service.registers.boundaries.queries import LineInForce, courses_on, lines_by_id
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.boundaries.rules import Course, matched
from gis_service.registers.markers.queries.nearest import nearest


def compare_with_register(
    session: Session, traces: Iterable[GivenTrace], notes: Notes, *, on: date
) -> list[Compared]:
    """Each drawn line against the line it names, or else the nearest; the notes name what has none."""
    found = []
    for trace in traces:
        lines = _meant(session, trace, notes, on=on)
        courses = courses_on(session, lines, on=on)
        options = [_compared(trace, line, courses[line.id]) for line in lines if line.id in courses]
        options = [each for each in options if not each.is_guessed or _is_near(each)]
        if options:
            found.append(min(options, key=lambda each: each.match.mean_m))
        elif trace.row not in notes.refused:
            message = "附近没有登记的界线" if not trace.line else f"{trace.line} 在 {on} 没有可示明的走向"
            notes.refuse(R_SUR_10, trace.row, trace.name, message, "请核对日期，或写明界线代码")
    return found


def _is_near(compared: Compared) -> bool:
    return compared.match.mean_m <= limit("line_guess_m")


def _compared(trace: GivenTrace, line: LineInForce, course: Course) -> Compared:
    ends = [end for part in trace.shape.geoms for end in (part.coords[0], part.coords[-1])]
    reached = [course.foot(Point(end[:2])).chainage_m for end in ends]
    return Compared(
        trace.row,
        line.code,
        line.name,
        course.length_m,
        matched(course, trace.shape, limit("line_tolerance_m")),
        min(reached),
        max(reached),
        is_guessed=not trace.line,
    )


def _meant(session: Session, trace: GivenTrace, notes: Notes, *, on: date) -> list[LineInForce]:
    """The line that is named; without a name, those around the middle of what is drawn."""
    if trace.line:
        try:
            return [line_referred_to(session, trace.line, on=on)]
        except ServiceError as error:
            notes.refuse(R_SUR_10, trace.row, trace.name, error.message, error.way_out)
            return []
    middle = trace.shape.geoms[0].interpolate(0.5, normalized=True)
    near: list[UUID] = [each.id for each in nearest(session, middle.x, middle.y, on=on).lines]
    return lines_by_id(session, near, on=on)
