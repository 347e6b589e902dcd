"""Which Gauss-Krüger zone a sheet is drawn in, and the way from degrees to its metres (R-MAP-01)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import shapely
from pyproj import Proj, Transformer
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.publications.maps.schemas import Projection

_DENSE_DEG = 0.25  # a degree of parallel sags 0.4 km below its chord here; at 0.25° under 30 m


@lru_cache(maxsize=1)
def _registry() -> dict[str, int]:
    raw = tomllib.loads(files(__package__).joinpath("projection.toml").read_text(encoding="utf-8"))
    return {key: value for key, value in raw.items() if isinstance(value, int)}


def zone_projection(lon_deg: float, lat_deg: float) -> Projection:
    """The three-degree zone whose central meridian lies nearest; convergence at the point given.

    Raises:
        InvalidInput: the point lies outside the zones of CGCS2000.
    """
    registry = _registry()
    width = registry["zone_width_deg"]
    zone = int(np.floor(lon_deg / width + 0.5))
    meridian = zone * width
    if not registry["first_meridian_deg"] <= meridian <= registry["last_meridian_deg"]:
        raise InvalidInput(
            f"图幅中心经度 {lon_deg:.4f}° 不在 2000 国家大地坐标系 3 度带范围内",
            way_out="请检查坐标是否为经度在前、单位为度",
        )
    epsg = registry["first_epsg"] + (meridian - registry["first_meridian_deg"]) // width
    factors = Proj(f"EPSG:{epsg}").get_factors(lon_deg, lat_deg)
    return Projection(epsg, zone, meridian, round(float(factors.meridian_convergence), 6))


@dataclass(frozen=True, slots=True)
class Projector:
    """Both ways between lon/lat degrees and the metres (easting, northing) of one zone."""

    epsg: int

    def geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in metres, vertex by vertex, so that shared borders stay shared."""
        return shapely.transform(geometry, self._forward_array)

    def forward(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Easting and northing in metres."""
        east, north = _transformer(self.epsg).transform(lon_deg, lat_deg)
        return float(east), float(north)

    def inverse(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Longitude and latitude in degrees."""
        lon, lat = _transformer(self.epsg).transform(east_m, north_m, direction="INVERSE")
        return float(lon), float(lat)

    def arc(self, start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
        """A meridian or parallel between two lon/lat points as a dense polyline in metres."""
        span = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        count = max(int(np.ceil(span / _DENSE_DEG)) * 4, 8) + 1
        lon, lat = np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count)
        east, north = _transformer(self.epsg).transform(lon, lat)
        return list(zip(east.tolist(), north.tolist(), strict=True))

    def _forward_array(self, lonlat: np.ndarray) -> np.ndarray:
        east, north = _transformer(self.epsg).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([east, north])


@lru_cache(maxsize=32)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(STORAGE_CRS, f"EPSG:{epsg}", always_xy=True)


def bounds_of(geometries: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    """West, south, east, north of all geometries together, in their own units."""
    west, south, east, north = shapely.total_bounds(np.array(geometries, dtype=object))
    return float(west), float(south), float(east), float(north)
