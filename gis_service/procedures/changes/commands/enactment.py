"""Carrying a change out: versions, areas, lines, lineage and duties in one proved transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput, NotPermitted
from gis_service.foundation.findings import Finding, Severity, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
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
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.models import MOVES, STATE_WORDS, CaseState, ChangeCase, FollowUp
from gis_service.procedures.changes.queries import case_by_number, gather, parties_in, parties_of, tell
from gis_service.procedures.changes.rules import (
    ChangeEvidence,
    duties,
    judge_agreement,
    judge_publicity,
    judge_totals,
)
from gis_service.procedures.changes.rules.outcome import Outcome, Share
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.boundaries.commands import derive, hand_over
from gis_service.registers.boundaries.queries import areas_on, extents_on, neighbours_of
from gis_service.registers.divisions.commands import Descent, NewDivision, end, establish, link
from gis_service.registers.divisions.events import DivisionsChanged
from gis_service.registers.divisions.models import LineageKind
from gis_service.registers.divisions.queries import superiors_of
from gis_service.registers.divisions.rules import level_of_code
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument, InstrumentKind
from gis_service.registers.instruments.queries import instrument_by_id
from gis_service.registers.instruments.schemas import InstrumentIn

AREA_TOLERANCE_KM2 = 1e-6  # one square metre: far above rounding (1e-9), far below anything surveyed


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
    if not MOVES[CaseState(case.state)]:
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
    outcome = _carry_out(tx, proposal, instrument_id=act.id, approved_on=act.issued_on)
    return Checked(findings, outcome)


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
    case.outcome = _carry_out(tx, proposal, instrument_id=act.id, approved_on=case.approved_on)
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
    approve(tx, number, proposal.instrument)
    return enact(tx, number)


@dataclass(frozen=True, slots=True)
class _Written:
    ended: list[UUID]
    begun: list[UUID]
    shares: list[tuple[Share, str]]


def _carry_out(
    tx: Transaction, proposal: ProposalIn, *, instrument_id: UUID, approved_on: date
) -> dict[str, Any]:
    """Write with every fact in sight, and tell only what the actor may know."""
    on = proposal.effective_on
    with full_sight(tx.session):
        written = _write(tx, gather(tx.session, proposal), instrument_id=instrument_id)
        tx.session.flush()
    return tell(
        tx.session,
        on=on,
        approved_on=approved_on,
        ended=written.ended,
        begun=written.begun,
        shares=written.shares,
    )


def _write(tx: Transaction, evidence: ChangeEvidence, *, instrument_id: UUID) -> _Written:
    on = evidence.effective_on
    outcomes = [KIND_BY_ID[operation.kind].outcome(operation) for operation in evidence.operations]
    ended = [unit for outcome in outcomes for unit in outcome.ended]
    above_before = _superiors(tx, ended, on=on)
    for unit in ended:
        end(tx, unit, on=on, instrument_id=instrument_id)
    new = _establish(tx, outcomes, on=on, instrument_id=instrument_id)
    moves = {giver: new[code].id for outcome in outcomes for giver, code in outcome.moves.items()}
    hand_over(tx, moves, on=on, instrument_id=instrument_id)
    link(tx, _descents(outcomes, new), on=on, instrument_id=instrument_id)
    begun = [unit.id for unit in new.values()]
    above_after = _superiors(tx, begun, on=on)
    reshaped = _reshaped(moves, above_before, above_after)
    changed = derive(tx, leaves=[*ended, *begun], superiors=reshaped, on=on, instrument_id=instrument_id)
    touched = _prove(tx, ended, begun, on=on)
    tx.publish(changed)
    tx.publish(DivisionsChanged(on, instrument_id, tuple(ended), tuple(begun), tuple(touched)))
    return _Written(
        ended, begun, [(share, outcome.lineage) for outcome in outcomes for share in outcome.shares]
    )


def _establish(
    tx: Transaction, outcomes: Sequence[Outcome], *, on: date, instrument_id: UUID
) -> dict[str, NewDivision]:
    new = {}
    for unit in (unit for outcome in outcomes for unit in outcome.begun):
        level = level_of_code(unit.code)
        assert level is not None, "codes are judged before anything is written"
        kind = unit.type.value if unit.type else None
        new[unit.code] = NewDivision(unit.code, unit.name, level, kind, unit.superior_id, unit.seat)
    establish(tx, list(new.values()), on=on, instrument_id=instrument_id)
    return new


def _descents(outcomes: Sequence[Outcome], new: dict[str, NewDivision]) -> list[Descent]:
    def descent(share: Share, lineage: str) -> Descent:
        taker = new[share.taker_code].id
        return Descent(share.giver, taker, LineageKind(lineage), share.share_of_giver, share.share_of_taker)

    return [descent(share, outcome.lineage) for outcome in outcomes for share in outcome.shares]


def _superiors(tx: Transaction, units: Iterable[UUID], *, on: date) -> dict[UUID, frozenset[UUID]]:
    return {
        unit: frozenset(above.division_id for above in superiors_of(tx.session, unit, on=on))
        for unit in units
    }


def _reshaped(
    moves: dict[UUID, UUID],
    before: dict[UUID, frozenset[UUID]],
    after: dict[UUID, frozenset[UUID]],
) -> frozenset[UUID]:
    """Superiors whose area changes: those above only one of the unit that gives and the one that takes."""
    return frozenset().union(*(before[giver] ^ after[taker] for giver, taker in moves.items()))


def _prove(tx: Transaction, ended: list[UUID], begun: list[UUID], *, on: date) -> set[UUID]:
    """R-CHG-09 on what was written: totals agree, and new units fit their neighbours without gap.

    Returns the neighbours.
    """
    before, after = _total(tx, ended, on=on - timedelta(days=1)), _total(tx, begun, on=on)
    findings = judge_totals(before, after, AREA_TOLERANCE_KM2)
    refuse_if_blocking(findings, "变更前后面积不符，已撤销全部改动")
    around = set[UUID]().union(*neighbours_of(tx.session, begun, on=on).values())
    extents = list(extents_on(tx.session, {*begun, *around}, on=on).values())
    if not shapely.coverage_is_valid(np.asarray(extents, dtype=object)):
        raise Conflict(
            "变更后的单位与相邻单位之间出现缝隙或重叠，已撤销全部改动",
            way_out="请运行 gis-service verify 检查登记簿",
        )
    return around - set(begun)


def _total(tx: Transaction, units: list[UUID], *, on: date) -> float:
    return sum(area_km2 for _, area_km2 in areas_on(tx.session, units, on=on).values())
