"""Cases on the map: their section of the line, else their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.procedures.disputes.schemas import DisputeOut
from gis_service.registers.boundaries.queries import courses_on, lines_by_id
from gis_service.registers.boundaries.rules import Course


def shapes_of(session: Session, told: Sequence[DisputeOut], *, on: date) -> dict[str, BaseGeometry]:
    """The shape of each case by number, lon/lat; those without a place, or withheld, are left out.

    A section is drawn along the line as it runs that day; where it has ended, as it ran when it was found.
    """
    courses = _courses(session, {case.line for case in told if case.from_m is not None}, on=on)
    shapes = {}
    for case in told:
        course = courses.get(case.line) or _as_found(session, case)
        shape = _shape(case, course)
        if shape is not None and not shape.is_empty:
            shapes[case.number] = shape
    return shapes


def _courses(session: Session, lines: set[UUID], *, on: date) -> dict[UUID, Course]:
    return courses_on(session, lines_by_id(session, lines, on=on), on=on)


def _as_found(session: Session, case: DisputeOut) -> Course | None:
    if case.from_m is None:
        return None
    return _courses(session, {case.line}, on=case.found_on).get(case.line)


def _shape(case: DisputeOut, course: Course | None) -> BaseGeometry | None:
    if course is not None and case.from_m is not None and case.to_m is not None:
        return course.between(case.from_m, case.to_m)
    if case.lon is not None and case.lat is not None:
        return Point(case.lon, case.lat)
    return None


def as_geojson_text(shape: BaseGeometry) -> str:
    """A shape as GeoJSON, lon/lat, 7 decimals."""
    return shapely.to_geojson(shapely.transform(shape, lambda xy: np.round(xy, GEOJSON_DECIMALS)))
