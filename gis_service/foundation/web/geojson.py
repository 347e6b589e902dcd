"""GeoJSON out (RFC 7946): geometry text as PostGIS wrote it, passed through and never parsed again.

A page is fetched whole before its first byte is sent: a slow reader then holds no database connection, and
a query that fails is a proper problem instead of half a map with status 200.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field, WithJsonSchema

from gis_service.foundation.web.announcing import announce, announce_statement

GEOJSON = "application/geo+json"
JSON = "application/json"


Properties = TypeVar("Properties", bound=BaseModel)
Geometry = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "type": {"enum": ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]},
                "coordinates": {"type": "array", "description": "坐标（RFC 7946）"},
            },
            "required": ["type", "coordinates"],
        }
    ),
]


class Shape(StrEnum):
    """In which shape a list is wanted."""

    json = "json"
    geojson = "geojson"


async def _wanted(
    request: Request,
    format: Annotated[
        Shape | None,
        Query(description="答复的格式；不写则按 Accept 头：application/geo+json 得到 GeoJSON，否则为 JSON"),
    ] = None,
) -> Shape:
    announce(request, "Vary", "Accept")
    if format is not None:
        return format
    accepted = _accepted(request.headers.get("accept", ""))
    return Shape.geojson if accepted.get(GEOJSON, 0.0) > accepted.get(JSON, 0.0) else Shape.json


def _accepted(header: str) -> dict[str, float]:
    """Media types of an Accept header with their weights; what has no readable weight is not wanted."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        media, *options = (piece.strip().lower() for piece in part.split(";"))
        quality = next((option[2:] for option in options if option.startswith("q=")), "1")
        weights[media] = float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0
    return weights


WantedShape = Annotated[Shape, Depends(_wanted)]


class FeatureOut(BaseModel, Generic[Properties]):
    """A record as GeoJSON, as the contract tells it."""

    type: Literal["Feature"]
    id: str = Field(description="标识")
    properties: Properties = Field(description="属性")
    geometry: Geometry | None = Field(description="几何，经纬度，经度在前；空表示没有")


class OneFeatureOut(FeatureOut[Properties], Generic[Properties]):
    """An answer of one feature."""

    on: date | None = Field(default=None, description="本答复所依据的日期")
    statement: str | None = Field(default=None, description="使用数据须知的声明")


class FeaturesOut(BaseModel, Generic[Properties]):
    """An answer of many features."""

    type: Literal["FeatureCollection"]
    on: date = Field(description="本答复所依据的日期")
    statement: str | None = Field(default=None, description="使用数据须知的声明")
    next: str | None = Field(default=None, description="下一页的地址；没有此项表示已是最后一页")
    features: list[FeatureOut[Properties]] = Field(description="本页各项，按键升序")


@dataclass(frozen=True, slots=True)
class Feature:
    """A record with its geometry as GeoJSON text; None where no geometry is known."""

    id: UUID | str
    geometry: str | None
    properties: BaseModel

    def encoded(self, extra: dict[str, Any] | None = None) -> bytes:
        """The feature as UTF-8; `extra` members stand beside `properties`."""
        return b"".join(
            (
                b'{"type":"Feature","id":',
                orjson.dumps(str(self.id)),
                _members(extra or {}),
                b',"properties":',
                self.properties.model_dump_json(by_alias=True).encode(),
                b',"geometry":',
                (self.geometry or "null").encode(),
                b"}",
            )
        )


def _members(members: dict[str, Any]) -> bytes:
    return b"".join(
        b"," + orjson.dumps(name) + b":" + orjson.dumps(value)
        for name, value in members.items()
        if value is not None
    )


def one_feature(request: Request, feature: Feature, *, on: date | None, statement: str | None) -> Response:
    """An answer of one feature, with the day and the statement on its data."""
    announce_statement(request, statement)
    return Response(feature.encoded({"on": on, "statement": statement}), media_type=GEOJSON)


def feature_collection(
    request: Request,
    features: Iterable[Feature],
    *,
    on: date,
    statement: str | None,
    next_page: str | None,
) -> Response:
    """An answer of many features; `on`, `statement` and `next` are foreign members (RFC 7946, 6.1)."""
    announce_statement(request, statement)
    head = _members({"on": on, "statement": statement, "next": next_page})
    body = b",\n".join(feature.encoded() for feature in features)
    return Response(
        b'{"type":"FeatureCollection"' + head + b',"features":[\n' + body + b"\n]}\n", media_type=GEOJSON
    )
