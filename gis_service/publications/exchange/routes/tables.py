"""A table out of the body of a request: every cell as text."""

from __future__ import annotations

import pandas as pd

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import csv_table
from gis_service.publications.exchange.schemas import MOST_ROWS, Cell, TableIn


def table_of(asked: TableIn) -> pd.DataFrame:
    """The table that a request holds.

    Raises:
        InvalidInput: no table, two of them, or one that is too long.
    """
    if (asked.rows is None) == (asked.csv is None):
        raise InvalidInput("表格须以 rows 或 csv 送来，只写其一", way_out="请写 rows（各行）或 csv（文本）")
    if asked.csv is not None:
        table = csv_table.parse(asked.csv)
    else:
        rows = asked.rows or []
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = pd.DataFrame(
            [[_text(row.get(name)) for name in names] for row in rows], columns=names, dtype=str
        )
    if len(table) > MOST_ROWS:
        raise InvalidInput(
            f"表格有 {len(table)} 行，一次至多 {MOST_ROWS} 行",
            way_out="请分几次送来，或用命令 gis-service divisions crosswalk",
        )
    return table


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
