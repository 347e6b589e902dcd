"""Faces by their ids: what area they make up together."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.topology import canonical
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Face


def area_of_faces(session: Session, faces: Iterable[UUID]) -> tuple[MultiPolygon, float]:
    """The union of faces, lon/lat, and their area in square kilometres; at least one must be there."""
    wanted = select(Face.area_km2, Face.geom.ST_AsBinary()).where(Face.id.in_(list(faces)))
    rows = session.execute(wanted.order_by(Face.id)).all()
    return canonical(shapely.coverage_union_all(read_wkb(row[1] for row in rows))), fsum(
        row[0] for row in rows
    )
