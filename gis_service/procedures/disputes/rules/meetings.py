"""R-PEA-02: joint meetings, convened by the sides in turn, resolve what a unit does by a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity

R_PEA_02 = Rule(
    id="R-PEA-02",
    title="联席会议由双方按年轮流召集，议定事项有责任单位和期限",
    legal_basis="平安边界建设通行做法：联席会议制度",
    status="P",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class ResolutionFacts:
    """A resolution; `is_of_a_side` tells whether the responsible unit belongs to a side of a line."""

    responsible: str
    is_of_a_side: bool
    due_on: date


@dataclass(frozen=True, slots=True)
class MeetingEvidence:
    """What a meeting is judged by; `convened_before` are lines the same side convened for the year before."""

    subject: str
    held_on: date
    today: date
    convener: str
    convener_is_of_a_side: bool
    resolutions: tuple[ResolutionFacts, ...]
    convened_before: tuple[str, ...] = ()
    cases_elsewhere: tuple[str, ...] = ()


def judge_meeting(evidence: MeetingEvidence) -> list[Finding]:
    """Everything that is to be said of a meeting before it is written."""
    return [*_meeting(evidence), *_resolutions(evidence)]


def _said(evidence: MeetingEvidence, severity: Severity, message: str, suggestion: str) -> Finding:
    return R_PEA_02.finding(severity, evidence.subject, message, suggestion=suggestion)


def _meeting(evidence: MeetingEvidence) -> Iterator[Finding]:
    if evidence.held_on > evidence.today:
        yield _said(
            evidence,
            Severity.blocking,
            f"会议日期 {evidence.held_on} 尚未到来",
            "会议召开后再登记；请核对日期",
        )
    if not evidence.convener_is_of_a_side:
        yield _said(
            evidence,
            Severity.blocking,
            f"召集单位{evidence.convener}不属于所涉界线的任何一侧",
            "请核对召集单位和界线",
        )
    if evidence.convened_before:
        yield _said(
            evidence,
            Severity.warning,
            f"{'、'.join(evidence.convened_before)}上一年也由{evidence.convener}一侧召集",
            "联席会议由双方按年轮流召集，请核对召集单位",
        )
    if evidence.cases_elsewhere:
        yield _said(
            evidence,
            Severity.blocking,
            f"隐患纠纷{'、'.join(evidence.cases_elsewhere)}不在所涉界线上",
            "请核对案号和界线",
        )


def _resolutions(evidence: MeetingEvidence) -> Iterator[Finding]:
    if not evidence.resolutions:
        yield _said(evidence, Severity.info, "会议没有议定事项", "有议定事项的，请写明责任单位和期限")
    for number, each in enumerate(evidence.resolutions, 1):
        if not each.is_of_a_side:
            yield _said(
                evidence,
                Severity.blocking,
                f"第 {number} 项议定事项的责任单位{each.responsible}不属于所涉界线的任何一侧",
                f"请核对第 {number} 项的 responsible",
            )
        if each.due_on < evidence.held_on:
            yield _said(
                evidence,
                Severity.blocking,
                f"第 {number} 项议定事项的期限 {each.due_on} 早于会议日期 {evidence.held_on}",
                f"请核对第 {number} 项的 due_on",
            )
