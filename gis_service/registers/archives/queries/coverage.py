"""Which images lie along a line on a day, and the stretches that none covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import envelope
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading
from gis_service.foundation.wkb import read_one
from gis_service.registers.archives.models import ArchiveImage
from gis_service.registers.archives.queries.items import Wanted, items_page
from gis_service.registers.archives.queries.telling import ToldItem, told_of
from gis_service.registers.archives.rules import covered, gaps, judge_gaps
from gis_service.registers.boundaries.queries import LineInForce, course_on

Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ImageOnLine:
    """An image and the stretches of the line it covers, chainage in metres."""

    told: ToldItem
    image: ArchiveImage
    stretches: list[Stretch]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What images cover of a line; `length_m` is None where the reader may see it only in part."""

    line: LineInForce
    length_m: float | None
    images: list[ImageOnLine]
    gaps: list[Stretch]
    findings: list[Finding]


def coverage_of(session: Session, line: LineInForce, *, on: date) -> Coverage:
    """The images along a line, those that begin first in front; also those filed under another line."""
    course = course_on(session, line, on=on)
    if course is None:
        return Coverage(line, None, [], [], [])
    note_reading(session, line.classification, line.code)
    found: list[ImageOnLine] = []
    rows = session.execute(_near(*course.geometry.bounds)).all()
    items = {row.ArchiveImage.item_id for row in rows}
    shown = {each.item.id: each for each in told_of(session, items_page(session, Wanted(items=items)))}
    for image, shape in rows:
        stretches = covered(course, read_one(shape))
        if stretches and image.item_id in shown:
            found.append(ImageOnLine(shown[image.item_id], image, stretches))
    found.sort(key=lambda each: (each.stretches[0], each.told.item.number))
    left = gaps(course.length_m, (stretch for each in found for stretch in each.stretches))
    return Coverage(line, course.length_m, found, left, list(judge_gaps(line.name, course, left)))


def _near(west: float, south: float, east: float, north: float) -> Select[ArchiveImage, bytes]:
    box = envelope(west, south, east, north)
    return select(ArchiveImage, ArchiveImage.geom.ST_AsBinary().label("shape")).where(
        func.ST_Intersects(ArchiveImage.geom, box)
    )
