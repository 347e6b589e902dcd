"""Tables from files and into files: every cell as text, so that codes keep their digits."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import csv_table, excel

FORMATS: tuple[ModuleType, ...] = (csv_table, excel)


def read_table(path: Path) -> pd.DataFrame:
    """A table, all cells text, empty ones empty text.

    Raises:
        InvalidInput: no such file, another format, or not readable as what its name says.
    """
    if not path.is_file():
        raise InvalidInput(f"没有文件 {path}", way_out="请核对路径")
    table: pd.DataFrame = _format_of(path).read(path)
    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table in the format that the name of the file tells."""
    _format_of(path).write(table, path)


def _format_of(path: Path) -> ModuleType:
    for each in FORMATS:
        if path.suffix.lower() in each.SUFFIXES:
            return each
    known = "、".join(suffix for each in FORMATS for suffix in each.SUFFIXES)
    raise InvalidInput(f"不认识 {path.name} 的格式", way_out=f"请用 {known} 文件")
