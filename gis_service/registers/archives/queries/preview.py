"""A window of an image with lines of the register drawn over it, as they ran on a day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import shapely
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.foundation.wkb import read_one
from gis_service.registers.archives.models import ArchiveFile, ArchiveImage, ArchiveItem
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


def newest_image(session: Session, item: ArchiveItem) -> tuple[str, Bounds]:
    """The digest of the image of an item that was filed last, and the square that it lies in.

    Raises:
        NotFound: none of its files lies on the ground.
    """
    wanted = (
        select(ArchiveFile.sha256, func.ST_AsEWKB(ArchiveImage.geom))
        .join(ArchiveFile, ArchiveFile.sha256 == ArchiveImage.sha256)
        .where(ArchiveImage.item_id == item.id, ArchiveFile.item_id == item.id)
        .order_by(ArchiveFile.ordinal.desc())
    )
    found = session.execute(wanted.limit(1)).first()
    if found is None:
        raise NotFound(
            f"档案 {item.number} 没有影像", way_out="扫描图请先校正（archives georeference），或取回文件"
        )
    west, south, east, north = read_one(found[1]).bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    aside = (east - west) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return found[0], around(lon, lat, max(aside, (north - south) * METRES_PER_DEGREE))


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
