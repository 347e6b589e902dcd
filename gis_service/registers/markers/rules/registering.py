"""R-MRK-06, R-MRK-14 and R-BND-09: counts, managing sides and tri-points as they must be on file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.markers.rules.evidence import LineEvidence, MarkerFacts, geojson

R_MRK_06 = Rule(
    "R-MRK-06",
    "界线登记的单立、双立、三立界桩数等于在册界桩数",
    "GB/T 17796-2009 行政区域界线测绘规范",
    status="P",
)
R_MRK_14 = Rule(
    "R-MRK-14", "每座界桩恰有一方依协议负责管理", "行政区域界线管理条例 第六条；行政区域界线界桩管理办法"
)
R_BND_09 = Rule("R-BND-09", "三交点列入其每条界线，一并检查", "民函〔2023〕26号")

_PLACEMENTS = ("单立", "双立", "三立")


def judge_counts(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-06: a set counts once, under its placement."""
    sets = {(marker.number[:7], marker.placement) for marker in line.markers if not marker.is_tri_point}
    found = Counter(placement for _, placement in sets)
    for placement, told in zip(_PLACEMENTS, line.counts, strict=True):
        if told is not None and told != found[placement]:
            yield R_MRK_06.finding(
                Severity.warning,
                line.name,
                f"{line.name}登记{placement}界桩 {told} 个编号，在册 {found[placement]} 个",
                suggestion="请补登界桩，或更正界线登记内容；同号双立、三立按一个编号计",
            )


def judge_managing(line: LineEvidence, marker: MarkerFacts) -> Iterator[Finding]:
    """R-MRK-14: one side keeps it, it is a side of the line, and a paper says so."""
    yield from judge_keeper(line.name, marker)


def judge_keeper(line: str, marker: MarkerFacts) -> Iterator[Finding]:
    """The same of a marker by itself; `line` is what its line is called."""
    if marker.managing is None:
        what, severity = "没有负责管理的一方", Severity.blocking
    elif not marker.managing_is_side:
        what, severity = f"由 {marker.managing} 管理，而它不是{line}任何一侧的单位", Severity.blocking
    elif not marker.is_managed_by_agreement:
        what, severity = f"由 {marker.managing} 管理，没有协议书或管理协议为据", Severity.warning
    else:
        return
    yield R_MRK_14.finding(
        severity,
        marker.number,
        f"界桩 {marker.number} {what}",
        place=marker.place,
        suggestion="请按协议书登记管理方；协议书没有写明的，由毗邻双方签订管理协议并备案",
    )


def judge_tri_points(line: LineEvidence) -> Iterator[Finding]:
    """R-BND-09: the marker of a tri-point stands on the list of each of its lines."""
    for each in line.tri_points:
        if not each.is_listed:
            what = f"的界桩 {each.number} 没有列入{line.name}" if each.number else "没有登记界桩"
            yield R_BND_09.finding(
                Severity.warning,
                each.name,
                f"三交点“{each.name}”{what}",
                place=geojson(each.point),
                suggestion="请把三交点界桩列入相交的每条界线",
            )
