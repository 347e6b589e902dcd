"""New vertices on borders, given to everything that runs along them in every place it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import bindparam, func, or_, select, update

from gis_service.foundation.database import envelope, table_of
from gis_service.foundation.measure import areas_km2
from gis_service.foundation.noding import Insertions, with_vertices
from gis_service.foundation.topology import points_of
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_wkb, write_ewkb
from gis_service.registers.boundaries.models import Extent, Face

Pieces = dict[UUID, BaseGeometry]
_ABOUT_A_METRE = 1e-5  # degrees


def boxes_around(inserted: Insertions) -> Iterator[Any]:
    """Boxes as SQL around segments that get new vertices."""
    for segment in inserted:
        west, south, east, north = LineString(points_of(np.array(segment))).bounds
        yield envelope(
            west - _ABOUT_A_METRE, south - _ABOUT_A_METRE, east + _ABOUT_A_METRE, north + _ABOUT_A_METRE
        )


def grow_faces(tx: Transaction, around: Iterable[UUID], inserted: Insertions) -> None:
    """Give faces that are not cut the new vertices on their borders."""
    wanted = select(Face.id, Face.geom.ST_AsBinary()).where(Face.id.in_(list(around)))
    rows = tx.session.execute(wanted).all() if inserted else []
    grown = _grown(rows, inserted)
    update_areas(tx, Face, grown)


def grow_extents(tx: Transaction, inserted: Insertions) -> None:
    """The same for the kept areas of units of every level, of all days."""
    if not inserted:
        return
    wanted = select(Extent.id, Extent.geom.ST_AsBinary()).where(
        or_(*(Extent.geom.intersects(box) for box in boxes_around(inserted)))
    )
    update_areas(tx, Extent, _grown(tx.session.execute(wanted).all(), inserted))


def _grown(rows: Sequence[Any], inserted: Insertions) -> Pieces:
    shapes = zip((row[0] for row in rows), read_wkb(row[1] for row in rows), strict=True)
    return {key: grown for key, shape in shapes if (grown := with_vertices(shape, inserted)) is not shape}


def update_areas(
    tx: Transaction, model: type[Face] | type[Extent], shapes: Mapping[UUID, BaseGeometry]
) -> None:
    """Store areas anew, with their square kilometres."""
    if not shapes:
        return
    statement = (
        update(table_of(model))
        .where(model.__table__.c.id == bindparam("key"))
        .values(geom=func.ST_GeomFromEWKB(bindparam("ewkb")), area_km2=bindparam("km2"))
    )
    rows = zip(shapes, write_ewkb(list(shapes.values())), areas_km2(shapes.values()), strict=True)
    tx.session.connection().execute(
        statement, [{"key": key, "ewkb": bytes.fromhex(ewkb), "km2": km2} for key, ewkb, km2 in rows]
    )
