"""A case in the hand of somebody who may touch it: locked, within his jurisdiction, moved and judged."""

from __future__ import annotations

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict
from gis_service.foundation.findings import Finding
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.judging import judge, judge_conduct
from gis_service.procedures.changes.commands.jurisdiction import require_jurisdiction
from gis_service.procedures.changes.models import MOVES, STATE_WORDS, CaseState, ChangeCase
from gis_service.procedures.changes.queries import case_by_number, materials_of, parties_of
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal


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


def locked(tx: Transaction, number: str, act: Act) -> ChangeCase:
    """A case locked for a write that the actor may make.

    Raises:
        NotFound: no such case, or none that the actor may know of.
        NotPermitted: its sides lie beyond his jurisdiction.
    """
    tx.require(act)
    case = case_by_number(tx.session, number, for_update=True)
    require_jurisdiction(tx, act, parties_of(tx.session, case))
    return case


def in_hand(tx: Transaction, number: str, act: Act) -> ChangeCase:
    """A case locked for a write that counts as a revision."""
    case = locked(tx, number, act)
    case.revision += 1
    return case


def move(tx: Transaction, case: ChangeCase, target: CaseState, **detail: str) -> None:
    """Check a move of a case in hand and make it."""
    require_move(MOVES, CaseState(case.state), target, subject=f"案卷 {case.number}", words=STATE_WORDS)
    before, case.state = case.state, target.value
    tx.journal(
        f"changes.{target.value}",
        case.number,
        instrument_id=case.instrument_id,
        before={"state": before},
        after={"state": case.state},
        **detail,
    )


def proposal_of(case: ChangeCase) -> ProposalIn:
    """The proposal of a case, without the documents it lists: only what is in the file counts."""
    proposal = parse_proposal(case.proposal, source=f"案卷 {case.number}")
    return proposal.model_copy(update={"materials": []})


def judged(tx: Transaction, case: ChangeCase) -> tuple[ProposalIn, list[Finding]]:
    """The proposal of a case and what the rules find about it as the registers stand now."""
    proposal = proposal_of(case)
    kinds = frozenset(material.kind for material in materials_of(tx.session, case))
    return proposal, [*judge(tx, proposal, materials=kinds), *judge_conduct(tx, case, proposal)]


def keep(case: ChangeCase, findings: list[Finding]) -> None:
    """Let a case tell what was found about it last."""
    case.findings = [finding.as_json() for finding in findings]
