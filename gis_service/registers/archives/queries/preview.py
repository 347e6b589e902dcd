"""A window of an image with lines of the register drawn over it, as they ran on a day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import shapely
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.registers.archives.rules import window
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries import courses_on
from gis_service.registers.boundaries.rules import Course

Bounds = tuple[float, float, float, float]

_BACKGROUND, _LINE, _HALO = (255, 255, 255, 255), (214, 0, 0, 255), (255, 255, 255, 200)


def around(lon: float, lat: float, metres: float) -> Bounds:
    """West, south, east, north of a square around a place, `metres` from side to side."""
    up = metres / 2 / METRES_PER_DEGREE
    aside = up / max(math.cos(math.radians(lat)), 0.01)
    return lon - aside, lat - up, lon + aside, lat + up


def draw_preview(
    session: Session, path: Path, bounds: Bounds, lines: Sequence[BoundaryLine], *, size: int, on: date
) -> bytes:
    """A PNG of `size` pixels square.

    Raises:
        InvalidInput: the file is no image that lies on the ground.
    """
    seen = window(path, bounds, (size, size))
    sheet = Image.alpha_composite(Image.new("RGBA", seen.size, _BACKGROUND), seen)
    standing = [line for line in lines if on in line.valid]
    _draw(sheet, courses_on(session, standing, on=on).values(), bounds)
    stream = BytesIO()
    sheet.convert("RGB").save(stream, "PNG")
    return stream.getvalue()


def _draw(sheet: Image.Image, courses: Iterable[Course], bounds: Bounds) -> None:
    west, south, east, north = bounds
    across, down = sheet.width / (east - west), sheet.height / (north - south)
    pen = ImageDraw.Draw(sheet)
    for course in courses:
        for part in shapely.get_parts(shapely.intersection(course.geometry, shapely.box(*bounds))):
            xy = [((x - west) * across, (north - y) * down) for x, y in shapely.get_coordinates(part)]
            if len(xy) > 1:
                pen.line(xy, fill=_HALO, width=5)
                pen.line(xy, fill=_LINE, width=2)
