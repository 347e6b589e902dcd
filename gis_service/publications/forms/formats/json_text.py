"""A form as JSON: its tables with everything as it was given, read back without loss."""

from __future__ import annotations

from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.publications.forms.schemas import Column, FormPlan, MachineTable

NAME = "json"
MEDIA_TYPE = "application/json"
SUFFIX = ".json"


def draw(plan: FormPlan) -> bytes:
    """The form; geometries are GeoJSON, lon/lat."""
    content = {
        "form": plan.name,
        "title": plan.title,
        "line": {"code": plan.line_code, "name": plan.line_name},
        "on": plan.on.isoformat(),
        "classification": plan.classification.value,
        "marks": list(plan.marks),
        "notes": list(plan.notes),
        "findings": [finding.as_json() for finding in plan.findings],
        "tables": [_table(table) for table in plan.tables],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _table(table: MachineTable) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    return {
        "name": table.name,
        "columns": [{"name": column.name, "kind": column.kind} for column in table.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in table.rows],
        "geometries": None if table.geometries is None else [_geometry(each) for each in table.geometries],
    }


def _geometry(geometry: BaseGeometry | None) -> Any:
    return None if geometry is None else shapely.geometry.mapping(geometry)


def read(content: bytes) -> tuple[MachineTable, ...]:
    """The tables of a form as they were written."""
    return tuple(_read(table) for table in orjson.loads(content)["tables"])


def _read(table: dict[str, Any]) -> MachineTable:
    columns = tuple(Column(each["name"], each["kind"]) for each in table["columns"])
    rows = tuple(tuple(row[column.name] for column in columns) for row in table["rows"])
    places = table["geometries"]
    return MachineTable(
        table["name"],
        columns,
        rows,
        None if places is None else tuple(_read_geometry(each) for each in places),
    )


def _read_geometry(geometry: Any) -> BaseGeometry | None:
    return None if geometry is None else shapely.from_geojson(orjson.dumps(geometry))
