"""Which lowest-level units hold points on a day. A point on a border lies in all units it touches.

Polygons are tested here and not in the database: PostGIS reads a polygon of the size of a county anew for
every point. What is read is what stands at this moment; nothing is kept for the next question.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import read_rows
from gis_service.foundation.wkb import Geometries

Point = tuple[float, float]  # lon, lat
FEW = 200  # points whose boxes are looked up one by one; of more, all areas around them are read

# Behind the walls only the operators && and @> may use an index, so the day and the box are asked by them.
_AREAS = "SELECT e.division_id, ST_AsBinary(e.geom) FROM"
_STANDING = """
e.valid @> %(on)s AND EXISTS (
    SELECT FROM membership m WHERE m.division_id = e.division_id AND m.valid @> %(on)s
)"""
_AT_POINTS = f"""
{_AREAS} (
    SELECT DISTINCT near.id FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) AS p(lon, lat), LATERAL (
        SELECT e.id FROM extent e
        WHERE e.geom && ST_SetSRID(ST_MakePoint(p.lon, p.lat), {STORAGE_SRID}) AND e.valid @> %(on)s OFFSET 0
    ) near
) met JOIN extent e ON e.id = met.id WHERE {_STANDING}"""
_IN_BOX = f"""
{_AREAS} extent e
WHERE e.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {STORAGE_SRID}) AND {_STANDING}"""


def locate(session: Session, points: Sequence[Point], *, on: date) -> list[tuple[UUID, ...]]:
    """For each point (lon, lat) the lowest-level units it lies in or on the border of, on a day."""
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    units, shapes = _areas_around(session, xy, on=on)
    found: list[list[UUID]] = [[] for _ in points]
    for point, unit in zip(*_held(xy, shapes), strict=True):
        found[point].append(units[unit])
    return [tuple(holders) for holders in found]


def _areas_around(
    session: Session, xy: npt.NDArray[np.float64], *, on: date
) -> tuple[list[UUID], Geometries]:
    if len(xy) <= FEW:
        asked = {"lons": xy[:, 0].tolist(), "lats": xy[:, 1].tolist(), "on": on}
        rows = list(read_rows(session, _AT_POINTS, asked))
    else:
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        box = {"west": west, "south": south, "east": east, "north": north, "on": on}
        rows = list(read_rows(session, _IN_BOX, box))
    return [UUID(bytes=row[0]) for row in rows], np.asarray(
        shapely.from_wkb([row[1] for row in rows]), dtype=object
    )


def _held(xy: npt.NDArray[np.float64], shapes: Geometries) -> tuple[list[int], list[int]]:
    """Pairs of the indexes of a point and of an area it lies in, by point."""
    point, area = shapely.STRtree(shapes).query(np.asarray(shapely.points(xy), dtype=object))
    shapely.prepare(shapes[np.unique(area)])
    holds = shapely.intersects_xy(shapes[area], xy[point, 0], xy[point, 1])
    order = np.argsort(point[holds], kind="stable")
    return point[holds][order].tolist(), area[holds][order].tolist()
