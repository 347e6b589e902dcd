"""Files of place names, written record by record: a province needs no more memory than a page.

Codes and figures stay text, and characters are those of the register, of whatever plane of Unicode.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gis_service.foundation.coordinates import format_dms
from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.queries import Record
from gis_service.registers.placenames.rules.census import census_fields

AT_ONCE = 5000  # records of a layer that are written together
MOST_ROWS = 1_048_576  # of a sheet of a workbook
AND = "、"

FLAT = (
    *("id", "revision", "code", "name", "name_id", "specific", "generic", "roman", "reading", "class"),
    *("division", "divisions", "former", "aliases", "short", "minority", "status", "process"),
    *("lon", "lat", "role", "accuracy_m", "method", "surveyed_on", "facts", "synthetic"),
    *("valid_from", "valid_to"),
)
_OTHER = "其他"  # facts that the census form has no field for, as JSON


class Columns(StrEnum):
    """Which columns: those of the flat record, or of the census form."""

    flat = "flat"
    census = "census"

    @property
    def heads(self) -> tuple[str, ...]:
        """The columns in order."""
        if self is Columns.flat:
            return FLAT
        return (*(field.name for field in census_fields()), _OTHER)

    def row(self, record: Record) -> dict[str, str]:
        """A record as text, by column."""
        return _flat(record) if self is Columns.flat else _census(record)


def write_names(records: Iterable[Record], columns: Columns, path: Path) -> int:
    """Write records in the format that the name of the file tells; how many there were.

    Raises:
        InvalidInput: another format, a file that cannot be written, or more rows than a sheet holds.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise InvalidInput(f"不认识 {path.name} 的格式", way_out=f"可用：{AND.join(WRITERS)}")
    try:
        return write(records, columns, path)
    except OSError as error:
        raise InvalidInput(f"不能写入 {path}", way_out="请核对路径和权限") from error


def _flat(record: Record) -> dict[str, str]:
    values = {name: getattr(record, name) for name in FLAT if name != "class"}
    return {name: _text(value) for name, value in (values | {"class": record.class_code}).items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return AND.join(value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def _census(record: Record) -> dict[str, str]:
    told = {
        **{name: getattr(record, name) for name in ("code", "name", "reading", "roman", "method")},
        **{name: AND.join(getattr(record, name)) for name in ("aliases", "short", "former", "divisions")},
        "minority": AND.join(str(each["text"]) for each in record.minority),
        "class": record.class_code,
        "valid_to": "历史" if record.valid_to else "现今",
        **_extent(record),
    }
    own = {field.name for field in census_fields() if field.key is None}
    facts = {name: value for name, value in record.facts.items() if name in own}
    other = {name: value for name, value in record.facts.items() if name not in own}
    row = {field.name: _text(told[field.key]) for field in census_fields() if field.key}
    return row | {name: _text(value) for name, value in facts.items()} | {_OTHER: _text(other)}


def _extent(record: Record) -> dict[str, str]:
    """东经 to 至东经, 北纬 to 至北纬, in degrees, minutes and seconds with two decimals."""
    empty = dict.fromkeys(("lon", "lon_to", "lat", "lat_to"), "")
    if record.geometry is None or record.lon is None or record.lat is None:
        return empty
    shape = shapely.from_geojson(record.geometry)
    if shape.geom_type == "Point":
        return empty | {"lon": format_dms(record.lon), "lat": format_dms(record.lat)}
    west, south, east, north = map(float, shape.bounds)
    lons = {"lon": format_dms(west), "lon_to": format_dms(east)}
    return lons | {"lat": format_dms(south), "lat_to": format_dms(north)}


def _write_csv(records: Iterable[Record], columns: Columns, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns.heads, restval="")
        writer.writeheader()
        for count, record in enumerate(records, start=1):  # noqa: B007
            writer.writerow(columns.row(record))
    return count


def _write_xlsx(records: Iterable[Record], columns: Columns, path: Path) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("地名")
    sheet.freeze_panes = "A2"
    sheet.append(columns.heads)
    count = 0
    for count, record in enumerate(records, start=1):
        if count >= MOST_ROWS:
            raise InvalidInput(
                "一张 Excel 工作表放不下这许多地名", way_out="请写成 .csv 或 .gpkg，或缩小范围"
            )
        row = columns.row(record)
        sheet.append([_cell(sheet, row.get(head, "")) for head in columns.heads])
    book.save(path)
    return count


def _cell(sheet: Any, text: str) -> Any:
    """Text as text: a name that begins with = is no formula, a code is no number."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _write_geojson(records: Iterable[Record], columns: Columns, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for count, record in enumerate(records, start=1):
            told = json.dumps(columns.row(record), ensure_ascii=False)
            shape = record.geometry or "null"
            file.write(",\n" if count > 1 else "\n")
            file.write(f'{{"type":"Feature","id":"{record.id}","properties":{told},"geometry":{shape}}}')
        file.write("\n]}\n")
    return count


def _write_gpkg(records: Iterable[Record], columns: Columns, path: Path) -> int:
    path.unlink(missing_ok=True)
    count = 0
    for piece in _pieces(records):
        told = [columns.row(record) for record in piece]
        rows = [{head: row.get(head, "") for head in columns.heads} for row in told]
        shapes = [None if r.geometry is None else shapely.from_geojson(r.geometry) for r in piece]
        frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=STORAGE_CRS)
        frame.to_file(
            path, driver="GPKG", layer="placenames", mode="a" if count else "w", geometry_type="Unknown"
        )
        count += len(piece)
    return count


def _pieces(records: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(records)
    while piece := list(islice(left, AT_ONCE)):
        yield piece


WRITERS: Mapping[str, Callable[[Iterable[Record], Columns, Path], int]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".gpkg": _write_gpkg,
    ".geojson": _write_geojson,
}
