"""Before a change is taken back: nothing stands on it, and who approved it, or one above him, revokes it."""

from __future__ import annotations

from collections.abc import Sequence

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import R_CHG_01
from gis_service.procedures.changes.rules.standing import R_CHG_STANDING

_STATE_COUNCIL = ("国务院", "中华人民共和国国务院")


def judge_later(labels: Sequence[str]) -> list[Finding]:
    """Blocking for every unit that changed since, or hangs on what would be taken back."""
    return [
        R_CHG_STANDING.finding(
            Severity.blocking,
            label,
            f"{label}在此变更之后另有登记，须先撤销后者",
            suggestion="请按由后到先的顺序撤销，或另立案卷办理相反的变更",
        )
        for label in labels
    ]


def judge_altered(labels: Sequence[str]) -> list[Finding]:
    """Blocking for every unit whose record is not any more as a correction left it."""
    return [
        R_CHG_STANDING.finding(
            Severity.blocking,
            label,
            f"{label}的登记在此更正之后又有改动，须先撤销后者",
            suggestion="请按由后到先的顺序撤销，或另立案卷再作更正",
        )
        for label in labels
    ]


def judge_corrections(numbers: Sequence[str]) -> list[Finding]:
    """Blocking for every correction of what would be taken back."""
    return [
        R_CHG_STANDING.finding(
            Severity.blocking,
            number,
            f"案卷 {number} 更正了此变更所写的登记",
            suggestion=f"请先撤销案卷 {number}",
        )
        for number in numbers
    ]


def judge_revoker(issuer: str, approved_by: str) -> list[Finding]:
    """An approval is revoked by who gave it, or by the State Council above him."""
    if "".join(issuer.split()) in {"".join(approved_by.split()), *_STATE_COUNCIL}:
        return []
    message = f"原批准机关为{approved_by or '（不详）'}，{issuer}无权撤销其批准"
    return [
        R_CHG_01.finding(Severity.blocking, f"制发机关 {issuer}", message, suggestion="请由原批准机关行文")
    ]
