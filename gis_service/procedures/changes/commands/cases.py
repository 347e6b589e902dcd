"""Moves of a case before and after its enactment. Each is checked and journaled."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sqlalchemy import event, func, select

from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.procedures.changes.commands.judging import judge_proposal
from gis_service.procedures.changes.models import (
    MOVES,
    STATE_WORDS,
    CaseState,
    ChangeCase,
    FollowUp,
    Material,
)
from gis_service.procedures.changes.queries import case_by_number, gather, live_case_like, materials_of
from gis_service.procedures.changes.rules import completion_due, required_materials
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.schemas import InstrumentIn

COMPLETION = "completion_report"  # the duty in duties.toml that ends the clock of R-CHG-10


def draft(tx: Transaction, proposal: ProposalIn) -> ChangeCase:
    """Open a case for a proposal (起草).

    Raises:
        Conflict: a case for the very same change is open or enacted.
    """
    lock_registers(tx.session)
    _refuse_second(tx, proposal)
    case = ChangeCase(
        number=_next_number(tx),
        title=proposal.title,
        state=CaseState.draft.value,
        revision=1,
        proposal=proposal.as_json(),
        digest=proposal.digest(),
        effective_on=proposal.effective_on,
        drafted_at=tx.at,
        findings=[],
    )
    tx.session.add(case)
    tx.session.flush()
    tx.journal(
        "changes.draft", case.number, after={"state": case.state}, title=case.title, digest=case.digest
    )
    return case


def _refuse_second(tx: Transaction, proposal: ProposalIn) -> None:
    known = live_case_like(tx.session, proposal.digest())
    if known is None:
        return
    if known.state == CaseState.enacted.value:
        raise Conflict(
            f"该变更已于 {known.effective_on} 生效实施（案号 {known.number}），不能重复实施",
            way_out=f"请查看案卷 {known.number}",
        )
    state = STATE_WORDS[CaseState(known.state)]
    raise Conflict(
        f"同一变更已有案卷 {known.number}（{state}）",
        way_out="请在该案卷上继续，或先撤回该案卷",
    )


def _next_number(tx: Transaction) -> str:
    """Case numbers for people: BG (变更), the year of drafting, a running number. Needs the lock."""
    prefix = f"BG-{tx.at.year}-"
    wanted = select(func.max(ChangeCase.number)).where(ChangeCase.number.startswith(prefix))
    newest = tx.session.scalar(wanted)
    return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:05d}"


def require_revision(tx: Transaction, number: str, revision: int) -> None:
    """Lock a case that must still be as somebody saw it, so that nobody overwrites what he has not read.

    Raises:
        Conflict: somebody else has written since.
    """
    case = case_by_number(tx.session, number, for_update=True)
    if case.revision != revision:
        raise Conflict(
            f"案卷 {number} 已有改动：来件依据第 {revision} 次修订，现为第 {case.revision} 次",
            way_out="请重新读取案卷，核对后再办理",
        )


def _in_hand(tx: Transaction, number: str) -> ChangeCase:
    """A case locked for a write, which counts as a revision."""
    case = case_by_number(tx.session, number, for_update=True)
    case.revision += 1
    return case


def move(tx: Transaction, number: str, target: CaseState) -> ChangeCase:
    """Lock a case, check the move and make it."""
    case = _in_hand(tx, number)
    require_move(MOVES, CaseState(case.state), target, subject=f"案卷 {case.number}", words=STATE_WORDS)
    before, case.state = case.state, target.value
    tx.journal(
        f"changes.{target.value}",
        case.number,
        instrument_id=case.instrument_id,
        before={"state": before},
        after={"state": case.state},
    )
    return case


def add_material(
    tx: Transaction, number: str, *, kind: str, name: str, content: bytes, store: FileStore
) -> Material:
    """Put a document into the file of a case that is not decided yet; what is in it already is not put twice.

    The content is kept when the transaction commits, so that a dry run leaves none.

    Raises:
        InvalidInput: unknown kind, or a file that must not be filed.
        Conflict: the case is decided.
    """
    if kind not in required_materials():
        raise InvalidInput(f"未知的材料种类“{kind}”", way_out=f"应为：{'、'.join(required_materials())}")
    require_fit(name, content)
    case = case_by_number(tx.session, number, for_update=True)
    if case.state not in {CaseState.draft.value, CaseState.submitted.value}:
        raise Conflict(
            f"案卷 {number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不能再加材料",
            way_out="材料须在批准之前收入案卷",
        )
    digest = sha256(content).hexdigest()
    known = [each for each in materials_of(tx.session, case) if (each.kind, each.sha256) == (kind, digest)]
    if known:
        return known[0]
    case.revision += 1
    material = Material(
        case_id=case.id, kind=kind, name=name, sha256=digest, size_bytes=len(content), added_at=tx.at
    )
    event.listen(tx.session, "before_commit", lambda _: store.keep(content), once=True)
    tx.session.add(material)
    tx.session.flush()
    tx.journal("changes.add_material", number, after={"kind": kind, "name": name, "sha256": digest})
    return material


def judged(tx: Transaction, case: ChangeCase) -> tuple[ProposalIn, list[Finding]]:
    """The proposal of a case and what the rules find about it as the registers stand now."""
    proposal = parse_proposal(case.proposal, source=f"案卷 {case.number}")
    kinds = frozenset(material.kind for material in materials_of(tx.session, case))
    proposal = proposal.model_copy(update={"materials": []})  # only what is in the file counts
    findings = judge_proposal(gather(tx.session, proposal, materials=kinds), proposal.overrides)
    case.findings = [finding.as_json() for finding in findings]
    return proposal, findings


def submit(tx: Transaction, number: str) -> ChangeCase:
    """Send a case to the approver (报请); refused while anything blocks.

    Raises:
        RuleViolated: with all findings.
    """
    case = move(tx, number, CaseState.submitted)
    _, findings = judged(tx, case)
    refuse_if_blocking(findings, f"案卷 {number} 不能报请", way_out="请按各条意见修正")
    return case


def approve(tx: Transaction, number: str, act: InstrumentIn) -> ChangeCase:
    """Record the approval (批准) and start the clock of completion (R-CHG-10)."""
    case = move(tx, number, CaseState.approved)
    case.instrument_id = register_instrument(tx, act).id
    case.approved_on = act.issued_on
    case.completion_due = completion_due(act.issued_on)
    tx.journal(
        "changes.approval",
        number,
        instrument_id=case.instrument_id,
        before={"approved_on": None, "completion_due": None},
        after={"approved_on": case.approved_on, "completion_due": case.completion_due},
    )
    return case


def reject(tx: Transaction, number: str, *, reason: str) -> ChangeCase:
    """Record that the approver refused (不予批准)."""
    return _given_up(tx, number, CaseState.rejected, reason)


def withdraw(tx: Transaction, number: str, *, reason: str) -> ChangeCase:
    """Take a case back before it is decided (撤回)."""
    return _given_up(tx, number, CaseState.withdrawn, reason)


def _given_up(tx: Transaction, number: str, target: CaseState, reason: str) -> ChangeCase:
    if not reason.strip():
        raise InvalidInput("没有写明理由", way_out="请写明理由，记入登记日志")
    case = move(tx, number, target)
    tx.journal("changes.reason", number, reason=reason)
    return case


def extend(tx: Transaction, number: str, *, consent: str) -> ChangeCase:
    """Extend the time for completion by six months with the approver's consent (区划条例 Art 15)."""
    if not consent.strip():
        raise InvalidInput("没有写明同意延期的文件", way_out="请写明批准机关同意延期的文件")
    case = _in_hand(tx, number)
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


def complete(tx: Transaction, number: str, *, on: date) -> ChangeCase:
    """Record the report of completion to the approver (R-CHG-10)."""
    record_duty_done(tx, number, COMPLETION, on=on)
    return case_by_number(tx.session, number)


def record_duty_done(tx: Transaction, number: str, duty: str, *, on: date, note: str = "") -> FollowUp:
    """Tick off a duty that followed an enacted change (R-CHG-11); the report of completion closes the clock.

    Raises:
        Conflict: the case is not enacted, or the day lies before its approval.
        NotFound: no such duty.
    """
    case = _in_hand(tx, number)
    _require_enacted(case, on)
    wanted = select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.duty == duty)
    follow_up = tx.session.scalar(wanted)
    if follow_up is None:
        raise NotFound(f"案卷 {number} 没有后续事项“{duty}”", way_out="请在案卷的后续事项中查找")
    before = {"done_on": follow_up.done_on, "note": follow_up.note}
    follow_up.done_on, follow_up.note = on, note or None
    if duty == COMPLETION:
        case.completed_on = on
    after = {"done_on": on, "note": follow_up.note}
    tx.journal("changes.duty_done", number, before=before, after=after, duty=duty)
    return follow_up


def _require_enacted(case: ChangeCase, on: date) -> None:
    if case.state != CaseState.enacted.value or case.approved_on is None:
        raise Conflict(f"案卷 {case.number} 尚未实施，没有后续事项可办结", way_out="请先实施")
    if on < case.approved_on:
        raise Conflict(
            f"办结日期 {on} 早于批准日期 {case.approved_on}", way_out="请核对日期；后续事项都在批准之后"
        )
