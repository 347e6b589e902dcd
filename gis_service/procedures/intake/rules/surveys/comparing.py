"""R-SUR-11: a drawn line is held against the line on record; the line on record stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.surveys.table import limit
from gis_service.registers.boundaries.rules import Match

R_SUR_11 = Rule(
    "R-SUR-11",
    "来件所绘界线与登记簿的界线相符",
    "行政区域界线管理条例 第四条、第十四条；本服务约定",
    status="D",
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """A drawn line and the line on record it was held against, from one chainage of that to another.

    `is_guessed` where only nearness told which line it is of.
    """

    row: int
    code: str
    name: str
    length_m: float
    match: Match
    from_m: float
    to_m: float
    is_guessed: bool = False

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        match = self.match
        far = {"lon": round(match.farthest.x, 8), "lat": round(match.farthest.y, 8)}
        return {
            "row": self.row,
            "code": self.code,
            "name": self.name,
            "is_guessed": self.is_guessed,
            "max_deviation_m": round(match.hausdorff_m, 2),
            "mean_deviation_m": round(match.mean_m, 2),
            "farthest": far,
            "from_m": round(self.from_m, 1),
            "to_m": round(self.to_m, 1),
            "length_m": round(self.length_m, 1),
            "apart": [
                [round(figure, 1) for figure in (each.from_m, each.to_m, each.max_m)] for each in match.apart
            ],
        }


def judge_drawn(source: str, compared: Compared) -> Iterator[Finding]:
    """How far apart the two are and where; stretches beyond the tolerance; ends that are not drawn."""
    match, tolerance = compared.match, limit("line_tolerance_m")
    at, subject = f"{source} 第{compared.row}行", f"第{compared.row}行 {compared.name}"
    told = (
        f"{at}：与{compared.name}（{compared.code}）"
        f"最大相差 {match.hausdorff_m:.1f} 米，平均 {match.mean_m:.1f} 米"
    )
    if compared.is_guessed:
        told = f"{told}；来件没有写明界线，按最近的一条比对"
    place = {"type": "Point", "coordinates": [match.farthest.x, match.farthest.y]}
    apart = match.hausdorff_m > tolerance
    yield R_SUR_11.finding(
        Severity.warning if apart or compared.is_guessed else Severity.info,
        subject,
        told,
        place=place,
        suggestion=_WAY_OUT if apart else "",
    )
    if match.apart:
        yield R_SUR_11.finding(
            Severity.warning,
            subject,
            f"{at}：{len(match.apart)} 段超出 {tolerance:g} 米：{_stretches(match)}",
            place=place,
            suggestion=_WAY_OUT,
        )
    if missing := _missing(compared, tolerance):
        yield R_SUR_11.finding(
            Severity.warning,
            subject,
            f"{at}：没有绘出{'、'.join(missing)}（{compared.name}全长 {compared.length_m / 1000:.3f} 千米）",
            suggestion="请补绘；只比对一段的可不处理",
        )


_WAY_OUT = (
    "登记簿的界线以协议书为准，不随来件移动；请核对来件的坐标系、比例尺和绘制时间，确有争议的登记主张线"
)


def _stretches(match: Match) -> str:
    """The largest first, each by its chainages."""
    largest = sorted(match.apart, key=lambda each: -each.max_m)[:_SHOWN]
    told = [f"里程 {each.from_m:.0f}—{each.to_m:.0f} 米（最大 {each.max_m:.1f} 米）" for each in largest]
    return "；".join(told) + ("……" if len(match.apart) > _SHOWN else "")


def _missing(compared: Compared, tolerance: float) -> list[str]:
    missing, left = [], compared.length_m - compared.to_m
    if compared.from_m > tolerance:
        missing.append(f"起点一端 {compared.from_m:.0f} 米")
    if left > tolerance:
        missing.append(f"终点一端 {left:.0f} 米")
    return missing
