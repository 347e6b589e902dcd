"""Asking every judge about a proposal, and setting aside what somebody answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.rules import JUDGES, OVERRIDABLE, ChangeEvidence
from gis_service.procedures.changes.schemas import OverrideIn


def judge_proposal(evidence: ChangeEvidence, overrides: Sequence[OverrideIn] = ()) -> list[Finding]:
    """All findings about a proposal, each once; overridden ones weigh as warnings and say who answers why."""
    findings = [finding for judge in JUDGES for finding in judge(evidence)]
    for operation in evidence.operations:
        findings.extend(KIND_BY_ID[operation.kind].judge(operation, evidence))
    reasons = {override.rule: override.reason for override in overrides if override.rule in OVERRIDABLE}
    return [_set_aside(finding, reasons) for finding in findings]


def _set_aside(finding: Finding, reasons: dict[str, str]) -> Finding:
    if not finding.blocking or finding.rule not in reasons:
        return finding
    reason = reasons[finding.rule]
    return replace(finding, severity=Severity.warning, message=f"{finding.message}（已申明理由：{reason}）")
