"""CSV, in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from gis_service.foundation.errors import InvalidInput

SUFFIXES = (".csv", ".txt")
_ENCODINGS = ("utf-8-sig", "gb18030")


def read(path: Path) -> pd.DataFrame:
    """A CSV file as a table of text."""
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return parse(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise InvalidInput(f"{path.name} 不是文本文件", way_out="请另存为 UTF-8 编码的 CSV")


def parse(text: str) -> pd.DataFrame:
    """CSV text with a head line as a table of text.

    Raises:
        InvalidInput: no head line, columns of one name, or lines of different length.
    """
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows:
        raise InvalidInput("表格是空的", way_out="第一行应为各列的名称")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head):
        raise InvalidInput("表格有同名的列", way_out="请给每列不同的名称")
    uneven = [number for number, row in enumerate(rows, 1) if len(row) != len(head)]
    if uneven:
        raise InvalidInput(
            f"第 {uneven[0]} 行有 {len(rows[uneven[0] - 1])} 列，应为 {len(head)} 列",
            way_out="请核对逗号和引号",
        )
    return pd.DataFrame(rows[1:], columns=head, dtype=str)


def write(table: pd.DataFrame, path: Path) -> None:
    """A table as CSV that Excel opens rightly too."""
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
