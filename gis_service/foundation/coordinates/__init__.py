"""Coordinates of surveys: angles, zones, systems, local parameters, sheet numbers. PROJ does the sums."""

from gis_service.foundation.coordinates.angles import Angle, Axis, format_dms, read_angle
from gis_service.foundation.coordinates.plane_pairs import PairFault, PairRefused, PlanePair, read_pair
from gis_service.foundation.coordinates.projecting import (
    convergence_at,
    convergence_deg,
    ellipsoid_distance,
    grid_azimuth,
    grid_offset,
    grid_polar,
    point_scale,
    project,
    true_azimuth,
    unproject,
)
from gis_service.foundation.coordinates.sheet_numbers import (
    SheetFrame,
    sheet_at,
    sheet_numbered,
    sheet_scale,
    sheet_scales,
)
from gis_service.foundation.coordinates.systems import (
    HeightSystem,
    System,
    read_height_system,
    read_system,
)
from gis_service.foundation.coordinates.transforms import (
    Bursa,
    Similarity,
    Transform,
    place,
    read_transform,
)
from gis_service.foundation.coordinates.zones import (
    Zone,
    zone_of_epsg,
    zone_of_meridian,
    zone_of_prefix,
    zones_holding,
)

__all__ = [
    "Angle",
    "Axis",
    "Bursa",
    "HeightSystem",
    "PairFault",
    "PairRefused",
    "PlanePair",
    "SheetFrame",
    "Similarity",
    "System",
    "Transform",
    "Zone",
    "convergence_at",
    "convergence_deg",
    "ellipsoid_distance",
    "format_dms",
    "grid_azimuth",
    "grid_offset",
    "grid_polar",
    "place",
    "point_scale",
    "project",
    "read_angle",
    "read_height_system",
    "read_pair",
    "read_system",
    "read_transform",
    "sheet_at",
    "sheet_numbered",
    "sheet_scale",
    "sheet_scales",
    "true_azimuth",
    "unproject",
    "zone_of_epsg",
    "zone_of_meridian",
    "zone_of_prefix",
    "zones_holding",
]
