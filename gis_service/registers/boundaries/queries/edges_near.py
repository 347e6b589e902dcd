"""The edges nearest to a place, by the index, and the foot of the place on each.

Feet are dropped here and not in the database: PostGIS reads an edge with all its vertices anew for every
place. What stands nearest and may be seen is asked every time; shapes are kept in memory, as those of areas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from struct import unpack
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import read_rows
from gis_service.registers.boundaries.queries.kept_areas import KeptAreas, shapes_of

_kept = KeptAreas(room=128_000_000)

_VERSION = "uuid_send(e.id) || xidsend(e.xmin) || tidsend(e.ctid) || float8send(e.length_m)"
_POINT = f"ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), {STORAGE_SRID})"
# Rows that the index puts in order lose their place (ctid) on the way, so they are looked up once more.
_NEAR = f"""
WITH near AS MATERIALIZED (
    SELECT e.id, e.geom <-> {_POINT} AS degrees FROM edge e ORDER BY e.geom <-> {_POINT} LIMIT %(many)s
)
SELECT {_VERSION}, float8send(near.degrees), e.left_face_id, e.right_face_id
FROM near JOIN edge e ON e.id = near.id"""
_SHAPES = f"SELECT {_VERSION}, ST_AsBinary(e.geom) FROM edge e WHERE e.id = ANY(%(ids)s::uuid[])"


@dataclass(frozen=True, slots=True)
class EdgeNear:
    """An edge near a place: how far in degrees, the faces on its left and right, and the foot (lon, lat).

    The foot is the nearest point with degrees of longitude as long as those of latitude are on the ground.
    """

    degrees: float
    faces: tuple[UUID, UUID | None]
    foot: tuple[float, float]


def edges_near(session: Session, lon: float, lat: float, *, many: int) -> list[EdgeNear]:
    """The edges nearest to a place in degrees, the nearest first."""
    rows = list(read_rows(session, _NEAR, {"lon": lon, "lat": lat, "many": many}))
    shapes = shapes_of(session, _kept, [row[0] or b"" for row in rows], _SHAPES)
    met = [row for row in rows if row[0] in shapes]
    feet = _feet([shapes[row[0] or b""] for row in met], lon, lat)
    return sorted((_edge(row, foot) for row, foot in zip(met, feet, strict=True)), key=_degrees)


def _edge(row: list[bytes | None], foot: tuple[float, float]) -> EdgeNear:
    _, degrees, left, right = row
    assert degrees is not None
    assert left is not None
    faces = (UUID(bytes=left), UUID(bytes=right) if right else None)
    return EdgeNear(unpack(">d", degrees)[0], faces, foot)


def _degrees(edge: EdgeNear) -> float:
    return edge.degrees


def _feet(shapes: list[shapely.LineString], lon: float, lat: float) -> list[tuple[float, float]]:
    narrow = max(math.cos(math.radians(lat)), 1e-6)
    on_ground = shapely.transform(shapes, lambda xy: xy * (narrow, 1.0))
    drops = shapely.shortest_line(on_ground, shapely.Point(lon * narrow, lat))
    feet = shapely.get_coordinates(drops)[::2] / (narrow, 1.0)
    return [(float(x), float(y)) for x, y in np.asarray(feet)]
