"""R-BND-14, R-BND-15: what a line follows may change on the ground; the line stays where it was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity

R_BND_14 = Rule(
    id="R-BND-14",
    title="河流、道路等变动，界线不随之移动，协议另有约定的除外",
    legal_basis="行政区域界线管理条例 第七条",
    version="2026-1",
)
R_BND_15 = Rule(
    id="R-BND-15",
    title="指示物变化须有修测结果并备案",
    legal_basis="行政区域界线管理条例 第八条",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class AlongFeature:
    """A stretch of a line that follows a feature; `moves_by` is the agreement that lets it move, if any."""

    from_m: float
    to_m: float
    moves_by: str | None


def judge_moved(subject: str, feature: str, stretches: Sequence[AlongFeature]) -> list[Finding]:
    """What is to be told of each stretch of a line along a feature that has changed (R-BND-14)."""
    return [_told(subject, feature, stretch) for stretch in stretches]


def _told(subject: str, feature: str, stretch: AlongFeature) -> Finding:
    where = f"里程 {stretch.from_m:.1f} 至 {stretch.to_m:.1f} 米"
    if stretch.moves_by is None:
        return R_BND_14.finding(
            Severity.warning,
            subject,
            f"{feature}已变动，{where}的界线仍在原处，不随之移动",
            suggestion="请开立修测（gis-service resurveys open），并在联合检查中说明；登记的线形不得改动",
        )
    return R_BND_14.finding(
        Severity.warning,
        subject,
        f"{feature}已变动，{stretch.moves_by}约定{where}的界线随之移动；登记的线形尚未改动",
        suggestion="请按协议办理界线变更案卷，经批准后另行划定",
    )


def judge_change_of_indicator(subject: str, *, resurveyed: bool, filed: bool) -> list[Finding]:
    """A change of an indicator stands by a survey and a filing (R-BND-15)."""
    missing = [word for word, given in (("修测结果", resurveyed), ("备案文件", filed)) if not given]
    if not missing:
        return []
    return [
        R_BND_15.finding(
            Severity.blocking,
            subject,
            f"指示物变化没有{'、'.join(missing)}",
            suggestion="请由县级以上民政部门组织修测（gis-service resurveys open）、确定新的指示物，"
            "并报批准机关备案后登记",
        )
    ]
