"""R-INT-06 to R-INT-09: what one row says, as clean text and as polygons."""

from __future__ import annotations

import math
import re
import unicodedata
from numbers import Integral, Real
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Rule
from gis_service.registers.divisions.rules import DivisionLevel

R_INT_06 = Rule("R-INT-06", "每行有面状几何，坐标为有限数", "OGC 06-103r4（ISO 19125-1）")
R_INT_07 = Rule("R-INT-07", "代码以文本保存", "GB/T 2260-2007", status="D")
R_INT_08 = Rule("R-INT-08", "每行有代码，层级与来件一致", "GB/T 2260-2007", status="D")
R_INT_09 = Rule("R-INT-09", "来件至少有一个单位", "技术约定", status="M")

_DECIMAL = re.compile(r"^(\d+)\.0*$")
_EXPONENT = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")

MANNERS = {
    "number": "以数值保存，已转为文本",
    "decimal": "带小数点（如 320602.0），已去掉小数部分",
    "exponent": "以科学计数法保存，已还原",
    "fullwidth": "含全角数字，已转为半角",
    "spaces": "前后有空格，已去掉",
    "padded": "末尾补零至九位或十二位，已取前六位",
}


def code_text(value: Any) -> tuple[str, str]:
    """A code as text, and the manner it came in (a key of `MANNERS`), empty when it was clean.

    What is no code comes back as it stands; a missing value as empty text.
    """
    if value is None or (isinstance(value, Real) and math.isnan(float(value))):
        return "", ""
    if isinstance(value, Integral):
        return str(int(value)), "number"
    if isinstance(value, Real):
        number = float(value)
        return (str(int(number)), "decimal") if number.is_integer() else (str(number), "")
    return _clean(str(value))


def _clean(text: str) -> tuple[str, str]:
    stripped = text.strip()
    plain = unicodedata.normalize("NFKC", stripped)
    decimal = _DECIMAL.match(plain)
    if decimal:
        return decimal[1], "decimal"
    if _EXPONENT.match(plain) and float(plain).is_integer():
        return str(int(float(plain))), "exponent"
    if plain != stripped and plain.isdigit():
        return plain, "fullwidth"
    return stripped, "spaces" if stripped != text and stripped else ""


def unpadded(code: str, level: DivisionLevel | None) -> tuple[str, str]:
    """Six digits of a county or higher unit that was padded with zeros to nine or twelve."""
    wanted = level in {None, DivisionLevel.province, DivisionLevel.prefecture, DivisionLevel.county}
    if wanted and len(code) in {9, 12} and code.isdigit() and not code[6:].strip("0"):
        return code[:6], "padded"
    return code, ""


def name_text(value: Any) -> str:
    """A name without the blanks around it; nothing else is touched, so rare characters survive."""
    if value is None or (isinstance(value, Real) and math.isnan(float(value))):
        return ""
    return str(value).strip(" \t\r\n\u3000\x00")


def polygon_of(geometry: BaseGeometry | None) -> tuple[Polygon | MultiPolygon | None, str]:
    """The polygonal geometry of a row and what is wrong with it in Chinese; one of the two is empty."""
    if geometry is None or geometry.is_empty:
        return None, "没有几何"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, "坐标含 NaN 或无穷大"
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry, ""
    parts = list(shapely.get_parts(geometry)) if geometry.geom_type == "GeometryCollection" else [geometry]
    polygons = [part for part in parts if isinstance(part, Polygon | MultiPolygon)]
    if polygons and len(polygons) == len(parts):
        return MultiPolygon([piece for part in polygons for piece in shapely.get_parts(part)]), ""
    kinds = "、".join(sorted({part.geom_type for part in parts if part not in polygons}))
    return None, f"几何类型为 {kinds or geometry.geom_type}，不是面"
