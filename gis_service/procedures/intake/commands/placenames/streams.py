"""Long lists, read chunk by chunk, as often as wanted: what is held at once does not grow with the file.

Cells are texts exactly as given, space around them included; whoever judges them cuts it and says so.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_address, refuse_content
from gis_service.procedures.intake.formats.reading import ReadOptions, blocked, sha256_of

SUFFIXES = (".csv", ".xlsx")
ENCODINGS = ("utf-8-sig", "gb18030")
_HEAD_ROWS = 10  # titles may stand above the head
_LEAST_HEADS = 2
_EXACT_DIGITS = 15  # of a number in a workbook; a longer code has lost its end
_LARGEST_CELL = 1_000_000  # characters, as geometries may have


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, cells in the order of the heads, and its shape where it has one."""

    number: int
    cells: Sequence[str]
    shape: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A list that can be read again and again; `rows` is None when a blocking finding says why not.

    `crs` is the system of the shapes; `size` how many rows there are, where that is known beforehand.
    """

    source: str
    sha256: str = ""
    heads: tuple[str, ...] = ()
    rows: Callable[[], Iterator[Row]] | None = None
    crs: str | None = None
    size: int | None = None
    findings: tuple[Finding, ...] = ()


def chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The same, so many at once."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def read_stream(path: Path, options: ReadOptions) -> Stream:
    """A CSV file or one sheet of a workbook, opened to be read row by row."""
    refused = refuse_address(path) or ([] if path.is_file() else [_missing(path)])
    refused = refused or size_refused(path, options)
    if not refused and path.suffix.lower() == ".xlsx":
        refused = refuse_content(path, b"PK\x03\x04")
    if refused:
        return Stream(path.name, findings=tuple(refused))
    return _workbook(path, options) if path.suffix.lower() == ".xlsx" else _csv(path, options)


def _missing(path: Path) -> Finding:
    return blocked(path, "文件不存在或不是普通文件", "请核对路径")


def _csv(path: Path, options: ReadOptions) -> Stream:
    encoding = options.encoding or next((each for each in ENCODINGS if _decodes(path, each)), None)
    if encoding is None or not _decodes(path, encoding):
        told = blocked(path, f"不能按 {encoding or 'UTF-8、GB 18030'} 解码", "请用 --encoding 指明编码")
        return Stream(path.name, findings=(told,))
    first = next(_lines_of(path, encoding, ","), [""])
    delimiter = max(",\t;", key="".join(first).count) if len(first) < _LEAST_HEADS else ","

    def lines() -> Iterator[Sequence[str]]:
        return _lines_of(path, encoding, delimiter)

    return _under_head(path, lines, (_read_as(path, encoding),))


def _read_as(path: Path, encoding: str) -> Finding:
    return blocked(path, f"按 {encoding} 读取", "文字不对时请用 --encoding 指明", severity=Severity.info)


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            while stream.read(1 << 20):
                pass
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _lines_of(path: Path, encoding: str, delimiter: str) -> Iterator[Sequence[str]]:
    with path.open(encoding=encoding, newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        while (row := _next_row(rows)) is not None:
            yield row


def _next_row(rows: Iterator[list[str]]) -> list[str] | None:
    usual = csv.field_size_limit(_LARGEST_CELL)  # it is one for the process: others keep theirs
    try:
        return next(rows, None)
    finally:
        csv.field_size_limit(usual)


def _workbook(path: Path, options: ReadOptions) -> Stream:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        told = blocked(path, "打不开：不是 Excel 工作簿", "请另存为 .xlsx 或 CSV")
        return Stream(path.name, findings=(told,))
    names = book.sheetnames
    book.close()
    wanted = options.layer or names[0]
    if wanted not in names:
        told = blocked(path, f"没有名为“{wanted}”的工作表", f"现有：{'、'.join(names)}")
        return Stream(path.name, findings=(told,))

    def lines() -> Iterator[Sequence[str]]:
        opened = load_workbook(path, read_only=True, data_only=True)
        try:
            for row in opened[wanted].iter_rows(values_only=True):
                yield [written(value) for value in row]
        finally:
            opened.close()

    return _under_head(path, lines)


def written(value: Any) -> str:
    """A value as people see it: 3234001.0 is 3234001, a day is a day; texts stay as they are."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**_EXACT_DIGITS else repr(value)
    return str(value)


def _under_head(
    path: Path, lines: Callable[[], Iterator[Sequence[str]]], told: tuple[Finding, ...] = ()
) -> Stream:
    """The rows below the first that can be a head."""
    try:
        top = list(islice(lines(), _HEAD_ROWS))
    except csv.Error as error:
        unread = blocked(path, f"表格不能读取：{error}", "请核对引号和过长的单元格")
        return Stream(path.name, findings=(unread,))
    at = next((index for index, row in enumerate(top) if _is_head(row)), None)
    if at is None:
        return Stream(path.name, findings=(blocked(path, "没有表头", "第一行应为各列的名称"),))
    heads = tuple(head.strip() for head in top[at])
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    more = [
        blocked(path, f"有同名的列“{head}”，取最左一列", "请给每列不同的名称", severity=Severity.warning)
        for head in twice
    ]

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(lines(), start=1):
            if number > at + 1 and any(map(str.strip, cells)):
                yield Row(number, cells)

    return Stream(path.name, sha256_of([path]), heads, rows, findings=(*told, *more))


def _is_head(row: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) and not cell.replace(".", "").isdigit() for cell in row) >= _LEAST_HEADS


def listed(source: str, heads: Sequence[str], rows: Sequence[Row], crs: str | None = None) -> Stream:
    """Rows that are in memory already, with a digest of what they say."""
    digest = hashlib.sha256("\t".join(heads).encode())
    for row in rows:
        digest.update(repr(row.cells).encode("utf-8", "surrogatepass"))
        digest.update(b"" if row.shape is None else row.shape.wkb)
    return Stream(source, digest.hexdigest(), tuple(heads), lambda: iter(rows), crs, len(rows))
