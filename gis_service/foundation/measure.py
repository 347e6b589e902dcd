"""Areas and lengths on the CGCS2000 ellipsoid, never planar on degrees (wrong by up to a third here)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import ELLIPSOID

Floats = npt.NDArray[np.float64]

_GEOD = Geod(ellps=ELLIPSOID)
SQUARE_METRES_PER_KM2 = 1_000_000.0


def area_km2(geometry: BaseGeometry) -> float:
    """Area of a lon/lat polygon or multipolygon in square kilometres, holes taken off."""
    return areas_km2([geometry])[0]


def areas_km2(geometries: Iterable[BaseGeometry]) -> list[float]:
    """Areas of many lon/lat polygons or multipolygons in square kilometres, holes taken off."""
    shapes = np.asarray(list(geometries), dtype=object)
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    signed_m2 = [_GEOD.polygon_area_perimeter(*_lon_lat(ring))[0] for ring in rings]
    totals = np.bincount(shape_of_part[part_of_ring], weights=signed_m2, minlength=len(shapes))
    return [abs(float(total)) / SQUARE_METRES_PER_KM2 for total in totals]


def _lon_lat(ring: BaseGeometry) -> tuple[Floats, Floats]:
    xy = shapely.get_coordinates(ring)
    return np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])


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


def distances_m(one: Floats, other: Floats) -> Floats:
    """Geodesic distances in metres between the lon/lat points (n, 2) of two arrays, row by row."""
    return np.asarray(_GEOD.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])[2])


def azimuth_deg(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Azimuth at the first of two lon/lat points, degrees clockwise from true north, in [0, 360)."""
    return float(_GEOD.inv(lon1, lat1, lon2, lat2)[0]) % 360.0
