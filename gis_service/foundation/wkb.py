"""Geometries on their way from and to the database: WKB in, EWKB in hex with the storage SRID out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import STORAGE_SRID

Geometries = npt.NDArray[np.object_]


def read_wkb(values: Iterable[Any]) -> Geometries:
    """`ST_AsBinary` values as an array of shapely geometries, lon/lat."""
    return np.asarray(shapely.from_wkb([bytes(value) for value in values]), dtype=object)


def read_one(value: Any) -> Any:
    """One `ST_AsBinary` value as a shapely geometry, lon/lat."""
    return shapely.from_wkb(bytes(value))


def write_ewkb(geometries: Sequence[BaseGeometry] | Geometries) -> list[str]:
    """Geometries in the storage CRS as EWKB hex, the text form COPY and casts understand."""
    located = shapely.set_srid(np.asarray(geometries, dtype=object), STORAGE_SRID)
    # GEOS writes hex through a stream, ten times slower than Python turns bytes into it.
    return [ewkb.hex() for ewkb in shapely.to_wkb(located, include_srid=True)]
