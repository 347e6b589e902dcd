"""R-CHG-96: the steps a change demands are recorded with what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.conduct import Conduct
from gis_service.procedures.changes.rules.evidence import Basis
from gis_service.procedures.changes.rules.versioned import holds, table

R_CHG_STEPS = Rule(
    id="R-CHG-96",
    title="变更依法应经的程序（专家论证、风险评估、征求意见等）都有记录",
    legal_basis="行政区划管理条例 第十三条、第十四条",
)


class Opinion(StrEnum):
    """What came of a step, or what a department answered."""

    agreed = "同意"
    conditional = "有条件同意"
    opposed = "不同意"
    otherwise = "其他"


@dataclass(frozen=True, slots=True)
class Demand:
    """That a change needs a step, by which article, and what its absence weighs."""

    step: str
    severity: Severity
    legal_basis: str
    status: str


def step_kinds() -> Mapping[str, str]:
    """Kind → Chinese title of every step."""
    return {row["kind"]: row["title"] for row in table("steps.toml")["step"]}


def counts_opinions(kind: str) -> bool:
    """Whether a step of this kind may tell how many were for and against."""
    return any(
        row.get("counts_opinions", False) for row in table("steps.toml")["step"] if row["kind"] == kind
    )


def demanded_steps(conduct: Conduct) -> list[Demand]:
    """The steps that the law of its day demands of a case."""
    return [
        Demand(row["step"], Severity(row["severity"]), row["legal_basis"], row["status"])
        for row in table("steps.toml")["demand"]
        if holds(row, on=conduct.on, provinces=conduct.provinces) and _touches(row, conduct)
    ]


def _touches(row: Mapping[str, list[str]], conduct: Conduct) -> bool:
    matters, levels = row.get("matters"), row.get("levels")
    return any(
        (not matters or matter in matters) and (not levels or level in levels)
        for matter, level in conduct.matters()
    )


def judge_steps(conduct: Conduct) -> list[Finding]:
    """Whether each demanded step was taken, and which ended against the change; nothing of published acts."""
    if conduct.basis is Basis.published_act:
        return []
    return [*_missing(conduct), *_opposed(conduct)]


def _missing(conduct: Conduct) -> Iterator[Finding]:
    taken = {step.kind for step in conduct.steps}
    for demand in demanded_steps(conduct):
        if demand.step not in taken:
            title = step_kinds()[demand.step]
            yield R_CHG_STEPS.finding(
                demand.severity,
                title,
                f"没有“{title}”的记录（{demand.legal_basis}）",
                suggestion="请登记该程序的日期、组织单位、结果和文件（changes steps add）",
            )


def _opposed(conduct: Conduct) -> Iterator[Finding]:
    for step in conduct.steps:
        if step.result == Opinion.opposed:
            title = step_kinds().get(step.kind, step.kind)
            yield R_CHG_STEPS.finding(
                Severity.warning,
                title,
                f"“{title}”的结果为不同意",
                suggestion="请核对方案，并在申请书中说明采纳情况",
            )
