"""R-BND-19 while a case is led: what a step lacks, and what a revision may change without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.disputes.rules.cases import R_BND_19
from gis_service.procedures.disputes.rules.catalogue import levels


@dataclass(frozen=True, slots=True)
class StepEvidence:
    """A step as it is taken in a case that is due on a day."""

    subject: str
    taken_on: date
    due_on: date
    is_open: bool
    agreed: bool | None = None
    has_paper: bool = False


@dataclass(frozen=True, slots=True)
class RevisionEvidence:
    """What a revision says; None leaves what stands. `due_before` and `level_before` stand until then."""

    subject: str
    reason: str
    found_on: date
    today: date
    level_before: str
    due_before: date
    level: str | None = None
    due_on: date | None = None
    responsible_off: str | None = None


def judge_step(evidence: StepEvidence) -> Iterator[Finding]:
    """What is to be said of a step: it comes late, or nothing on paper tells what was agreed."""
    if evidence.is_open and evidence.taken_on > evidence.due_on:
        late = (evidence.taken_on - evidence.due_on).days
        yield _finding(
            Severity.warning,
            evidence.subject,
            f"期限 {evidence.due_on} 已过 {late} 天",
            "请尽快化解；确需延长的，用 disputes revise 写明新期限和理由",
        )
    if evidence.agreed and not evidence.has_paper:
        yield _finding(
            Severity.info,
            evidence.subject,
            "双方达成一致，而没有写明协议书或会议纪要",
            "请写明文件的文号，或会议纪要的内容摘要",
        )


def judge_revision(evidence: RevisionEvidence) -> Iterator[Finding]:
    """Whether a revision may be recorded."""
    if evidence.level is not None:
        yield from _level(evidence, evidence.level)
    if evidence.due_on is not None:
        yield from _due(evidence, evidence.due_on)
    if evidence.responsible_off:
        yield _finding(
            Severity.warning,
            evidence.subject,
            f"责任单位{evidence.responsible_off}不属于界线的任何一侧",
            "请核对责任单位；由共同上级负责的不必更改",
        )


def _level(evidence: RevisionEvidence, level: str) -> Iterator[Finding]:
    weights = levels()
    if level not in weights:
        yield _finding(
            Severity.blocking, evidence.subject, f"没有等级“{level[:40]}”", f"应为：{'、'.join(weights)}"
        )
    elif weights[level] < weights[evidence.level_before] and not evidence.reason:
        yield _finding(
            Severity.blocking,
            evidence.subject,
            f"等级由{evidence.level_before}降为{level}，没有写明理由",
            "请写明理由",
        )


def _due(evidence: RevisionEvidence, due_on: date) -> Iterator[Finding]:
    if due_on < evidence.found_on:
        message = f"期限 {due_on} 早于发现日期 {evidence.found_on}"
        yield _finding(Severity.blocking, evidence.subject, message, "请核对期限")
    elif due_on > evidence.due_before and not evidence.reason:
        message = f"期限由 {evidence.due_before} 延至 {due_on}，没有写明理由"
        yield _finding(Severity.blocking, evidence.subject, message, "请写明延期的理由")
    elif due_on < evidence.today:
        message = f"期限 {due_on} 已过"
        yield _finding(Severity.warning, evidence.subject, message, "请尽快化解，或核对期限")


def _finding(severity: Severity, subject: str, message: str, suggestion: str) -> Finding:
    return R_BND_19.finding(severity, subject, message, suggestion=suggestion)
