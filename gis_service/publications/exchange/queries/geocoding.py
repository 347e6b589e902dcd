"""A table of addresses with the place of each put beside it."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.queries.searching import Geocoded, geocode_each

COLUMNS = ("地名", "单位代码", "单位名称", "经度", "纬度", "把握", "未认出", "说明")
_UNKNOWN = "没有把握，不作猜测"


def geocode_table(session: Session, table: pd.DataFrame, *, column: str, on: date) -> pd.DataFrame:
    """The table with the best place of each address; where none is sure, that is said.

    Raises:
        InvalidInput: no such column, or columns that would be overwritten.
    """
    if column not in table.columns:
        raise InvalidInput(f"表格没有“{column}”列", way_out=f"现有的列：{'、'.join(table.columns)[:200]}")
    taken = [name for name in COLUMNS if name in table.columns]
    if taken:
        raise InvalidInput(f"表格已有列 {'、'.join(taken)}", way_out="请先改列名，以免覆盖")
    found = geocode_each(session, list(table[column]), on=on)
    beside = pd.DataFrame([_row(each) for each in found], columns=list(COLUMNS), index=table.index)
    return pd.concat([table, beside], axis=1)


def _row(told: Geocoded) -> tuple[str, ...]:
    if not told.candidates:
        return ("", "", "", "", "", "", told.rest, _UNKNOWN)
    best = told.candidates[0]
    place = ("", "") if best.lon is None else (f"{best.lon:.6f}", f"{best.lat:.6f}")
    others = f"；另有 {len(told.candidates) - 1} 处可能" if len(told.candidates) > 1 else ""
    return (
        *(best.name, best.unit or "", best.unit_name or "", *place),
        *(f"{best.confidence:.3f}", told.rest, best.why_zh + others),
    )
