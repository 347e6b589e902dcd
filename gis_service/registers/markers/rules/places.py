"""R-MRK-05, -07, -12 and -13: where markers stand, in what coordinates, and whether they still do."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import distance_m
from gis_service.registers.markers.rules.evidence import LineEvidence, MarkerFacts, geojson
from gis_service.registers.markers.rules.thresholds import thresholds

_STANDARD = "GB/T 17796-2009 行政区域界线测绘规范"
R_MRK_05 = Rule("R-MRK-05", "同号双立界桩，A 在代码较小的一侧", _STANDARD, status="P")
R_MRK_07 = Rule("R-MRK-07", "单立界桩在界线上，同号双立、三立界桩各在其岸", _STANDARD, status="D")
R_MRK_12 = Rule("R-MRK-12", "实测位置偏离登记位置的，状况为移位", "行政区域界线管理条例 第六条", status="D")
R_MRK_13 = Rule("R-MRK-13", "坐标须注明坐标系和投影带", _STANDARD)

_SINGLE, _DOUBLE = "单立", "双立"
_MOVED = "移位"


def judge_systems(marker: MarkerFacts) -> Iterator[Finding]:
    """R-MRK-13: plane coordinates without system or zone may lie anywhere."""
    position = marker.position
    if position is None:
        yield R_MRK_13.finding(
            Severity.warning,
            marker.number,
            f"界桩 {marker.number} 没有登记坐标",
            place=marker.place,
            suggestion="请补测并登记坐标",
        )
        return
    is_plane = position.x is not None or position.y is not None
    lacking = [] if position.system.strip() else ["坐标系"]
    if is_plane and (position.zone is None or position.zone_width is None):
        lacking.append("投影带")
    if lacking:
        yield R_MRK_13.finding(
            Severity.blocking,
            marker.number,
            f"界桩 {marker.number} 的坐标没有注明{'、'.join(lacking)}",
            place=marker.place,
            suggestion="请按成果表注明坐标系（如 CGCS2000）、3°或 6°带及带号",
        )


def judge_place(line: LineEvidence, marker: MarkerFacts) -> Iterator[Finding]:
    """R-MRK-07: a single marker on the line; one of several near it, each in the area of a side."""
    if marker.offset_m is None:
        return
    asked, known = thresholds(), marker.position
    if marker.placement == _SINGLE:
        allowed = asked.on_line_m + ((known.accuracy_m if known else None) or 0.0)
        if marker.offset_m > allowed:
            yield _off(
                marker, f"离{line.name} {marker.offset_m:.1f} m，单立界桩应在界线上（限差 {allowed:.1f} m）"
            )
    elif marker.offset_m > asked.bank_m:
        yield _off(marker, f"离{line.name} {marker.offset_m:.0f} m，不像立于界河岸边")
    elif not marker.is_tri_point and not marker.lies_in:
        yield _off(marker, f"不在{line.name}任何一侧的范围内")


def _off(marker: MarkerFacts, what: str) -> Finding:
    return R_MRK_07.finding(
        Severity.blocking,
        marker.number,
        f"界桩 {marker.number} {what}",
        place=marker.place,
        suggestion="请核对坐标、投影带和埋设方式；界线以协议书为准，不因界桩移位而移动",
    )


def judge_banks(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-05 and -07 of pairs: A in the area of the side with the smaller code, B in that of the other."""
    for marker in line.regular:
        if marker.placement != _DOUBLE or marker.number[7] not in "AB" or not marker.lies_in:
            continue
        own, other = line.sides if marker.number[7] == "A" else line.sides[::-1]
        if own not in marker.lies_in:
            yield R_MRK_05.finding(
                Severity.warning,
                marker.number,
                f"界桩 {marker.number} 立于 {other} 一侧，{marker.number[7]} 桩应在 {own} 一侧",
                place=marker.place,
                suggestion="请核对坐标；确系当年埋设如此的，请在备注中说明，编号不得改写",
            )


def judge_moved(marker: MarkerFacts) -> Iterator[Finding]:
    """R-MRK-12: what is found too far from where it is registered has been moved, whatever was written."""
    if marker.found is None or marker.point is None or marker.state == _MOVED:
        return
    apart = distance_m(marker.point.x, marker.point.y, marker.found.x, marker.found.y)
    if apart > thresholds().moved_m:
        yield R_MRK_12.finding(
            Severity.warning,
            marker.number,
            f"界桩 {marker.number} 实测位置离登记位置 {apart:.1f} m，状况应为移位",
            place=geojson(marker.found),
            suggestion="请登记状况为移位，并会同毗邻方按登记位置恢复；移位的界桩没有法律效力",
        )
