"""Rehearsing and enacting: what is approved is carried out, and leaves its duties, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput, NotPermitted
from gis_service.foundation.findings import Finding, Severity, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.carrying_out import carry_out
from gis_service.procedures.changes.commands.cases import draft, submit
from gis_service.procedures.changes.commands.decisions import approve
from gis_service.procedures.changes.commands.in_hand import in_hand, judged, keep, move
from gis_service.procedures.changes.commands.judging import judge, judge_issuer_of
from gis_service.procedures.changes.commands.jurisdiction import (
    renew_parties,
    require_jurisdiction,
    require_other_eyes,
    sides_without_consent,
)
from gis_service.procedures.changes.models import OPEN, STATE_WORDS, CaseState, ChangeCase, FollowUp
from gis_service.procedures.changes.queries import case_by_number, gather, parties_in, parties_of
from gis_service.procedures.changes.rules import duties, judge_agreement, judge_publicity
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument, InstrumentKind
from gis_service.registers.instruments.queries import instrument_by_id
from gis_service.registers.instruments.schemas import InstrumentIn


@dataclass(frozen=True, slots=True)
class Checked:
    """What a dry run found, and what the enactment would write; None where something blocks."""

    findings: list[Finding]
    outcome: dict[str, Any] | None


def check(tx: Transaction, proposal: ProposalIn) -> Checked:
    """Do everything an enactment does and tell; the caller's transaction must be a dry run.

    A proposal that names no unit known that day is judged for whoever may rehearse: it is about nobody yet.
    """
    tx.require(Act.rehearse_change)
    lock_registers(tx.session)
    if parties := parties_in(tx.session, proposal):
        require_jurisdiction(tx, Act.rehearse_change, parties)
    findings = judge(tx, proposal)
    if act := proposal.instrument:
        evidence = gather(tx.session, proposal)
        findings += judge_issuer_of(tx, evidence, act.issuer, proposal.overrides)
        findings += judge_publicity(act.number, act.classification)
    return _rehearsed(tx, proposal, findings, None)


def check_case(tx: Transaction, number: str) -> Checked:
    """The same for a case: only documents in its file count, and its act if it is approved.

    Raises:
        Conflict: the case is closed.
    """
    tx.require(Act.rehearse_change)
    lock_registers(tx.session)
    case = case_by_number(tx.session, number)
    require_jurisdiction(tx, Act.rehearse_change, parties_of(tx.session, case))
    if CaseState(case.state) not in OPEN:
        raise Conflict(
            f"案卷 {number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不再核查", way_out="请查看案卷的结果"
        )
    proposal, findings = judged(tx, case)
    if case.state == CaseState.draft.value:
        missing = sides_without_consent(tx, case, Act.submit_change)
        findings += judge_agreement(missing, Severity.warning)
    act = _approval_of(tx, case)
    if act is not None:
        findings += judge_publicity(act.number, Classification(act.classification))
    return _rehearsed(tx, proposal, findings, act)


def _approval_of(tx: Transaction, case: ChangeCase) -> Instrument | None:
    """The act that approved a case; in full sight, so that one above one's clearance is judged as such."""
    if case.instrument_id is None:
        return None
    with full_sight(tx.session):
        return instrument_by_id(tx.session, case.instrument_id)


def _rehearsed(
    tx: Transaction, proposal: ProposalIn, findings: list[Finding], act: Instrument | None
) -> Checked:
    if any(finding.blocking for finding in findings):
        return Checked(findings, None)
    act = act or register_instrument(tx, proposal.instrument or _act_to_come(proposal))
    carried = carry_out(tx, proposal, instrument_id=act.id, approved_on=act.issued_on)
    return Checked(findings, carried.told)


def _act_to_come(proposal: ProposalIn) -> InstrumentIn:
    return InstrumentIn(
        number=f"拟（{proposal.title}）",
        kind=InstrumentKind.approval,
        title=proposal.title,
        issuer="（待批准）",
        issued_on=proposal.effective_on,
    )


def enact(tx: Transaction, number: str, *, announcement: InstrumentIn | None = None) -> ChangeCase:
    """Carry out an approved change (实施): all of it, or, when anything blocks, nothing.

    What is written stands by the act that approved it, or by its public announcement.

    Raises:
        IllegalMove: the case is not approved, or was carried out before.
        NotPermitted: who drafted or submitted it carries it out, or a side lies beyond his jurisdiction.
        RuleViolated: with all findings, also when the written result fails its own proof.
    """
    case = in_hand(tx, number, Act.enact_change)
    move(tx, case, CaseState.enacted, **require_other_eyes(tx, case))
    lock_registers(tx.session)
    proposal, findings = judged(tx, case)
    require_jurisdiction(tx, Act.enact_change, renew_parties(tx, case, proposal))
    act = _announced(tx, case, announcement) if announcement else _approval_of(tx, case)
    if act is None or case.approved_on is None:
        raise Conflict(f"案卷 {number} 没有批准文件", way_out="请先登记批准文件")
    findings += judge_publicity(act.number, Classification(act.classification))
    refuse_if_blocking(findings, f"案卷 {number} 不能实施", way_out="请按各条意见修正；登记簿未作任何改动")
    keep(case, findings)
    carried = carry_out(tx, proposal, instrument_id=act.id, approved_on=case.approved_on)
    case.outcome, case.written = carried.told, carried.written
    _leave_duties(tx, case, case.approved_on)
    return case


def _announced(tx: Transaction, case: ChangeCase, announcement: InstrumentIn) -> Instrument:
    act = register_instrument(tx, announcement)
    tx.journal("changes.announcement", case.number, instrument_id=act.id, number=act.number)
    return act


def _leave_duties(tx: Transaction, case: ChangeCase, approved_on: date) -> None:
    tx.session.add_all(
        FollowUp(
            case_id=case.id,
            duty=duty.id,
            title=duty.title,
            legal_basis=duty.legal_basis,
            due_on=duty.due_on(approved_on),
        )
        for duty in duties()
    )
    tx.session.flush()


def enact_published(tx: Transaction, proposal: ProposalIn) -> ChangeCase:
    """Record an act that is already published: draft, submit, approve and enact in one transaction.

    Only for the person at the keyboard of the machine: no case passes through one pair of hands otherwise.

    Raises:
        InvalidInput: the proposal names no act.
        NotPermitted: the actor is no operator.
    """
    tx.require(Act.enact_change)
    if not tx.actor.is_operator:
        raise NotPermitted(
            "立案和实施须由不同的人办理，不能一次登记已公布的批复",
            way_out="请用 changes new 立案、changes submit 报请，由另一名区划登记员登记批准并实施",
        )
    if proposal.instrument is None:
        raise InvalidInput(
            f"“{proposal.title}”没有写批准文件，不能直接实施",
            way_out="已有批复的，在方案中写 [instrument]；否则先立案、报请、批准",
        )
    number = draft(tx, proposal).number
    submit(tx, number)
    approve(tx, number, proposal.instrument, filing=proposal.filing)
    return enact(tx, number)
