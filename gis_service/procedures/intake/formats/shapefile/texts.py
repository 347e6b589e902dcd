"""The texts of a dBASE table, decoded value by value: a character cut off at the end of a field is told.

Fields have a fixed width in bytes, so writers cut long Chinese texts in the middle of a character. The table
is read byte by byte (as Latin-1) and decoded here, so that one such text does not spoil the whole file.
"""

from __future__ import annotations

import codecs
from collections import defaultdict

import geopandas as gpd
import pandas as pd

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.reading import R_INT_02

BYTEWISE = "ISO-8859-1"  # every byte is a character, so nothing is lost on the way to `decoded`
_LISTED_ROWS = 5


def decoded(
    frame: gpd.GeoDataFrame, codec: str, source: str
) -> tuple[gpd.GeoDataFrame | None, list[Finding]]:
    """The frame with column names and texts in `codec`; None when a text does not fit it."""
    cut: dict[str, list[int]] = defaultdict(list)
    columns: dict[str, str] = {}
    for column in frame.columns.drop(frame.geometry.name):
        try:
            columns[column] = _text(column, codec)[0]
            frame[column] = _values(frame[column], codec, cut[columns[column]])
        except UnicodeDecodeError:
            return None, [_undecodable(source, columns.get(column, column), codec)]
    found = [_cut_off(source, column, rows) for column, rows in cut.items() if rows]
    return frame.rename(columns=columns), found


def _values(values: pd.Series, codec: str, cut: list[int]) -> pd.Series:
    if not pd.api.types.is_string_dtype(values) and values.dtype != object:
        return values
    texts: list[object] = []
    for row, value in enumerate(values, start=1):
        text, whole = _text(value, codec) if isinstance(value, str) else (value, True)
        texts.append(text)
        if not whole:
            cut.append(row)
    return pd.Series(texts, index=values.index, dtype=object)


def _text(value: str, codec: str) -> tuple[str, bool]:
    """The text, and whether it is whole; bytes of a last character that is cut off are dropped.

    Raises:
        UnicodeDecodeError: the bytes do not fit elsewhere.
    """
    raw = value.encode(BYTEWISE)
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError:
        return codecs.getincrementaldecoder(codec)().decode(raw, final=False), False


def _cut_off(source: str, column: str, rows: list[int]) -> Finding:
    listed = "、".join(f"第{row}行" for row in rows[:_LISTED_ROWS])
    more = "等" if len(rows) > _LISTED_ROWS else ""
    where = f"{source} 的“{column}”列有 {len(rows)} 处文字"
    message = f"{where}超出字段宽度，末字被截断，已略去半个字（{listed}{more}）"
    return R_INT_02.finding(
        Severity.warning, column, message, suggestion="请加宽字段后重新导出；名称列请逐行核对"
    )


def _undecodable(source: str, column: str, codec: str) -> Finding:
    message = f"{source} 的“{column}”列不能按 {codec} 解码，编码混杂或文件已损坏"
    return R_INT_02.finding(
        Severity.blocking, column, message, suggestion="请用 --encoding 指明编码，或以 UTF-8 重新导出"
    )
