"""Geometry as it stands in a proposal: GeoJSON in the storage coordinate system, longitude first."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

import shapely
from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GRID_DEGREES

MOST_PARTS = 100  # pieces of one drawn part: far above any real one
MOST_VERTICES = 20_000  # of one ring or line; a request holds no more than a megabyte anyway

Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]
Position = tuple[Longitude, Latitude]
Course = Annotated[list[Position], Field(min_length=2, max_length=MOST_VERTICES)]
Ring = Annotated[list[Position], Field(min_length=4, max_length=MOST_VERTICES)]
Rings = Annotated[list[Ring], Field(min_length=1, max_length=MOST_PARTS)]


class _Drawn(BaseModel):
    """A geometry that people drew; kept as it was sent, read on the storage grid."""

    model_config = ConfigDict(extra="forbid")

    @cached_property
    def shape(self) -> BaseGeometry:
        """The geometry, its coordinates on the storage grid; whether it is sound, is judged elsewhere."""
        told: Any = self.model_dump()
        return shapely.set_precision(_closed(told), GRID_DEGREES, mode="pointwise")


def _closed(told: dict[str, Any]) -> BaseGeometry:
    """The geometry; a ring that does not return to its first point is closed by the straight way."""
    if told["type"].endswith("Polygon"):
        several = told["coordinates"] if told["type"] == "MultiPolygon" else [told["coordinates"]]
        closed = [[[*ring, ring[0]] if ring[0] != ring[-1] else ring for ring in rings] for rings in several]
        told = {"type": "MultiPolygon", "coordinates": closed}
    return shape(told)


class PolygonIn(_Drawn):
    """One polygon: its outer ring, then its holes."""

    type: Literal["Polygon"] = Field(description="图形种类")
    coordinates: Rings = Field(description="各环的经纬度，先外环后内环；CGCS2000，先经度")


class MultiPolygonIn(_Drawn):
    """Several polygons."""

    type: Literal["MultiPolygon"] = Field(description="图形种类")
    coordinates: Annotated[list[Rings], Field(min_length=1, max_length=MOST_PARTS)] = Field(
        description="各多边形的各环；CGCS2000，先经度"
    )


class LineStringIn(_Drawn):
    """One line."""

    type: Literal["LineString"] = Field(description="图形种类")
    coordinates: Course = Field(description="各点的经纬度；CGCS2000，先经度")


class MultiLineStringIn(_Drawn):
    """Several lines."""

    type: Literal["MultiLineString"] = Field(description="图形种类")
    coordinates: Annotated[list[Course], Field(min_length=1, max_length=MOST_PARTS)] = Field(
        description="各线的各点；CGCS2000，先经度"
    )


AreaIn = Annotated[PolygonIn | MultiPolygonIn, Field(discriminator="type")]
LineIn = Annotated[LineStringIn | MultiLineStringIn, Field(discriminator="type")]
