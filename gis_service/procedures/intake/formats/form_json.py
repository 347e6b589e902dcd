"""The forms of this service as JSON: their tables, cells as they were written; positions are in columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import orjson

from gis_service.procedures.intake.formats.limits import MEGABYTE, limit
from gis_service.procedures.intake.formats.reading import Reading, ReadOptions, blocked, sha256_of, unreadable

NAME = "form"


def read_form(path: Path, options: ReadOptions) -> Reading | None:
    """The first table of a form, or that named `options.layer`; None where the file is no form."""
    if path.stat().st_size > limit("file", "exact_check_mb") * MEGABYTE:
        return None
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict) or not document.keys() >= {"form", "tables"}:
        return None
    tables = {str(table["name"]): table for table in document["tables"]}
    wanted = options.layer or next(iter(tables), "")
    if wanted not in tables:
        named = "、".join(tables) or "无"
        return unreadable(path, NAME, [blocked(path, f"表册中没有名为“{wanted}”的表", f"现有：{named}")])
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=_frame(tables[wanted]),
        layer=wanted,
        encoding="UTF-8",
        encoding_basis="RFC 8259 规定",
    )


def _frame(table: Mapping[str, Any]) -> gpd.GeoDataFrame:
    rows = table["rows"]
    cells = {column["name"]: [row[column["name"]] for row in rows] for column in table["columns"]}
    return gpd.GeoDataFrame(cells, geometry=[None] * len(rows), crs=None, dtype=object)
