"""Open slits between neighbours, closed before cleaning: cleaning itself only fills what is enclosed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.procedures.intake.rules.borders import Stretch
from gis_service.procedures.intake.rules.faults import Geometries
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit

_TOUCH_DEGREES = 1e-8


def closed(claims: Geometries, slits: Sequence[Stretch]) -> Geometries:
    """The same claims, the ground in each slit added to the neighbour with the longer border along it."""
    filled = claims.copy()
    for slit in slits:
        neighbours = list(slit.claimants)
        for piece in _ground_of(filled, slit):
            along = shapely.area(shapely.intersection(filled[neighbours], piece.buffer(_TOUCH_DEGREES)))
            owner = neighbours[int(np.argmax(along))]
            filled[owner] = shapely.union(filled[owner], piece)
    return filled


def _ground_of(claims: Geometries, slit: Stretch) -> list[BaseGeometry]:
    """What lies between: the claims swollen and shrunk again, less the claims, where it touches two."""
    width = limit("coverage", "blocking_inlet_m") / METRES_PER_DEGREE
    window = shapely.box(*shapely.bounds(slit.lines)).buffer(4 * width)
    near = shapely.union_all(shapely.intersection(claims[list(slit.claimants)], window))
    swollen = shapely.buffer(near, width, join_style="mitre")
    between = shapely.difference(shapely.buffer(swollen, -width, join_style="mitre"), near)
    others = np.flatnonzero(shapely.intersects(claims, window))
    between = shapely.difference(between, shapely.union_all(claims[others]))
    return [piece for piece in shapely.get_parts(between) if _parts_neighbours(claims, slit, piece)]


def _parts_neighbours(claims: Geometries, slit: Stretch, piece: BaseGeometry) -> bool:
    touching = shapely.dwithin(claims[list(slit.claimants)], piece, _TOUCH_DEGREES)
    return piece.geom_type == "Polygon" and int(np.count_nonzero(touching)) > 1
