"""Which lowest-level units hold points on a day. A point on a border lies in all units it touches.

Polygons are tested here and not in the database: PostGIS reads a polygon of the size of a county anew for
every point. What stands on the day and may be seen is asked anew every time; shapes are kept in memory.
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
from gis_service.registers.boundaries.queries.kept_areas import KeptAreas, Shapes, Version, indexed, shapes_of

Point = tuple[float, float]  # lon, lat
Indexes = npt.NDArray[np.intp]
FEW = 200  # points whose boxes are looked up one by one; of more, all areas around them are read
MANY = 36  # points near one area from which on an index of it is made sooner than all its segments are read

_kept = KeptAreas()

# A row is written at one place (ctid) by one transaction (xmin) once. The area tells rows of a database from
# those of a copy of it, in which both may come to be the same.
_VERSION = "uuid_send(e.id) || xidsend(e.xmin) || tidsend(e.ctid) || float8send(e.area_km2)"
# Behind the walls only the operators && and @> may use an index, so the day and the box are asked by them.
_UNITS = f"SELECT {_VERSION}, e.division_id FROM"
_STANDING = """
e.valid @> %(on)s AND EXISTS (
    SELECT FROM membership m WHERE m.division_id = e.division_id AND m.valid @> %(on)s
)"""
_AT_POINTS = f"""
{_UNITS} (
    SELECT DISTINCT near.id FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) AS p(lon, lat), LATERAL (
        SELECT e.id FROM extent e
        WHERE e.geom && ST_SetSRID(ST_MakePoint(p.lon, p.lat), {STORAGE_SRID}) AND e.valid @> %(on)s OFFSET 0
    ) near
) met JOIN extent e ON e.id = met.id WHERE {_STANDING}"""
_IN_BOX = f"""
{_UNITS} extent e
WHERE e.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {STORAGE_SRID}) AND {_STANDING}"""
_SHAPES = f"SELECT {_VERSION}, ST_AsBinary(e.geom) FROM extent e WHERE e.id = ANY(%(ids)s::uuid[])"


def locate(session: Session, points: Sequence[Point], *, on: date) -> list[tuple[UUID, ...]]:
    """For each point (lon, lat) the lowest-level units it lies in or on the border of, on a day."""
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    standing = _standing_around(session, xy, on=on)
    shapes = shapes_of(session, _kept, standing, _SHAPES)
    units = [standing[version] for version in shapes]
    found: list[list[UUID]] = [[] for _ in points]
    for point, unit in zip(*_held(xy, shapes), strict=True):
        found[point].append(units[unit])
    return [tuple(holders) for holders in found]


def _standing_around(session: Session, xy: npt.NDArray[np.float64], *, on: date) -> dict[Version, UUID]:
    """Units with an area that day in a box around some of the points, by the version of their area."""
    if len(xy) <= FEW:
        asked = {"lons": xy[:, 0].tolist(), "lats": xy[:, 1].tolist(), "on": on}
        rows = read_rows(session, _AT_POINTS, asked)
    else:
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        box = {"west": west, "south": south, "east": east, "north": north, "on": on}
        rows = read_rows(session, _IN_BOX, box)
    return {version: UUID(bytes=unit) for version, unit in rows if version and unit}


def _held(xy: npt.NDArray[np.float64], shapes: Shapes) -> tuple[list[int], list[int]]:
    """Pairs of the indexes of a point and of an area it lies in, by point."""
    areas = np.asarray(list(shapes.values()), dtype=object)
    point, area = shapely.STRtree(areas).query(np.asarray(shapely.points(xy), dtype=object))
    _index(shapes, areas, area)
    holds = shapely.intersects_xy(areas[area], xy[point, 0], xy[point, 1])
    order = np.argsort(point[holds], kind="stable")
    return point[holds][order].tolist(), area[holds][order].tolist()


def _index(shapes: Shapes, areas: Geometries, asked: Indexes) -> None:
    """Give those areas an index that are asked for many points, and keep them so."""
    often = np.bincount(asked, minlength=len(areas)) >= MANY
    versions = list(shapes)
    made = {}
    for at in np.flatnonzero(often & ~shapely.is_prepared(areas)):
        areas[at] = made[versions[at]] = indexed(areas[at])
    _kept.keep(made)
