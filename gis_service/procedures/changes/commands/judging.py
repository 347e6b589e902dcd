"""Asking every judge about a proposal, and setting aside what somebody answers for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries import (
    conduct_of,
    gather,
    governments_above,
    held_by_codes,
    record_for,
    touched_by,
)
from gis_service.procedures.changes.rules import (
    CONDUCT_JUDGES,
    JUDGES,
    OVERRIDABLE,
    SPELT_OTHERWISE,
    ChangeEvidence,
    Lawful,
    Plan,
    judge_codes_after,
    judge_correction,
    judge_decision,
    judge_issuer,
    judge_unseen,
    lawful_approval,
    planned,
    put_right,
    tell_approver,
)
from gis_service.procedures.changes.schemas import OverrideIn, ProposalIn


def judge(tx: Transaction, proposal: ProposalIn, *, materials: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings about a proposal as the actor sees the registers.

    Of what he may not see, he is told no more than that something of it stands in the way.
    """
    seen = judge_proposal(tx.session, gather(tx.session, proposal, materials=materials), proposal.overrides)
    if tx.actor.is_operator or any(finding.blocking for finding in seen):
        return seen
    with full_sight(tx.session):
        evidence = gather(tx.session, proposal, materials=materials)
        everything = judge_proposal(tx.session, evidence, proposal.overrides)
    return [*seen, *judge_unseen(everything)]


def judge_proposal(
    session: Session, evidence: ChangeEvidence, overrides: Sequence[OverrideIn] = ()
) -> list[Finding]:
    """All findings about a proposal, each once; overridden ones weigh as warnings and say who answers why.

    What its operations come to together is judged only when nothing stands against any of them.
    """
    reasons = _reasons(overrides)
    findings = [_set_aside(finding, reasons) for finding in _judge_each(evidence)]
    if not any(finding.blocking for finding in findings):
        plan, together = plan_of(evidence)
        together += judge_codes_after(evidence, plan, held_by_codes(session, plan))
        if plan.corrected and not any(finding.blocking for finding in together):
            record = record_for(session, plan.corrected)
            together += judge_correction(record, put_right(record, plan.corrected))
        findings += [_set_aside(finding, reasons) for finding in together]
    return [*findings, *tell_approver(lawful_for(evidence), areas=evidence.special_areas)]


def _judge_each(evidence: ChangeEvidence) -> Iterator[Finding]:
    for judge_ in JUDGES:
        yield from judge_(evidence)
    for operation in evidence.operations:
        yield from KIND_BY_ID[operation.kind].judge(operation, evidence)
    areas, scale = evidence.special_areas, evidence.scale
    yield from judge_decision(touched_by(evidence), scale=scale, reason=evidence.scale_reason, areas=areas)


def plan_of(evidence: ChangeEvidence) -> tuple[Plan, list[Finding]]:
    """All operations as one plan, with what contradicts in it; asked when nothing blocks any of them."""
    outcomes = [KIND_BY_ID[operation.kind].outcome(operation) for operation in evidence.operations]
    return planned(evidence, outcomes)


def judge_conduct(tx: Transaction, case: ChangeCase, proposal: ProposalIn) -> list[Finding]:
    """All findings about how a case was conducted: steps, departments, standards."""
    conduct = conduct_of(tx.session, case, proposal)
    return [finding for judge in CONDUCT_JUDGES for finding in judge(conduct)]


def lawful_for(evidence: ChangeEvidence) -> Lawful | None:
    """Who must approve, by law; None where too little is known of the change."""
    return lawful_approval(touched_by(evidence), areas=evidence.special_areas, scale=evidence.scale)


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
