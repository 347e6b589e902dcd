"""Lists of place names in any form they come in: tables, layers, the list shape of dmfw, named packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import STORAGE_CRS
from gis_service.procedures.intake.commands.placenames import packaged
from gis_service.procedures.intake.commands.placenames.streams import (
    SUFFIXES,
    Row,
    Stream,
    listed,
    read_stream,
    written,
)
from gis_service.procedures.intake.formats import read_delivery
from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_address
from gis_service.procedures.intake.formats.reading import ReadOptions, blocked

_LISTS = ("records", "list", "data", "rows")  # under which interfaces hand out lists
_DEEPEST = 4


def read_place_list(path: str, options: ReadOptions) -> Stream:
    """Open a list of place names; what is wrong with it as a whole stands in the findings."""
    if packaged.is_named(path):
        return packaged.read(path)
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix in SUFFIXES:
        return read_stream(file, options)
    if suffix in (".json", ".geojson") and file.is_file() and not refuse_address(path):
        found = _records_of_file(file, options)
        if found is not None:
            return found
    return _layer(file, options)


def _layer(path: Path, options: ReadOptions) -> Stream:
    """A layer with geometry, through the formats that deliveries come in."""
    reading = read_delivery(path, options)
    frame = reading.frame
    if frame is None:
        return Stream(reading.source, findings=reading.findings)
    heads = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = [frame[name].tolist() for name in heads]
    shapes = [None if shape is None or shape.is_empty else shape for shape in frame.geometry]

    def rows() -> Iterator[Row]:
        for index, shape in enumerate(shapes):
            yield Row(index + reading.first_row, [written(column[index]) for column in columns], shape)

    return Stream(
        reading.source, reading.sha256, tuple(heads), rows, reading.crs, len(shapes), reading.findings
    )


def _records_of_file(path: Path, options: ReadOptions) -> Stream | None:
    """A JSON list of records; None where the file is something else, as a FeatureCollection is."""
    if size_refused(path, options):
        return None
    try:
        document = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    records = _list_in(document)
    if records is None:
        return None
    if not records:
        return Stream(path.name, findings=(blocked(path, "列表是空的", "请核对内容"),))
    heads = tuple(dict.fromkeys(str(key) for record in records for key in record if key != "gdm"))
    rows = [
        Row(number, [_cell(record.get(head)) for head in heads], _shape(record.get("gdm")))
        for number, record in enumerate(records, start=1)
    ]
    return listed(path.name, heads, rows, STORAGE_CRS)  # what dmfw says of its geometry


def _list_in(document: Any, depth: int = 0) -> list[Mapping[str, Any]] | None:
    if isinstance(document, list) and all(isinstance(each, dict) for each in document):
        return document
    if not isinstance(document, dict) or "features" in document or depth > _DEEPEST:
        return None
    found = (_list_in(document[key], depth + 1) for key in _LISTS if key in document)
    return next((each for each in found if each is not None), None)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_cell, value))
    return orjson.dumps(value).decode() if isinstance(value, dict) else written(value)


def _shape(value: Any) -> BaseGeometry | None:
    """GeoJSON, as an object or as text; a MultiPoint of one point is that point."""
    if not value:
        return None
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    try:
        shape = shapely.from_geojson(text)
    except ShapelyError:
        return None
    parts = shapely.get_parts(shape)
    return parts[0] if shape.geom_type == "MultiPoint" and len(parts) == 1 else shape
