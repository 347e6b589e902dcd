"""Flat records of place names as rows of a GeoDataFrame (EPSG:4490, lon/lat in degrees), and back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

CRS = "EPSG:4490"
COLUMNS = (
    *("id", "revision", "code", "name", "name_id", "specific", "generic", "roman", "reading", "class"),
    *("division", "divisions", "former", "aliases", "short", "minority", "status", "process"),
    *("lon", "lat", "role", "accuracy_m", "method", "surveyed_on", "facts", "synthetic"),
    *("valid_from", "valid_to", "geometry"),
)
EXTRA = ("change", "end", "reason")  # what only batches have
LISTS = frozenset({"divisions", "former", "aliases", "short"})
_WHOLE = frozenset({"revision"})


def frame_of(records: Sequence[Mapping[str, Any]], columns: Iterable[str] = COLUMNS) -> Any:
    """Records as a GeoDataFrame with a row each; codes stay text."""
    columns = list(columns)
    shapes = [record.get("geometry") for record in records]
    texts = np.array([None if shape is None else json.dumps(shape) for shape in shapes], dtype=object)
    told = {
        name: pd.Series([record.get(name) for record in records], dtype=_dtype(name))
        for name in columns
        if name != "geometry"
    }
    geometry = geopandas.GeoSeries(shapely.from_geojson(texts), crs=CRS)
    return geopandas.GeoDataFrame(told, geometry=geometry)


def _dtype(name: str) -> str:
    if name in {"lon", "lat", "accuracy_m"}:
        return "float64"
    return "Int64" if name in _WHOLE else "object"


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain records, with the columns that records have; empty cells are None."""
    known = [name for name in frame.columns if name in COLUMNS or name in EXTRA]
    cells = {name: _cells(name, frame[name]) for name in known}
    return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def _cells(name: str, column: pd.Series[Any]) -> list[Any]:
    if name == "geometry":
        shapes: Any = np.array(column, dtype=object)
        shapes[shapely.is_empty(shapes)] = None
        texts: Any = shapely.to_geojson(shapes)
        return [None if text is None else json.loads(text) for text in texts]
    return [plain(name, value) for value in column]


def plain(name: str, value: Any) -> Any:
    """A cell as JSON knows it."""
    if name in LISTS:
        return _several(value)
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    return int(value) if name in _WHOLE else value


def _several(value: Any) -> list[str] | None:
    """Several texts: a list, or one text with 、 between them."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return [
            part.strip() for part in value.replace("，", "、").replace(",", "、").split("、") if part.strip()
        ]
    return list(value)
