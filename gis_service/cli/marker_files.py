"""Files of markers: tables and layers under the heads that intake recognises, every cell as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.rules.surveys import column_names
from gis_service.publications.exchange.formats import write_table
from gis_service.publications.exchange.queries.markers import MarkerRow


def write_markers(rows: Sequence[MarkerRow], path: Path) -> None:
    """Write markers in the format that the name of the file tells.

    Raises:
        InvalidInput: another format.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise InvalidInput(f"不认识 {path.name} 的格式", way_out=f"可用：{'、'.join(WRITERS)}")
    write(rows, path)


def _table(rows: Sequence[MarkerRow]) -> pd.DataFrame:
    """All columns of the first row's kind that any row fills, in the order of the template."""
    filled = {name for row in rows for name in row.cells}
    names = [name for name in column_names("marker") if name in filled or name == "number"]
    heads = column_names("marker")
    return pd.DataFrame(
        [[row.cells.get(name, "") for name in names] for row in rows],
        columns=[heads[name][0] for name in names],
        dtype=str,
    )


def _write_table(rows: Sequence[MarkerRow], path: Path) -> None:
    write_table(_table(rows), path)


def _write_layer(rows: Sequence[MarkerRow], path: Path) -> None:
    frame = gpd.GeoDataFrame(_table(rows), geometry=[row.point for row in rows], crs=STORAGE_CRS)
    path.unlink(missing_ok=True)
    if path.suffix.lower() == ".gpkg":
        frame.to_file(path, driver="GPKG", layer="markers", geometry_type="Point")
    elif path.suffix.lower() == ".kml":
        frame.insert(0, "Name", frame["界桩编号"])
        frame.to_file(path, driver="LIBKML", geometry_type="Point")
    else:
        frame.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=9)


WRITERS: Mapping[str, Callable[[Sequence[MarkerRow], Path], None]] = {
    ".xlsx": _write_table,
    ".csv": _write_table,
    ".gpkg": _write_layer,
    ".geojson": _write_layer,
    ".kml": _write_layer,
}
