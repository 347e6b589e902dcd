"""R-PEA-03: a plan for sudden events tells whom to call on either side and what to do, and is drilled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity

R_PEA_03 = Rule(
    id="R-PEA-03",
    title="突发事件应急预案写明双方联系人和处置步骤，联系方式不公开，定期演练和复审",
    legal_basis="平安边界建设通行做法：突发事件应急预案",
    status="P",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """What a plan is judged by; `sides_without_contact` and `strangers` are names of units."""

    subject: str
    begins_on: date
    steps: int
    is_public: bool
    sides_without_contact: tuple[str, ...]
    strangers: tuple[str, ...]
    without_phone: tuple[str, ...]
    former_begins_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExerciseEvidence:
    """What a drill or a review of a plan is judged by."""

    subject: str
    held_on: date
    today: date
    begins_on: date
    ended_on: date | None


def judge_plan(evidence: PlanEvidence) -> list[Finding]:
    """Everything that is to be said of a plan before it is written."""
    return [*_contents(evidence), *_contacts(evidence)]


def _said(subject: str, severity: Severity, message: str, suggestion: str) -> Finding:
    return R_PEA_03.finding(severity, subject, message, suggestion=suggestion)


def _contents(evidence: PlanEvidence) -> Iterator[Finding]:
    if not evidence.steps:
        yield _said(evidence.subject, Severity.blocking, "没有写明处置步骤", "请在 steps 中逐条写明")
    if evidence.is_public:
        yield _said(evidence.subject, Severity.blocking, "预案含联系人，不能公开", "密级请写“内部”或“涉密”")
    if evidence.former_begins_on is not None and evidence.begins_on <= evidence.former_begins_on:
        yield _said(
            evidence.subject,
            Severity.blocking,
            f"生效日期 {evidence.begins_on} 不晚于上一版的 {evidence.former_begins_on}",
            "请核对 begins_on",
        )


def _contacts(evidence: PlanEvidence) -> Iterator[Finding]:
    if evidence.sides_without_contact:
        yield _said(
            evidence.subject,
            Severity.blocking,
            f"{'、'.join(evidence.sides_without_contact)}一侧没有联系人",
            "请在 contacts 中写明双方的联系人",
        )
    if evidence.strangers:
        yield _said(
            evidence.subject,
            Severity.warning,
            f"联系单位{'、'.join(evidence.strangers)}不属于界线的任何一侧",
            "请核对单位代码",
        )
    if evidence.without_phone:
        yield _said(
            evidence.subject,
            Severity.warning,
            f"联系人{'、'.join(evidence.without_phone)}没有电话",
            "请补写电话",
        )


def judge_exercise(evidence: ExerciseEvidence) -> list[Finding]:
    """Whether a drill or a review can have happened under the plan."""
    return list(_exercise(evidence))


def _exercise(evidence: ExerciseEvidence) -> Iterator[Finding]:
    if evidence.held_on > evidence.today:
        yield _said(evidence.subject, Severity.blocking, f"日期 {evidence.held_on} 尚未到来", "请核对日期")
    if evidence.held_on < evidence.begins_on:
        yield _said(
            evidence.subject,
            Severity.blocking,
            f"日期 {evidence.held_on} 早于预案的生效日期 {evidence.begins_on}",
            "请核对日期，或登记在当时有效的一版上",
        )
    if evidence.ended_on is not None and evidence.held_on >= evidence.ended_on:
        yield _said(
            evidence.subject,
            Severity.blocking,
            f"此版预案已于 {evidence.ended_on} 由新版代替",
            "请登记在当时有效的一版上",
        )
