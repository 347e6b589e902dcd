"""Asking every judge about a proposal, and setting aside what somebody answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries import conduct_of, gather, governments_above, touched_by
from gis_service.procedures.changes.rules import (
    CONDUCT_JUDGES,
    JUDGES,
    OVERRIDABLE,
    SPELT_OTHERWISE,
    ChangeEvidence,
    Lawful,
    judge_issuer,
    judge_unseen,
    lawful_approval,
    tell_approver,
)
from gis_service.procedures.changes.schemas import OverrideIn, ProposalIn


def judge(tx: Transaction, proposal: ProposalIn, *, materials: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings about a proposal as the actor sees the registers.

    Of what he may not see, he is told no more than that something of it stands in the way.
    """
    seen = judge_proposal(gather(tx.session, proposal, materials=materials), proposal.overrides)
    if tx.actor.is_operator or any(finding.blocking for finding in seen):
        return seen
    with full_sight(tx.session):
        everything = judge_proposal(gather(tx.session, proposal, materials=materials), proposal.overrides)
    return [*seen, *judge_unseen(everything)]


def judge_proposal(evidence: ChangeEvidence, overrides: Sequence[OverrideIn] = ()) -> list[Finding]:
    """All findings about a proposal, each once; overridden ones weigh as warnings and say who answers why."""
    findings = [finding for judge in JUDGES for finding in judge(evidence)]
    for operation in evidence.operations:
        findings.extend(KIND_BY_ID[operation.kind].judge(operation, evidence))
    findings.extend(tell_approver(lawful_for(evidence), areas=evidence.special_areas))
    reasons = _reasons(overrides)
    return [_set_aside(finding, reasons) for finding in findings]


def judge_conduct(tx: Transaction, case: ChangeCase, proposal: ProposalIn) -> list[Finding]:
    """All findings about how a case was conducted: steps, departments, standards."""
    conduct = conduct_of(tx.session, case, proposal)
    return [finding for judge in CONDUCT_JUDGES for finding in judge(conduct)]


def lawful_for(evidence: ChangeEvidence) -> Lawful | None:
    """Who must approve, by law; None where too little is known of the change."""
    return lawful_approval(touched_by(evidence), areas=evidence.special_areas)


def judge_issuer_of(
    tx: Transaction, evidence: ChangeEvidence, issuer: str, overrides: Sequence[OverrideIn] = ()
) -> list[Finding]:
    """R-CHG-01 on an act; only another spelling may be set aside, not another authority."""
    lawful = lawful_for(evidence)
    if lawful is None:
        return []
    reasons = _reasons(overrides)
    return [
        _set_aside(finding, reasons) if finding.class_ == SPELT_OTHERWISE else finding
        for finding in judge_issuer(issuer, lawful, governments_above(tx.session, evidence))
    ]


def _reasons(overrides: Sequence[OverrideIn]) -> dict[str, str]:
    return {override.rule: override.reason for override in overrides if override.rule in OVERRIDABLE}


def _set_aside(finding: Finding, reasons: dict[str, str]) -> Finding:
    if not finding.blocking or finding.rule not in reasons:
        return finding
    reason = reasons[finding.rule]
    return replace(finding, severity=Severity.warning, message=f"{finding.message}（已申明理由：{reason}）")
