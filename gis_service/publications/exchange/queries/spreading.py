"""Spreading values over shares so that every sum stays what it was, to the last digit that was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from gis_service.foundation.errors import InvalidInput

_MOST_DECIMALS = 12
_WHOLE = re.compile(r"([+-]?\d{1,18})?", re.ASCII)
_MOST_UNITS = 2**53  # beyond, floating point shares no longer hit every whole number


def read_values(column: pd.Series) -> tuple[pd.Series, int]:
    """A column of written numbers as whole numbers of its last decimal, and how many decimals these are.

    Raises:
        InvalidInput: a cell is no number, or too large for what is written behind the point.
    """
    texts = column.fillna("").astype(str).str.strip().str.replace(",", "", regex=False).tolist()
    if all(_WHOLE.fullmatch(text) for text in texts):
        decimals = 0
        units = [int(text) if text else None for text in texts]
    else:
        numbers = [_number(text, row, str(column.name)) for row, text in enumerate(texts, 1)]
        decimals = max(_decimals(number) for number in numbers if number is not None)
        units = [None if number is None else int(number.scaleb(decimals)) for number in numbers]
    if any(unit is not None and abs(unit) > _MOST_UNITS for unit in units):
        raise InvalidInput(f"列“{column.name}”的数值过大或小数位过多", way_out="请减少小数位或换用较大的单位")
    return pd.Series(units, index=column.index, dtype="Int64", name=column.name), decimals


def _number(text: str, row: int, name: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(
            f"第 {row} 行“{name}”一列的“{text[:40]}”不是数", way_out="请改正，或不把此列作为数值列"
        ) from error
    if not number.is_finite() or _decimals(number) > _MOST_DECIMALS:
        raise InvalidInput(f"第 {row} 行“{name}”一列的“{text[:40]}”不能分摊", way_out="请改正或减少小数位")
    return number


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def spread(units: pd.Series, shares: pd.Series, row: pd.Series) -> pd.Series:
    """Whole numbers parted by shares within each row of origin (largest remainder); rows keep their sums.

    `units` holds the whole of its row in every part of it; `shares` of a row come to 1; parts of one row
    stand together.
    """
    whole = units.fillna(0).to_numpy(dtype=np.int64)
    exact = np.abs(whole) * shares.to_numpy(dtype=float)
    floor = np.floor(exact)
    frame = pd.DataFrame({"row": row.to_numpy(), "floor": floor, "behind": exact - floor})
    groups = frame.groupby("row", sort=False)
    missing = np.abs(whole) - groups["floor"].transform("sum").to_numpy()
    rank = groups["behind"].rank(method="first", ascending=False).to_numpy()
    last = groups["behind"].rank(method="first", ascending=True).to_numpy()
    parts = floor + (rank <= missing) - (last <= -missing)
    spread_ = pd.Series(np.sign(whole) * parts, index=units.index).astype("Int64")
    return spread_.mask(units.isna())


def written(units: pd.Series, decimals: int) -> pd.Series:
    """Whole numbers of the last decimal as they are written, empty ones empty."""
    if decimals == 0:
        return units.astype("string").fillna("").astype(str)
    texts = ["" if unit is pd.NA else _written(int(unit), decimals) for unit in units]
    return pd.Series(texts, index=units.index, name=units.name)


def _written(unit: int, decimals: int) -> str:
    return f"{Decimal(unit).scaleb(-decimals):.{decimals}f}"


def total(units: pd.Series, decimals: int) -> str:
    """The sum as it is written."""
    return _written(sum(int(unit) for unit in units.dropna()), decimals)


def equal_shares(count: int) -> Sequence[float]:
    """The same share for each of some units."""
    return [1 / count] * count
