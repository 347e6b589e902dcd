"""What the approver decided, as it is recorded: approval, refusal, more time."""

from __future__ import annotations

from collections.abc import Sequence

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, Severity, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.evaluations import plan_rounds
from gis_service.procedures.changes.commands.filings import keep_filing
from gis_service.procedures.changes.commands.in_hand import in_hand, move, proposal_of
from gis_service.procedures.changes.commands.judging import judge_issuer_of, lawful_for
from gis_service.procedures.changes.commands.jurisdiction import require_level, require_other_eyes
from gis_service.procedures.changes.models import CaseState, ChangeCase
from gis_service.procedures.changes.queries import gather, governments_above, parties_of
from gis_service.procedures.changes.rules import completion_due, issued_by, judge_filing
from gis_service.procedures.changes.schemas import FilingIn, OverrideIn
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.schemas import InstrumentIn


def approve(
    tx: Transaction,
    number: str,
    act: InstrumentIn,
    *,
    filing: str | None = None,
    overrides: Sequence[OverrideIn] = (),
) -> ChangeCase:
    """Record the approval (批准) and start the clock of completion (R-CHG-10).

    Raises:
        RuleViolated: the act is not by the lawful approver (R-CHG-01), or was not filed (R-CHG-04).
        NotPermitted: who drafted or submitted the case approves it, or somebody below the deciding level.
    """
    case = in_hand(tx, number, Act.decide_change)
    move(tx, case, CaseState.approved, **require_other_eyes(tx, case))
    findings = _judged_act(tx, case, act, filing, overrides)
    refuse_if_blocking(findings, f"案卷 {number} 的批准不能登记", way_out="请按各条意见核对批准文件")
    case.findings = [*case.findings, *(each.as_json() for each in findings)]
    case.instrument_id = register_instrument(tx, act, kept_within=parties_of(tx.session, case)).id
    case.approved_on = act.issued_on
    case.completion_due = completion_due(act.issued_on)
    plan_rounds(tx, case)
    if filing and filing.strip():
        keep_filing(tx, case, FilingIn.of_approval(filing, on=act.issued_on))
    tx.journal(
        "changes.approval",
        number,
        instrument_id=case.instrument_id,
        before={"approved_on": None, "completion_due": None},
        after={"approved_on": case.approved_on, "completion_due": case.completion_due},
        filing=filing,
        answered_for=[each.message for each in findings if each.severity is Severity.warning],
    )
    return case


def _judged_act(
    tx: Transaction,
    case: ChangeCase,
    act: InstrumentIn,
    filing: str | None,
    overrides: Sequence[OverrideIn],
) -> list[Finding]:
    proposal = proposal_of(case)
    evidence = gather(tx.session, proposal)
    lawful = lawful_for(evidence)
    if lawful is None:
        return []
    findings = judge_issuer_of(tx, evidence, act.issuer, [*proposal.overrides, *overrides])
    findings += judge_filing(lawful, filing)
    if not any(finding.blocking for finding in findings):
        above = governments_above(tx.session, evidence)
        require_level(tx, lawful, issued_by(act.issuer, lawful, above))
    return findings


def reject(tx: Transaction, number: str, *, reason: str) -> ChangeCase:
    """Record that the approver refused (不予批准)."""
    case = in_hand(tx, number, Act.decide_change)
    move(tx, case, CaseState.rejected, **require_other_eyes(tx, case))
    tell_why(tx, case, reason)
    return case


def tell_why(tx: Transaction, case: ChangeCase, reason: str) -> None:
    """Keep the reason for giving up a case."""
    if not reason.strip():
        raise InvalidInput("没有写明理由", way_out="请写明理由，记入登记日志")
    tx.journal("changes.reason", case.number, reason=reason)


def extend(tx: Transaction, number: str, *, consent: str) -> ChangeCase:
    """Extend the time for completion by six months with the approver's consent (区划条例 Art 15)."""
    if not consent.strip():
        raise InvalidInput("没有写明同意延期的文件", way_out="请写明批准机关同意延期的文件")
    case = in_hand(tx, number, Act.decide_change)
    if case.approved_on is None or case.completed_on is not None:
        raise Conflict(
            f"案卷 {number} 尚未批准或已经完成，不能延期", way_out="只有已批准而未报告完成的案卷可以延期"
        )
    extended = completion_due(case.approved_on, extended=True)
    if case.completion_due == extended:
        raise Conflict(
            f"案卷 {number} 已延期至 {extended}，只能延期一次", way_out="请在期限内完成，或另行请示批准机关"
        )
    before, case.completion_due = case.completion_due, extended
    tx.journal(
        "changes.extend",
        number,
        before={"completion_due": before},
        after={"completion_due": extended},
        consent=consent,
    )
    return case
