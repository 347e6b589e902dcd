"""A form as GeoPackage: a layer for each table, places in the storage CRS, and one that tells what it is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from gis_service.foundation.crs import STORAGE_CRS
from gis_service.publications.forms.schemas import Column, FormPlan, MachineTable

NAME = "gpkg"
MEDIA_TYPE = "application/geopackage+sqlite3"
SUFFIX = ".gpkg"
_DTYPES = {"text": "object", "number": "float64", "whole": "Int64"}
_DATED = "OGR_CURRENT_DATE"  # what GDAL writes as the time of the last change


def draw(plan: FormPlan) -> bytes:
    """The package; tables without places are plain ones."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.gpkg"
        before = pyogrio.get_gdal_config_option(_DATED)
        pyogrio.set_gdal_config_options({_DATED: f"{plan.on}T00:00:00Z"})
        try:
            for table in (*plan.tables, _about(plan)):
                _write(table, path)
        finally:
            pyogrio.set_gdal_config_options({_DATED: before})
        return path.read_bytes()


def _write(table: MachineTable, path: Path) -> None:
    frame = pd.DataFrame({column.name: _values(table, index) for index, column in enumerate(table.columns)})
    how: dict[str, Any] = {"layer": table.name, "driver": "GPKG", "append": path.exists()}
    if table.geometries is None:
        pyogrio.write_dataframe(frame, path, **how)
        return
    shapes = np.asarray(table.geometries, dtype=object)
    kinds = sorted({each.geom_type for each in table.geometries if each is not None})
    shown = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes), crs=STORAGE_CRS)
    kind = kinds[0] if len(kinds) == 1 else "Unknown" if kinds else "Point"
    pyogrio.write_dataframe(shown, path, geometry_type=kind, **how)


def _values(table: MachineTable, index: int) -> pd.Series[Any]:
    values = [row[index] for row in table.rows]
    return pd.Series(values, dtype=_DTYPES[table.columns[index].kind])


def _about(plan: FormPlan) -> MachineTable:
    rows = (
        ("表册", plan.title),
        ("界线", f"{plan.line_name}（{plan.line_code}）"),
        ("登记状况日期", plan.on.isoformat()),
        ("密级", plan.classification.value),
        *(("标注", mark) for mark in plan.marks),
        *(("说明", note) for note in plan.notes),
    )
    return MachineTable("说明", (Column("项目"), Column("内容")), rows)
