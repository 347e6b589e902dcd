"""Lists as tables, CSV, JSON or GeoPackage, to the screen or into a file."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import geopandas as gpd

from gis_service.cli.console import out
from gis_service.cli.office import day
from gis_service.foundation.crs import STORAGE_CRS


class Format(StrEnum):
    """How a list is written."""

    table = "table"
    csv = "csv"
    json = "json"
    gpkg = "gpkg"


def day_named(text: str | None) -> date | None:
    """A date as typed, where absence means any day."""
    return day(text) if text else None


def write_out(write: Callable[[], None], to: Path | None) -> None:
    """Let something that writes to standard output write into a file instead."""
    if to is None:
        write()
        return
    with to.open("w", encoding="utf-8", newline="") as stream:
        standard, sys.stdout = sys.stdout, stream
        try:
            write()
        finally:
            sys.stdout = standard
    out.print(f"已写入 {to}")


def write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as CSV with a head line, on standard output."""
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    writer.writerows(rows)


def write_gpkg(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], shapes: Sequence[Any], to: Path, *, layer: str
) -> None:
    """Rows as a layer of a GeoPackage; those without a shape keep their attributes."""
    frame = gpd.GeoDataFrame(list(rows), columns=[*columns], geometry=list(shapes), crs=STORAGE_CRS)
    frame.to_file(to, driver="GPKG", layer=layer)
