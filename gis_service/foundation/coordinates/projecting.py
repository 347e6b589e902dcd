"""From longitude and latitude to plane coordinates of a zone and back; grid north and true north; scale.

Points are lon/lat degrees, planes (X northing, Y easting without prefix) in metres. True azimuth is grid
azimuth plus convergence; the bend of a sight on the plane (t - T), below a second at the distances of bearing
objects, is left out.
"""

from __future__ import annotations

import math
from functools import cache

from pyproj import Proj

from gis_service.foundation.coordinates.systems import System
from gis_service.foundation.coordinates.zones import FALSE_EASTING_M, Zone

Pair = tuple[float, float]


@cache
def _projection(system: System, meridian: float) -> Proj:
    return Proj(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=0 +y_0=0 {system.ellipsoid.words}")


def project(point: Pair, zone: Zone, system: System = System.cgcs2000) -> Pair:
    """Northing and easting of a point in a zone, the easting without prefix."""
    east, north = _projection(system, zone.central_meridian)(*point)
    return float(north), float(east) + FALSE_EASTING_M


def unproject(plane: Pair, zone: Zone, system: System = System.cgcs2000) -> Pair:
    """The point at a northing and an easting without prefix; no change of system."""
    lon, lat = _projection(system, zone.central_meridian)(plane[1] - FALSE_EASTING_M, plane[0], inverse=True)
    return float(lon), float(lat)


def convergence_deg(point: Pair, zone: Zone, system: System = System.cgcs2000) -> float:
    """Degrees from true north to grid north, clockwise positive: positive east of the central meridian."""
    return convergence_at(point, zone.central_meridian, system)


def convergence_at(point: Pair, meridian: float, system: System = System.cgcs2000) -> float:
    """The same in a projection on any central meridian, in degrees of longitude."""
    return float(_projection(system, meridian).get_factors(*point).meridian_convergence)


def point_scale(point: Pair, zone: Zone, system: System = System.cgcs2000) -> float:
    """How much longer a short distance is on the plane than on the ellipsoid."""
    return float(_projection(system, zone.central_meridian).get_factors(*point).meridional_scale)


def true_azimuth(grid_deg: float, point: Pair, zone: Zone) -> float:
    """A grid azimuth counted from true north, in [0, 360)."""
    return (grid_deg + convergence_deg(point, zone)) % 360.0


def grid_azimuth(true_deg: float, point: Pair, zone: Zone) -> float:
    """A true azimuth counted from grid north, in [0, 360)."""
    return (true_deg - convergence_deg(point, zone)) % 360.0


def grid_polar(one: Pair, other: Pair) -> Pair:
    """Grid azimuth in [0, 360) and distance between two planes (X, Y)."""
    north, east = other[0] - one[0], other[1] - one[1]
    return math.degrees(math.atan2(east, north)) % 360.0, math.hypot(north, east)


def grid_offset(one: Pair, azimuth_deg: float, distance_m: float) -> Pair:
    """The plane (X, Y) at a grid azimuth and distance."""
    turn = math.radians(azimuth_deg)
    return one[0] + distance_m * math.cos(turn), one[1] + distance_m * math.sin(turn)


def line_scale(one: Pair, other: Pair, zone: Zone) -> float:
    """The scale of a line between two points, by Simpson's rule."""
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    ends = point_scale(one, zone) + point_scale(other, zone)
    return (ends + 4 * point_scale(middle, zone)) / 6


def ellipsoid_distance(one: Pair, other: Pair, zone: Zone) -> float:
    """The distance on the ellipsoid between two planes (X, Y) of a zone."""
    points = unproject(one, zone), unproject(other, zone)
    return grid_polar(one, other)[1] / line_scale(*points, zone)
