"""Areas and lengths on the CGCS2000 ellipsoid, never planar on degrees (wrong by up to a third here)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import ELLIPSOID

_GEOD = Geod(ellps=ELLIPSOID)
SQUARE_METRES_PER_KM2 = 1_000_000.0


def area_km2(geometry: BaseGeometry) -> float:
    """Area of a lon/lat polygon or multipolygon in square kilometres, holes taken off."""
    if geometry.is_empty:
        return 0.0
    oriented = shapely.orient_polygons(geometry)  # so that holes count with the opposite sign
    return abs(_GEOD.geometry_area_perimeter(oriented)[0]) / SQUARE_METRES_PER_KM2


def areas_km2(geometries: Iterable[BaseGeometry]) -> list[float]:
    """Areas of many lon/lat polygons in square kilometres."""
    return [area_km2(geometry) for geometry in geometries]


def length_km(geometry: BaseGeometry) -> float:
    """Geodesic length of a lon/lat line in kilometres (of a polygon: its perimeter)."""
    return float(_GEOD.geometry_length(geometry)) / 1000.0


def lengths_m(lines: Iterable[BaseGeometry]) -> list[float]:
    """Geodesic length of many lon/lat lines in metres, one vectorised call."""
    array = np.asarray(list(lines), dtype=object)
    if not len(array):
        return []
    xy, owner = shapely.get_coordinates(array, return_index=True)
    same_line = owner[1:] == owner[:-1]
    _, _, steps = _GEOD.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    totals = np.bincount(owner[1:][same_line], weights=np.asarray(steps)[same_line], minlength=len(array))
    return [float(total) for total in totals]


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance between two lon/lat points in metres."""
    return float(_GEOD.inv(lon1, lat1, lon2, lat2)[2])
