"""A small neighbourhood of the Earth as a plane in metres: for tolerances and distances, never for measures.

Affine, so that what is straight in lon/lat stays straight and nothing changes its sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

METRES_PER_DEGREE = 111_320.0  # of latitude, and of longitude on the equator

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a point, lon/lat."""

    lon: float
    lat: float

    @property
    def _scale(self) -> Floats:
        return np.array([METRES_PER_DEGREE * math.cos(math.radians(self.lat)), METRES_PER_DEGREE])

    def metres(self, geometry: Any) -> Any:
        """Lon/lat geometry, or an array of them, in metres."""
        return shapely.transform(geometry, lambda xy: (xy - (self.lon, self.lat)) * self._scale)

    def degrees(self, geometry: Any) -> Any:
        """The way back."""
        return shapely.transform(geometry, lambda xy: xy / self._scale + (self.lon, self.lat))


def plane_around(geometries: Any) -> Plane:
    """The plane whose origin lies in the middle of geometries."""
    west, south, east, north = map(float, shapely.total_bounds(geometries))
    return Plane((west + east) / 2, (south + north) / 2)
