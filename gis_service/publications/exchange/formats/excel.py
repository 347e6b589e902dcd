"""Excel workbooks (xlsx): the first sheet, its first row the names of the columns."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

from gis_service.foundation.errors import InvalidInput

SUFFIXES = (".xlsx",)


def read(path: Path) -> pd.DataFrame:
    """The first sheet as a table of text; numbers as Excel shows them to programs: 320602 may be 320602.0."""
    try:
        table = pd.read_excel(path, dtype=object, engine="openpyxl")
    except (BadZipFile, KeyError, ValueError) as error:
        raise InvalidInput(f"{path.name} 不是 Excel 工作簿", way_out="请另存为 .xlsx 或 CSV") from error
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    return table.map(_as_text)


def _as_text(value: object) -> str:
    if value is None or value is pd.NaT or value != value:
        return ""
    return str(value)


def write(table: pd.DataFrame, path: Path) -> None:
    """A table as the only sheet of a workbook."""
    table.to_excel(path, index=False, engine="openpyxl")
