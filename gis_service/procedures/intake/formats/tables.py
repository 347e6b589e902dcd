"""Excel and CSV: rows of text under a head, without geometry; what is a number in Excel stays a code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.limits import limit, size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "table"
SUFFIXES = (".xlsx", ".csv")

_ENCODINGS = ("utf-8-sig", "gb18030")
_HEAD_ROWS = 10  # titles may stand above the head
_LEAST_HEADS = 2


def read(path: Path, options: ReadOptions) -> Reading:
    """The rows of the first sheet, or of `options.layer`, as text; a title may stand above the head."""
    refused = size_refused(path, options)
    if not refused and path.suffix.lower() == ".xlsx":
        refused = refuse_content(path, b"PK\x03\x04")
    if refused:
        return unreadable(path, NAME, refused)
    rows, encoding, told = _excel(path, options) if path.suffix.lower() == ".xlsx" else _csv(path, options)
    at = next((index for index, row in enumerate(rows[:_HEAD_ROWS]) if _is_head(row)), None)
    if at is None:
        told = told or [blocked(path, "没有表头", "第一行应为各列的名称")]
        return unreadable(path, NAME, told)
    body, more = _body(path, rows[at], rows[at + 1 :])
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=gpd.GeoDataFrame(body, geometry=[None] * len(rows[at + 1 :]), crs=None),
        encoding=encoding,
        findings=(*told, *more),
        first_row=at + 2,
    )


def _is_head(row: Sequence[str]) -> bool:
    return sum(bool(cell) and not cell.replace(".", "").isdigit() for cell in row) >= _LEAST_HEADS


def _body(
    path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[dict[str, list[str]], list[Finding]]:
    """Columns by name; of two with one name the first counts."""
    twice = sorted({name for name in head if name and list(head).count(name) > 1})
    found = [
        blocked(path, f"有同名的列“{name}”，取最左一列", "请给每列不同的名称", severity=Severity.warning)
        for name in twice
    ]
    columns: dict[str, list[str]] = {}
    for position, name in enumerate(head):
        if name and name not in columns and name != "geometry":
            columns[name] = [row[position] if position < len(row) else "" for row in rows]
    return columns, found


def _excel(path: Path, options: ReadOptions) -> tuple[list[list[str]], str | None, list[Finding]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        return [], None, [blocked(path, "打不开：不是 Excel 工作簿", "请另存为 .xlsx 或 CSV")]
    names = book.sheetnames
    wanted = options.layer or (names[0] if names else "")
    if wanted not in names:
        return [], None, [blocked(path, f"没有名为“{wanted}”的工作表", f"现有：{'、'.join(names)}")]
    most = int(limit("file", "max_features"))
    rows = [
        [cell_text(value) for value in row] for row in _first(book[wanted].iter_rows(values_only=True), most)
    ]
    book.close()
    return _without_blank_end(rows), None, []


def _first(rows: Iterable[Any], most: int) -> Iterable[Any]:
    for _, row in zip(range(most + _HEAD_ROWS), rows, strict=False):
        yield row


def _without_blank_end(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def cell_text(value: Any) -> str:
    """A cell as people see it: 3234001.0 is 3234001, a day is a day."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _csv(path: Path, options: ReadOptions) -> tuple[list[list[str]], str | None, list[Finding]]:
    content = path.read_bytes()
    for encoding in (options.encoding,) if options.encoding else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
        return _without_blank_end(rows), encoding, []
    return [], None, [blocked(path, "不是 UTF-8 也不是 GB 18030 文本", "请用 --encoding 指明编码")]
