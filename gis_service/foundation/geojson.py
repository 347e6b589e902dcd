"""Geometry as GeoJSON text, written by the database and passed on as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func

from gis_service.foundation.crs import GEOJSON_DECIMALS

_NO_CRS_MEMBER = 0  # RFC 7946 dropped it; by default PostGIS writes one for every system but WGS 84

# The same as `as_geojson`, for statements written as text; `{geometry}` is the column.
AS_GEOJSON = f"ST_AsGeoJSON(ST_ForcePolygonCCW({{geometry}}), {GEOJSON_DECIMALS}, {_NO_CRS_MEMBER})"


def as_geojson(geometry: Any) -> ColumnElement[str]:
    """A geometry column as GeoJSON: lon/lat, 7 decimals, outer rings counter-clockwise (RFC 7946, 3.1.6)."""
    text: ColumnElement[str] = func.ST_AsGeoJSON(
        func.ST_ForcePolygonCCW(geometry), GEOJSON_DECIMALS, _NO_CRS_MEMBER
    )
    return text


def geometry_schema(kinds: Iterable[str]) -> dict[str, Any]:
    """What a JSON schema tells of a geometry that is sent, one of some kinds."""
    return {
        "type": "object",
        "properties": {
            "type": {"enum": list(kinds)},
            "coordinates": {"description": "坐标（RFC 7946），经度在前", **_nested(4)},
        },
        "required": ["type", "coordinates"],
        "additionalProperties": False,
    }


def _nested(depth: int) -> dict[str, Any]:
    """Numbers in lists of lists, as deep as polygons of several parts need them."""
    inner: dict[str, Any] = {"type": "number"}
    items = inner if depth == 1 else {"anyOf": [inner, _nested(depth - 1)]}
    return {"type": "array", "items": items}
