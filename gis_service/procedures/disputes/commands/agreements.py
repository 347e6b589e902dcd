"""Entering, renewing and ending agreements to keep the peace."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.peace_ground import (
    WAY_OUT,
    act_named,
    entered_by,
    in_hand,
    kept_as,
    require_a_side,
    take_numbers,
)
from gis_service.procedures.disputes.models import PeaceAgreement
from gis_service.procedures.disputes.queries.agreements import agreements_within
from gis_service.procedures.disputes.queries.peace_ground import next_peace_number, side_of
from gis_service.procedures.disputes.rules import (
    AgreementEvidence,
    SignerFacts,
    judge_agreement,
    last_day,
    usual_years,
)
from gis_service.procedures.disputes.schemas.agreements import PeaceAgreementIn, PeaceEndIn
from gis_service.registers.boundaries.queries import LineInForce, line_named, read_line_reference
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id


def enter_agreement(tx: Transaction, sent: PeaceAgreementIn) -> tuple[PeaceAgreement, list[Finding]]:
    """Enter an agreement that both sides of a line signed; the one it renews ends when it begins.

    Raises:
        NotFound: no such line or unit on the day of signing; the paper or what is renewed is unknown.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        InvalidInput: a term told twice, or what is renewed is of another line.
        Conflict: what is renewed has ended.
        RuleViolated: a blocking finding (R-PEA-01); nothing is written.
    """
    tx.require(Act.keep_peace)
    line = line_named(tx.session, read_line_reference(sent.line), on=sent.signed_on)
    sides = (line.first_id, line.second_id)
    _require_reach(tx, line.name, sides)
    begins_on, expires_on = _term(sent)
    take_numbers(tx)
    former = _renewed(tx, line, sent, begins_on)
    signers = [division_by_code(tx.session, code, on=sent.signed_on) for code in dict.fromkeys(sent.signers)]
    signing = {unit.division_id: side_of(tx.session, unit, sides, on=sent.signed_on) for unit in signers}
    called = divisions_by_id(tx.session, sides, on=sent.signed_on)
    standing = agreements_within(tx.session, line.id, sent.kind, begins_on, expires_on)
    findings = judge_agreement(
        AgreementEvidence(
            subject=line.name,
            kind=sent.kind,
            sides=tuple(called[side].name for side in sides if side in called),
            signers=tuple(_signer(unit, signing[unit.division_id], called) for unit in signers),
            signed_on=sent.signed_on,
            begins_on=begins_on,
            expires_on=expires_on,
            today=tx.today,
            duties=len(sent.duties),
            renews=sent.renews,
            standing=tuple(each.number for each in standing),
        )
    )
    refuse_if_blocking(findings, f"{line.name}的协议不能登记", way_out=WAY_OUT)
    told = [_told(unit, signing[unit.division_id], called) for unit in signers]
    return _entered(tx, line, sent, (begins_on, expires_on), told, former), findings


def _term(sent: PeaceAgreementIn) -> tuple[date, date]:
    if sent.years is not None and sent.expires_on is not None:
        raise InvalidInput("期限的年数和到期日期不能都写", way_out="请只写 years 或 expires_on")
    begins_on = sent.begins_on or sent.signed_on
    return begins_on, sent.expires_on or last_day(begins_on, sent.years or usual_years())


def _renewed(
    tx: Transaction, line: LineInForce, sent: PeaceAgreementIn, begins_on: date
) -> PeaceAgreement | None:
    if sent.renews is None:
        return None
    former = in_hand(tx, PeaceAgreement, sent.renews)
    if former.line_id != line.id or former.kind != sent.kind:
        raise InvalidInput(
            f"{former.number} 不是{line.name}的{sent.kind}，不能由此续签", way_out="请核对所续协议的编号"
        )
    if former.ended_on is not None:
        raise Conflict(f"{former.number} 已于 {former.ended_on} 终止或续签", way_out="请续签最近的一份")
    if begins_on <= former.begins_on:
        raise InvalidInput(
            f"生效日期 {begins_on} 不晚于所续协议 {former.number} 的 {former.begins_on}",
            way_out="请核对 begins_on",
        )
    return former


def _signer(unit: DivisionVersion, side: UUID | None, called: dict[UUID, DivisionVersion]) -> SignerFacts:
    return SignerFacts(unit.name, called[side].name if side in called else None)


def _told(unit: DivisionVersion, side: UUID | None, called: dict[UUID, DivisionVersion]) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "side": called[side].code if side in called else None}


def _entered(
    tx: Transaction,
    line: LineInForce,
    sent: PeaceAgreementIn,
    term: tuple[date, date],
    signers: list[dict[str, Any]],
    former: PeaceAgreement | None,
) -> PeaceAgreement:
    act = act_named(tx, sent.instrument, sent.acts, (line.first_id, line.second_id))
    assert act is not None
    agreement = PeaceAgreement(
        number=next_peace_number(tx.session, PeaceAgreement, tx.today.year),
        line_id=line.id,
        first_id=line.first_id,
        second_id=line.second_id,
        kind=sent.kind,
        title=sent.title or f"{line.name}{sent.kind}",
        signers=signers,
        signed_on=sent.signed_on,
        begins_on=term[0],
        expires_on=term[1],
        duties=sent.duties,
        files=[file.model_dump() for file in sent.files],
        instrument_id=act.id,
        renews_id=former.id if former else None,
        classification=kept_as(tx, sent.classification, [line], act),
        **entered_by(tx),
    )
    tx.session.add(agreement)
    if former is not None:
        _end(tx, former, term[0], f"由 {agreement.number} 续签", act.id)
    tx.session.flush()
    after = sent.model_dump(mode="json", exclude={"acts"}) | {"begins_on": term[0], "expires_on": term[1]}
    tx.journal("peace.agree", agreement.number, after=after, instrument_id=act.id, line=line.id)
    return agreement


def end_agreement(tx: Transaction, number: str, sent: PeaceEndIn) -> tuple[PeaceAgreement, list[Finding]]:
    """End an agreement before its term is over; one entered by mistake ends on the day it began.

    Raises:
        NotFound: no such agreement, or not for the actor.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        Conflict: it has ended.
        InvalidInput: a day outside its term.
    """
    tx.require(Act.keep_peace)
    agreement = in_hand(tx, PeaceAgreement, number)
    _require_reach(tx, agreement.title, (agreement.first_id, agreement.second_id))
    if agreement.ended_on is not None:
        raise Conflict(f"{number} 已于 {agreement.ended_on} 终止或续签", way_out="请用 peace agreement 查看")
    if not agreement.begins_on <= sent.on <= agreement.expires_on:
        raise InvalidInput(
            f"{sent.on} 不在协议的期限 {agreement.begins_on} 至 {agreement.expires_on} 之内",
            way_out="请核对终止的日期",
        )
    _end(tx, agreement, sent.on, sent.reason, None)
    return agreement, []


def _end(
    tx: Transaction, agreement: PeaceAgreement, on: date, reason: str, instrument_id: UUID | None
) -> None:
    agreement.ended_on, agreement.end_reason = on, reason
    tx.session.flush()
    after = {"ended_on": on, "reason": reason}
    before = {"ended_on": None}
    tx.journal("peace.end", agreement.number, before=before, after=after, instrument_id=instrument_id)


def _require_reach(tx: Transaction, subject: str, sides: tuple[UUID, UUID]) -> None:
    require_a_side(tx.session, tx.actor, Act.keep_peace, subject, sides, on=tx.today)
