"""A published length beside the derived one: how far they differ, and why. Neither is ever mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.boundaries.rules.thresholds import threshold

R_BND_20 = Rule(
    "R-BND-20",
    "公布长度与登记线形的长度不同的，须说明缘由",
    "行政区域界线管理条例 第四条、第十四条",
    status="D",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class SourceOfLine:
    """How much of a line comes from one source, and how finely that source tells it."""

    name: str
    accuracy_m: float | None
    length_km: float
    steps: int

    @property
    def step_m(self) -> float:
        """How far apart its vertices are on average."""
        return self.length_km * 1000.0 / max(self.steps, 1)


@dataclass(frozen=True, slots=True)
class LengthEvidence:
    """What is known of a line's length: its sources, its gaps in metres, and units without an area."""

    derived_km: float
    published_km: float | None
    sources: tuple[SourceOfLine, ...]
    gaps_m: tuple[float, ...] = ()
    without_area: tuple[str, ...] = ()
    unsettled_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """Both lengths, the difference derived − published in km and as a share of the published, and reasons."""

    derived_km: float
    published_km: float | None
    difference_km: float | None
    difference_share: float | None
    reasons: tuple[str, ...]


def explained(evidence: LengthEvidence) -> Lengths:
    """Both lengths with the reasons why they may differ, in Chinese."""
    if not evidence.published_km:
        return Lengths(evidence.derived_km, evidence.published_km, None, None, ("没有登记公布长度",))
    difference = evidence.derived_km - evidence.published_km
    share = difference / evidence.published_km
    if abs(share) <= threshold("length", "agrees_share"):
        reasons: tuple[str, ...] = (f"两者相差在 {threshold('length', 'agrees_share'):.0%} 以内，视为一致",)
    else:
        reasons = tuple(_reasons(evidence, difference)) or (
            "登记的线形没有可以说明差异的缘由，请核对公布长度的起讫与口径",
        )
    return Lengths(evidence.derived_km, evidence.published_km, difference, share, reasons)


def _reasons(evidence: LengthEvidence, difference: float) -> Iterator[str]:
    if difference < 0:
        yield from _generalised(evidence.sources)
        yield from _missing(evidence)
    if evidence.unsettled_km > 0:
        yield f"其中 {evidence.unsettled_km:.3f} 千米为未定界或争议段，公布长度的口径可能不同"
    if difference > 0:
        yield "公布长度可能只计某一段，或只计陆地部分，请核对其口径"


def _generalised(sources: Sequence[SourceOfLine]) -> Iterator[str]:
    for source in sources:
        is_coarse = source.accuracy_m is not None and source.accuracy_m >= threshold(
            "length", "generalised_m"
        )
        if is_coarse or source.accuracy_m is None:
            claimed = "未说明精度" if source.accuracy_m is None else f"声明精度 {source.accuracy_m:g} 米"
            yield (
                f"线形来自“{source.name}”（{claimed}，{source.length_km:.3f} 千米，"
                f"平均每 {source.step_m:.0f} 米一个折点）：概括数据把弯曲截直，长度偏短"
            )


def _missing(evidence: LengthEvidence) -> Iterator[str]:
    if evidence.gaps_m:
        total = sum(evidence.gaps_m) / 1000.0
        yield f"线形分为 {len(evidence.gaps_m) + 1} 段，各段首尾之间直线距离合计 {total:.3f} 千米，没有登记边"
    if evidence.without_area:
        names = "、".join(evidence.without_area[:5])
        more = f"等 {len(evidence.without_area)} 个单位" if len(evidence.without_area) > 5 else ""
        yield f"{names}{more}没有登记范围，相应各段只有一侧，不计入长度"


def judge_lengths(subject: str, lengths: Lengths) -> Iterator[Finding]:
    """R-BND-20: a published length that differs from the derived one, with every reason that is known."""
    share = lengths.difference_share
    if share is None or abs(share) <= threshold("length", "agrees_share"):
        return
    yield R_BND_20.finding(
        Severity.info,
        subject,
        f"公布长度 {lengths.published_km:.3f} 千米，登记线形 {lengths.derived_km:.3f} 千米，"
        f"相差 {lengths.difference_km:+.3f} 千米（{share:+.1%}）：{'；'.join(lengths.reasons)}",
        suggestion="两个长度都照实保留；请核对公布长度的口径，或补充更精细的勘测线形",
    )
