"""Entering what is agreed on, surveyed and filed of lines, by those in whose jurisdiction a line lies.

A line belongs to both of its sides: whoever serves one of them may enter, as agreed by both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput, NotPermitted
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys.commands.papers import papers_of
from gis_service.procedures.surveys.schemas import (
    ClaimsIn,
    EnteredOut,
    IndicatorEndIn,
    IndicatorIn,
    LineRecordIn,
    OfLineIn,
    SurveyIn,
    UseIn,
)
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries import commands as boundaries
from gis_service.registers.boundaries.queries import (
    LineInForce,
    line_named,
    lines_by_id,
    read_line_reference,
    records_on,
)
from gis_service.registers.boundaries.rules import read_drawn
from gis_service.registers.divisions.queries import division_by_code


def enter_record(tx: Transaction, reference: str, sent: LineRecordIn, *, on: date) -> EnteredOut:
    """Put facts on record of a line from a day on, or correct those that stand.

    Raises:
        NotFound: no such line that day.
        NotPermitted: neither side of the line lies in the jurisdiction of the actor.
        InvalidInput: an act is named that is not registered.
        RuleViolated: a blocking finding.
    """
    line, acts = _opened(tx, reference, sent, on=on)
    now = boundaries.facts_of(records_on(tx.session, [line.id], on=on).get(line.id))
    written = sent.model_dump(include=sent.model_fields_set & set(asdict(now)))
    numbers = {"agreement_id": "agreement", "published_by": "published_by"}
    written |= {
        field: acts.get(getattr(sent, name))
        for field, name in numbers.items()
        if name in sent.model_fields_set
    }
    facts = replace(now, **written)
    enter = boundaries.correct_record if sent.correction else boundaries.record_line
    findings = enter(tx, line, facts, on=on, instrument_id=acts[sent.instrument])
    return _entered(tx, line, findings, on=on)


def enter_survey(tx: Transaction, reference: str, sent: SurveyIn, *, on: date) -> EnteredOut:
    """Enter what is surveyed of a stretch of a line from a day on; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    said = boundaries.Surveyed(
        legal_state=sent.legal_state,
        follows=sent.follows,
        follows_name=sent.follows_name,
        moves_by=acts.get(sent.moves_by),
        accuracy_m=sent.accuracy_m,
        agreement_id=acts.get(sent.agreement),
    )
    if said == boundaries.Surveyed():
        raise InvalidInput("没有写明勘定情况", way_out="请写法律状态、所沿之物、精度或协议书中的一项")
    done = boundaries.survey_edges(
        tx, line, said, stretch=(sent.from_m, sent.to_m), on=on, instrument_id=acts[sent.instrument]
    )
    return _entered(tx, line, done.findings, on=on, survey=done)


def enter_claims(tx: Transaction, reference: str, sent: ClaimsIn, *, on: date) -> EnteredOut:
    """Enter what the sides claim of a section from a day on, or end it; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    act = acts[sent.instrument]
    if sent.settled:
        boundaries.settle_claims(tx, line, sent.section, on=on, instrument_id=act)
        return _entered(tx, line, [], on=on)
    if not sent.claims:
        raise InvalidInput("没有写明主张线", way_out="请写各方的主张线；争议已解决的写 settled")
    lines = {
        division_by_code(tx.session, each.claimant, on=on).division_id: read_drawn(each.geometry)
        for each in sent.claims
    }
    stretch = None if sent.from_m is None and sent.to_m is None else (sent.from_m, sent.to_m)
    claim = boundaries.Claim(sent.section, lines, stretch)
    done = boundaries.claim_line(tx, line, claim, on=on, instrument_id=act)
    return _entered(tx, line, done.findings if done else [], on=on, survey=done)


def enter_indicator(tx: Transaction, reference: str, sent: IndicatorIn, *, on: date) -> EnteredOut:
    """Enter an indicator of a line, or how one changed; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    act = acts[sent.instrument]
    facts = boundaries.IndicatorFacts(sent.kind, sent.name, read_drawn(sent.geometry), sent.state)
    if sent.id is None:
        key = boundaries.register_indicator(tx, line, facts, on=on, instrument_id=act)
        return _entered(tx, line, [], on=on, key=key)
    basis = boundaries.ChangeBasis(acts.get(sent.resurvey), acts.get(sent.filing))
    findings = boundaries.change_indicator(tx, line, sent.id, facts, basis, on=on, instrument_id=act)
    return _entered(tx, line, findings, on=on, key=sent.id)


def close_indicator(tx: Transaction, reference: str, sent: IndicatorEndIn, *, on: date) -> EnteredOut:
    """From a day on, an object no longer fixes a line; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    basis = boundaries.ChangeBasis(acts.get(sent.resurvey), acts.get(sent.filing))
    findings = boundaries.end_indicator(tx, line, sent.id, basis, on=on, instrument_id=acts[sent.instrument])
    return _entered(tx, line, findings, on=on, key=sent.id)


def enter_use(tx: Transaction, reference: str, sent: UseIn, *, on: date) -> EnteredOut:
    """Enter an enclave or a use of land beyond a line, or how one on record is; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    use = boundaries.Use(
        kind=sent.kind,
        user_id=division_by_code(tx.session, sent.user, on=on).division_id,
        host_id=division_by_code(tx.session, sent.host, on=on).division_id,
        place=sent.place,
        purpose=sent.purpose,
        geometry=None if sent.geometry is None else read_drawn(sent.geometry),
        consents=tuple(acts[number] for number in dict.fromkeys(sent.consents)),
        decision_id=acts.get(sent.decision),
        filing_id=acts.get(sent.filing),
    )
    act = acts[sent.instrument]
    if sent.id is not None:
        findings = boundaries.revise_use(tx, line, sent.id, use, on=on, instrument_id=act)
        return _entered(tx, line, findings, on=on, key=sent.id)
    key, findings = boundaries.register_use(tx, line, use, on=on, instrument_id=act)
    return _entered(tx, line, findings, on=on, key=key)


def close_use(tx: Transaction, reference: str, use_id: UUID, sent: OfLineIn, *, on: date) -> EnteredOut:
    """From a day on, land is no longer used so; raises as `enter_record`."""
    line, acts = _opened(tx, reference, sent, on=on)
    boundaries.end_use(tx, line, use_id, on=on, instrument_id=acts[sent.instrument])
    return _entered(tx, line, [], on=on, key=use_id)


_NAMING = ("agreement", "published_by", "moves_by", "resurvey", "filing", "decision")


def _opened(
    tx: Transaction, reference: str, sent: OfLineIn, *, on: date
) -> tuple[LineInForce, dict[str | None, UUID]]:
    """The line that is meant, and the acts that are named, the new ones registered."""
    tx.require(Act.survey_lines)
    line = line_named(tx.session, read_line_reference(reference), on=on)
    sides = (line.first_id, line.second_id)
    if not covered(tx.session, tx.actor.reach(Act.survey_lines), sides, on=tx.today):
        raise NotPermitted(f"{line.name}的两侧都不在您的辖区", way_out="请由任一侧的机关办理")
    return line, papers_of(tx, sent, _NAMING, within=sides)


def _entered(
    tx: Transaction,
    line: LineInForce,
    findings: Iterable[Finding],
    *,
    on: date,
    survey: boundaries.SurveyDone | None = None,
    key: UUID | None = None,
) -> EnteredOut:
    [now] = lines_by_id(tx.session, [line.id], on=on)
    told: dict[str, Any] = {"line": now.id, "code": now.code, "name": now.name, "on": on, "id": key}
    if survey is not None:
        told |= {"from_m": survey.from_m, "to_m": survey.to_m, "edges": len(survey.edges)}
    return EnteredOut(**told, findings=[finding.as_json() for finding in findings])


def read_use_id(text: str) -> UUID:
    """What names a use on record.

    Raises:
        InvalidInput: no UUID.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text[:40]}”不是跨界使用的标识", way_out="标识可用 boundaries show --json 查得"
        ) from error
