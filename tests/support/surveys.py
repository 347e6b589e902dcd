"""Survey tables made for tests: a small line 甲区—乙区 and markers on it, as people hand them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from gis_service.foundation.coordinates import Zone, format_dms, project

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
DRAWING = "AABB AABB AABB"
LINE = "0204"
ZONE = Zone(3, 40)
LON = 119.02  # the line runs from north to south along it, from 32.00 to 31.97


def row(number: Any, lat: float = 31.99, lon: float = LON, **more: Any) -> dict[str, Any]:
    """A marker on the line, in plane coordinates with the number of the zone."""
    x, y = project((lon, lat), ZONE)
    plain = {
        "界桩编号": number,
        "界线代码": LINE,
        "X坐标": round(x, 3),
        "Y坐标": round(ZONE.easting(y), 3),
        "坐标系": "CGCS2000",
        "管理方代码": "320102",
    }
    return plain | more


def degrees(number: Any, lat: float = 31.99, lon: float = LON, **more: Any) -> dict[str, Any]:
    """The same in degrees, minutes and seconds."""
    told = row(number, lat, lon) | {"经度": format_dms(lon, decimals=4), "纬度": format_dms(lat, decimals=4)}
    return {name: value for name, value in told.items() if name not in {"X坐标", "Y坐标"}} | more


def workbook(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Rows as a workbook; numbers stay numbers, as Excel would have them."""
    heads = list(dict.fromkeys(head for each in rows for head in each))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(heads)
    for each in rows:
        sheet.append([each.get(head) for head in heads])
    book.save(path)
    return path
