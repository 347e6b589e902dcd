"""Change files that name files of geometry: what these hold is written into the proposal, as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS, STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import refuse_if_blocking
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal, read_table
from gis_service.procedures.intake.formats import Reading, read_delivery
from gis_service.procedures.intake.rules.coordinates import coordinates_fit_the_system, declared_system


def read_change(path: Path) -> ProposalIn:
    """Read a change file; `file` in an operation, or in a unit that begins, is relative to it.

    Raises:
        InvalidInput: it cannot be read, or fields are missing or wrong.
        RuleViolated: a file of geometry cannot be read, or is in a system that must not be stored.
    """
    table = read_table(path)
    for naming in _naming_files(table):
        drawn = read_shape(path.parent / str(naming.pop("file")))
        naming["line" if drawn.geom_type.endswith("LineString") else "area"] = as_written(drawn)
    return parse_proposal(table, source=str(path))


def _naming_files(table: Any) -> Iterator[dict[str, Any]]:
    """The tables of a change file that name a file of geometry."""
    operations = table.get("operations") if isinstance(table, dict) else None
    for operation in operations if isinstance(operations, list) else ():
        into = operation.get("into") if isinstance(operation, dict) else None
        for each in (operation, *(into if isinstance(into, list) else (into,))):
            if isinstance(each, dict) and "file" in each:
                yield each


def read_shape(path: Path) -> BaseGeometry:
    """All areas, or all lines, of a file of geometry as one, in the storage system.

    Raises:
        InvalidInput: it holds both, or neither.
        RuleViolated: it cannot be read, or is in a system that must not be stored.
    """
    reading = read_delivery(path)
    refuse_if_blocking(reading.findings, f"图形文件 {path} 不能读取", way_out="请按各条意见修正")
    shapes = _in_storage_system(reading, path)
    kinds = {shapely.get_type_id(shape) for shape in shapely.get_parts(shapes)}
    if not kinds or not (kinds <= {1} or kinds <= {3}):
        raise InvalidInput(f"图形文件 {path} 应只有面或只有线", way_out="请删去其他图形，或另存为一层")
    return shapely.union_all(shapes)


def read_features(path: Path) -> list[tuple[BaseGeometry, str | None]]:
    """Every shape of a file in the storage system, with its name where a column tells one.

    Raises:
        RuleViolated: it cannot be read, or is in a system that must not be stored.
    """
    reading = read_delivery(path)
    refuse_if_blocking(reading.findings, f"图形文件 {path} 不能读取", way_out="请按各条意见修正")
    shapes = _in_storage_system(reading, path)
    assert reading.frame is not None, "what cannot be read blocks before"
    rows = reading.frame[reading.frame.geometry.notna()]
    column = next((name for name in ("名称", "name", "Name", "NAME") if name in rows.columns), None)
    names = [None] * len(rows) if column is None else rows[column].tolist()
    told = (str(name).strip() if isinstance(name, str) else "" for name in names)
    return [(shape, name or None) for shape, name in zip(shapes, told, strict=True)]


def _in_storage_system(reading: Reading, path: Path) -> Any:
    assert reading.frame is not None, "what cannot be read blocks before"
    crs, findings = declared_system(reading.crs, None)
    frame = reading.frame[reading.frame.geometry.notna()]
    if crs is not None and len(frame):
        west, south, east, north = map(float, frame.total_bounds)
        findings += coordinates_fit_the_system((west, south, east, north), crs)
    refuse_if_blocking(findings, f"图形文件 {path} 的坐标系不能采用", way_out="请按各条意见修正")
    try:
        return frame.set_crs(crs, allow_override=True).to_crs(STORAGE_CRS).geometry.to_numpy()
    except ProjError as error:
        raise InvalidInput(
            f"图形文件 {path} 的坐标系无法换算到 CGCS2000", way_out="请转换为 CGCS2000 后再用"
        ) from error


def as_written(shape: BaseGeometry) -> dict[str, Any]:
    """A shape as GeoJSON, on the storage grid."""
    rounded = shapely.transform(shapely.force_2d(shape), lambda xy: xy.round(GEOJSON_DECIMALS))
    told: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return told
