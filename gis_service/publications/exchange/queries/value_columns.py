"""Which columns of a user's table hold amounts, so that they may be parted and summed."""

from __future__ import annotations

import pandas as pd

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.queries.spreading import read_values

# Numbers under such heads are no amounts: what tells things apart, when and where they are, and what is
# reckoned per head or per area. Read from the heads alone; the asker may name the columns himself.
NO_AMOUNTS = (
    *("代码", "编码", "编号", "序号", "年", "月", "日期", "经度", "纬度", "邮编", "区号"),
    *("率", "比例", "比重", "占比", "密度", "人均", "平均", "每", "指数", "%"),
    *("code", "year", "lon", "lat", "rate", "ratio", "share", "density", "per_", "percent", "index"),
)
NO_AMOUNTS_WHOLE = {"id", "no", "x", "y"}


def amounts_in(table: pd.DataFrame, *, code_column: str) -> tuple[str, ...]:
    """The columns whose every cell is a number or empty, and whose head does not say that it is no amount."""
    return tuple(
        name
        for name in map(str, table.columns)
        if name != code_column and _may_be_amount(name) and _is_written_in_numbers(table[name])
    )


def _may_be_amount(name: str) -> bool:
    head = name.strip().lower()
    return head not in NO_AMOUNTS_WHOLE and not any(word in head for word in NO_AMOUNTS)


def _is_written_in_numbers(column: pd.Series) -> bool:
    if not column.fillna("").astype(str).str.strip().any():
        return False
    try:
        read_values(column)
    except InvalidInput:
        return False
    return True
