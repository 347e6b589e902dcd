"""R-BND-21, R-BND-23: the register beside the copy of another holder, and beside its former edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shapely.geometry import mapping

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.boundaries.rules.matching import Apart, Match
from gis_service.registers.boundaries.rules.thresholds import threshold

R_BND_21 = Rule(
    "R-BND-21",
    "各方所存同一界线应当接边一致，公布的详图以登记为准",
    "行政区域界线管理条例 第四条、第十四条",
    status="D",
    version="2026-1",
)
R_BND_23 = Rule(
    "R-BND-23",
    "界线与上一版的差异须逐段列明",
    "行政区域界线管理条例 第二条、第九条",
    status="D",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """The line as it ran on an earlier day, held against the line of the day; lengths in kilometres.

    `match` is None where none of it can be compared, and `reason` says why. `lines` names the lines that ran
    there then, where it was not this one.
    """

    since: date
    before_km: float | None
    match: Match | None
    reason: str = ""
    lines: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What it is held against: 2020-06-04 的走向, or of which other lines."""
        return f"{self.since} {'、'.join(self.lines)}的走向" if self.lines else f"{self.since} 的走向"


def judge_copy(subject: str, source: str, match: Match) -> Iterator[Finding]:
    """What a copy tells otherwise than the register, stretch by stretch, and what it lacks."""
    limit = threshold("matching", "tolerance_m")
    for each in match.apart:
        yield R_BND_21.finding(
            Severity.warning,
            subject,
            f"里程 {each.from_m:.1f} 至 {each.to_m:.1f} 米，{source}与登记相差最大 {each.max_m:.2f} 米，"
            f"超过容差 {limit:g} 米",
            place=mapping(each.place),
            suggestion="请与对方核对协议书附图和界桩成果，以登记的界线为准重新接边",
        )
    yield from (_lacking(subject, source, each) for each in match.lacking)
    if not match.apart and not match.is_same and not match.lacking and match.hausdorff_m > 0:
        yield R_BND_21.finding(
            Severity.info,
            subject,
            f"{source}与登记在容差内一致，最大相差 {match.hausdorff_m:.3f} 米，坐标并不逐点相同",
            place=mapping(match.farthest),
            suggestion="请以登记的坐标替换，使两方逐点相同",
        )


def _lacking(subject: str, source: str, each: Apart) -> Finding:
    return R_BND_21.finding(
        Severity.warning,
        subject,
        f"{source}没有里程 {each.from_m:.1f} 至 {each.to_m:.1f} 米的一段",
        place=mapping(each.place),
        suggestion="请向对方索取缺少的一段，或核对其所存界线的起讫",
    )


def judge_edition(subject: str, edition: Edition) -> Iterator[Finding]:
    """Where the line runs otherwise than in its former edition: told, not blamed."""
    if edition.lines:
        yield R_BND_23.finding(
            Severity.info,
            subject,
            f"{edition.since} 时还没有这条界线，这里是{'、'.join(edition.lines)}，与之比较",
            suggestion="请核对变更的批准文件；协议书、界桩和附图须由原界线转来",
        )
    if edition.match is None:
        return
    for each in edition.match.apart:
        yield R_BND_23.finding(
            Severity.info,
            subject,
            f"里程 {each.from_m:.1f} 至 {each.to_m:.1f} 米与 {edition.told}不同，"
            f"最大相差 {each.max_m:.1f} 米",
            place=mapping(each.place),
            suggestion="请核对变更的批准文件，并更新这一段的勘定、界桩和附图",
        )
    for each in edition.match.lacking:
        yield R_BND_23.finding(
            Severity.info,
            subject,
            f"里程 {each.from_m:.1f} 至 {each.to_m:.1f} 米在 {edition.since} 还不是"
            f"{'界线' if edition.lines else '这条界线'}",
            place=mapping(each.place),
            suggestion="请核对变更的批准文件，并勘定这一段",
        )
