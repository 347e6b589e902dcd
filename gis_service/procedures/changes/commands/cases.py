"""Moves of a case before its decision: drafting, endorsing, submitting, taking back."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, NotPermitted
from gis_service.foundation.findings import refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.decisions import tell_why
from gis_service.procedures.changes.commands.in_hand import in_hand, judged, keep, move
from gis_service.procedures.changes.commands.jurisdiction import (
    own_sides,
    renew_parties,
    require_jurisdiction,
    sides_without_consent,
)
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, ChangeCase, Endorsement, Party
from gis_service.procedures.changes.queries import (
    endorsements_of,
    labels_of,
    live_case_like,
    parties_in,
    parties_of,
)
from gis_service.procedures.changes.rules import judge_agreement
from gis_service.procedures.changes.schemas import ProposalIn


def draft(tx: Transaction, proposal: ProposalIn) -> ChangeCase:
    """Open a case for a proposal (起草).

    Raises:
        Conflict: a case for the very same change is open or enacted.
        NotPermitted: no side of it lies within the jurisdiction of the actor, or it is above his clearance.
    """
    tx.require(Act.draft_change)
    lock_registers(tx.session)
    parties = parties_in(tx.session, proposal)
    require_jurisdiction(tx, Act.draft_change, parties)
    _refuse_above_clearance(tx, proposal)
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
        classification=proposal.classification.value,
        drafted_by=tx.actor.account_id,
    )
    tx.session.add(case)
    tx.session.flush()
    tx.session.add_all(Party(case_id=case.id, division_id=each) for each in parties)
    tx.session.flush()
    after = {"state": case.state, "classification": case.classification, "parties": sorted(parties)}
    tx.journal("changes.draft", case.number, after=after, title=case.title, digest=case.digest)
    return case


def _refuse_above_clearance(tx: Transaction, proposal: ProposalIn) -> None:
    if not tx.actor.clearance.allows(proposal.classification):
        raise NotPermitted(
            f"您不能立{proposal.classification.value}级的案卷", way_out="请由有相应密级权限的人员立案"
        )


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
    with full_sight(tx.session):  # also of cases that the actor may not know of: numbers are given once
        newest = tx.session.scalar(wanted)
    return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:05d}"


def endorse(tx: Transaction, number: str) -> ChangeCase:
    """Agree to a case for the sides within one's jurisdiction (会签), before it is submitted.

    Raises:
        Conflict: the case is no draft any more, or these sides have endorsed it.
    """
    case = in_hand(tx, number, Act.endorse_change)
    if case.state != CaseState.draft.value:
        raise Conflict(
            f"案卷 {number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不能会签", way_out="会签须在报请之前"
        )
    agreed = {each.division_id for each in endorsements_of(tx.session, case)}
    sides = own_sides(tx, Act.endorse_change, parties_of(tx.session, case)) - agreed
    if not sides:
        raise Conflict(f"案卷 {number} 中您辖区的各方都已会签", way_out="请查看案卷的会签情况")
    tx.session.add_all(
        Endorsement(
            case_id=case.id,
            division_id=side,
            account_id=tx.actor.account_id,
            actor=tx.actor.name,
            authority=tx.actor.authority,
            endorsed_at=tx.at,
        )
        for side in sides
    )
    tx.session.flush()
    names = labels_of(tx.session, sides)
    tx.journal("changes.endorse", number, after={"endorsed": sorted(sides)}, sides=names)
    return case


def drop_endorsements(tx: Transaction, case: ChangeCase) -> None:
    """Let nobody count as having agreed to what is no longer proposed as it was."""
    fallen = sorted(each.division_id for each in endorsements_of(tx.session, case))
    if fallen:
        tx.session.execute(delete(Endorsement).where(Endorsement.case_id == case.id))
        tx.journal("changes.endorsements_fall", case.number, before={"endorsed": fallen}, after={})


def submit(tx: Transaction, number: str) -> ChangeCase:
    """Send a case to the approver (报请); refused while anything blocks, or a side has not agreed.

    Raises:
        RuleViolated: with all findings.
    """
    case = in_hand(tx, number, Act.submit_change)
    move(tx, case, CaseState.submitted)
    proposal, findings = judged(tx, case)
    parties = renew_parties(tx, case, proposal)
    findings += judge_agreement(sides_without_consent(tx, case, Act.submit_change))
    refuse_if_blocking(findings, f"案卷 {number} 不能报请", way_out="请按各条意见修正")
    require_jurisdiction(tx, Act.submit_change, parties)
    case.submitted_by = tx.actor.account_id
    keep(case, findings)
    return case


def withdraw(tx: Transaction, number: str, *, reason: str) -> ChangeCase:
    """Take a case back before it is decided (撤回); endorsements fall with it."""
    case = in_hand(tx, number, Act.submit_change)
    move(tx, case, CaseState.withdrawn)
    tell_why(tx, case, reason)
    drop_endorsements(tx, case)
    return case
