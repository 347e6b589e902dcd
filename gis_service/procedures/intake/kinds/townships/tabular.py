"""Rows of text from CSV files and workbooks, and which of their columns is which."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.kinds.listed import Texts

SUFFIXES = (".csv", ".tsv", ".xlsx")
COLUMNS = ("year", "old_code", "old_name", "reason", "new_code", "new_name", "doc_no")

_HEAD_ROWS, _HEAD_BYTES = 10, 8192
_NOISE = re.compile(r"[\s_\-()（）:：]+")

Cells = Sequence[str]


def head_of(path: Path) -> Iterator[Cells]:
    """The first rows of a file, as far as it can be read at all."""
    if path.suffix.lower() == ".xlsx":
        return islice(_workbook(path, rows=_HEAD_ROWS), _HEAD_ROWS)
    with path.open("rb") as stream:
        start = stream.read(_HEAD_BYTES)
    for encoding in ("utf-8-sig", "gb18030"):
        text = start.decode(encoding, errors="ignore")
        if any(columns_of(cells) for cells in islice(_lines(text), _HEAD_ROWS)):
            return islice(_lines(text), _HEAD_ROWS)
    return iter(())


def rows_of(path: Path, texts: Texts) -> Iterator[Cells]:
    """All rows, every cell as text.

    Raises:
        InvalidInput: the file is no table.
    """
    if path.suffix.lower() == ".xlsx":
        texts.take(path)
        return _workbook(path)
    return _lines(texts.of(path))


def _lines(text: str) -> Iterator[Cells]:
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise InvalidInput(f"表格不能读取：{error}", way_out="请核对引号和过长的单元格") from error


def _workbook(path: Path, rows: int | None = None) -> Iterator[Cells]:
    try:
        table = pd.read_excel(path, header=None, dtype=object, engine="openpyxl", nrows=rows)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise InvalidInput(f"{path.name} 不是 Excel 工作簿", way_out="请另存为 .xlsx 或 CSV") from error
    for row in table.itertuples(index=False):
        yield [_as_text(value) for value in row]


def _as_text(value: object) -> str:
    """Numbers without the point that Excel gives them; nothing for an empty cell."""
    if value is None or value is pd.NaT or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@cache
def _known_names() -> Mapping[str, str]:
    text = (Path(__file__).parent / "column_names.toml").read_text(encoding="utf-8")
    return {_plain(name): column for column, names in tomllib.loads(text).items() for name in names}


def _plain(name: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()


def columns_of(cells: Cells) -> dict[str, int]:
    """Column → where it stands in a head line; nothing where these cells are none of such a list."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = _known_names().get(_plain(cell))
        if column is not None:
            found.setdefault(column, at)
    return found if {"old_code", "new_code"} <= found.keys() else {}
