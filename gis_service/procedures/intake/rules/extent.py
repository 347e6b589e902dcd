"""R-INT-50 and R-INT-51: units lie in China, and in the province their code names."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import shapely

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.evidence import Evidence, place_of
from gis_service.procedures.intake.rules.thresholds import limit

R_INT_50 = Rule("R-INT-50", "坐标落在我国范围内", "公开地图内容表示规范", status="D")
R_INT_51 = Rule("R-INT-51", "单位位于代码所示的省", "GB/T 2260-2007", status="D")

Box = tuple[float, float, float, float]


def china() -> Box:
    """West, south, east, north of China's land and sea, in degrees."""
    west, south, east, north = (limit("extent", side) for side in ("west", "south", "east", "north"))
    return west, south, east, north


@cache
def _provinces() -> dict[str, Box]:
    """Boxes of the provinces, rounded outward to half a degree."""
    text = files(__package__).joinpath("province_extents.csv").read_text(encoding="utf-8")
    sides = ("west", "south", "east", "north")
    rows = csv.DictReader(text.splitlines())
    boxes: dict[str, Box] = {}
    for row in rows:
        west, south, east, north = (float(row[side]) for side in sides)
        boxes[row["province"]] = (west, south, east, north)
    return boxes


def _beyond(inner: Box, outer: Box, slack: float = 0.0) -> bool:
    return bool(
        inner[0] < outer[0] - slack
        or inner[1] < outer[1] - slack
        or inner[2] > outer[2] + slack
        or inner[3] > outer[3] + slack
    )


def units_lie_in_china_and_their_province(evidence: Evidence) -> list[Finding]:
    """Outside China blocks; outside the province's box warns, for the box is only rounded."""
    found = []
    for unit in evidence.units:
        box: Box = unit.geometry.bounds
        place = place_of(shapely.box(*box))
        if _beyond(box, china()):
            message = f"坐标超出我国范围：{_say(box)}"
            way_out = "请核对坐标系、经纬度次序和单位"
            found.append(
                R_INT_50.finding(Severity.blocking, unit.subject, message, place=place, suggestion=way_out)
            )
        elif _beyond(
            box, _provinces().get(unit.code[:2], china()), limit("extent", "province_slack_degrees")
        ):
            message = f"范围 {_say(box)} 超出代码前两位 {unit.code[:2]} 所示的省"
            way_out = "请核对代码与面是否对应、坐标系是否正确"
            found.append(
                R_INT_51.finding(Severity.warning, unit.subject, message, place=place, suggestion=way_out)
            )
    return found


def _say(box: Box) -> str:
    return f"经度 {box[0]:.4f}～{box[2]:.4f}，纬度 {box[1]:.4f}～{box[3]:.4f}"
