"""Putting on record what is known of a line: its code, agreement, approver, published length."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.errors import Conflict
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands.periods import make_room
from gis_service.registers.boundaries.events import LineRenamed
from gis_service.registers.boundaries.models import LineRecord
from gis_service.registers.boundaries.queries import LineInForce, records_on, walked_on
from gis_service.registers.boundaries.queries.lines import units_along
from gis_service.registers.boundaries.queries.record_evidence import agreed_by, record_evidence
from gis_service.registers.boundaries.rules import RecordEvidence, judge_record
from gis_service.registers.divisions.queries.trees import versions_above


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is to stand on record of a line; None is not known, and for code and name: by rule."""

    code: str | None = None
    name: str | None = None
    agreement_id: UUID | None = None
    approver: str | None = None
    approved_on: date | None = None
    published_length_km: float | None = None
    published_by: UUID | None = None
    runs: str | None = None
    begins_at: str | None = None
    ends_at: str | None = None
    single_markers: int | None = None
    double_markers: int | None = None
    triple_markers: int | None = None
    note: str | None = None


def record_line(
    tx: Transaction, line: LineInForce, facts: LineFacts, *, on: date, instrument_id: UUID
) -> list[Finding]:
    """From a day on, these facts are on record of a line; what was before ends that day.

    Raises:
        RuleViolated: a blocking finding (R-BND-02, -03, -05); nothing is written.
    """
    findings = _judged(tx, line, facts, on=on)
    before = records_on(tx.session, [line.id], on=on).get(line.id)
    told = _told(before)
    rooms = make_room(tx, LineRecord, LineRecord.line_id, [line.id], on=on, instrument_id=instrument_id)
    tx.session.add(LineRecord(line_id=line.id, valid=rooms[line.id], begun_by=instrument_id, **asdict(facts)))
    tx.session.flush()
    _tell(tx, "boundaries.record_line", line, told, facts, on=on, instrument_id=instrument_id)
    _publish(tx, line, told, facts, on=on, instrument_id=instrument_id)
    return findings


def correct_record(
    tx: Transaction, line: LineInForce, facts: LineFacts, *, on: date, instrument_id: UUID
) -> list[Finding]:
    """Put right what stands on record on a day, for its whole period; the journal keeps what was said.

    Raises:
        Conflict: nothing is on record that day.
        RuleViolated: a blocking finding; nothing is written.
    """
    record = records_on(tx.session, [line.id], on=on).get(line.id)
    if record is None:
        raise Conflict(f"{line.name}在 {on} 没有登记内容，无从更正", way_out="请核对日期，或作为新的内容登记")
    findings = _judged(tx, line, facts, on=on)
    told, since = _told(record), record.valid.start
    for name, value in asdict(facts).items():
        setattr(record, name, value)
    tx.session.flush()
    _tell(tx, "boundaries.correct_record", line, told, facts, on=on, instrument_id=instrument_id)
    _publish(tx, line, told, facts, on=max(since, line.valid.start), instrument_id=instrument_id)
    return findings


def facts_of(record: LineRecord | None) -> LineFacts:
    """What a record says, to be carried on with changes."""
    names = LineFacts.__dataclass_fields__
    return LineFacts() if record is None else LineFacts(**{name: getattr(record, name) for name in names})


def _publish(
    tx: Transaction,
    line: LineInForce,
    before: dict[str, Any] | None,
    facts: LineFacts,
    *,
    on: date,
    instrument_id: UUID,
) -> None:
    """A line that is called otherwise than before is drawn otherwise."""
    called = (before or {}).get("code"), (before or {}).get("name")
    if called == (facts.code, facts.name):
        return
    with full_sight(tx.session):
        along = units_along(tx.session, line, on=on)
        above = {unit.division_id for unit in versions_above(tx.session, along, on=on)}
    tx.publish(LineRenamed(on, instrument_id, line.id, tuple(sorted(along | above))))


def _judged(tx: Transaction, line: LineInForce, facts: LineFacts, *, on: date) -> list[Finding]:
    findings = judge_record(_evidence(tx, line, facts, on=on))
    refuse_if_blocking(findings, f"{line.name}的登记内容不能采用", way_out="请按各条意见改正后重试")
    return findings


def _evidence(tx: Transaction, line: LineInForce, facts: LineFacts, *, on: date) -> RecordEvidence:
    agreed = agreed_by(tx.session, facts.agreement_id, facts.approver, facts.approved_on)
    with full_sight(tx.session):
        walked = walked_on(tx.session, line, on=on)
        return record_evidence(tx.session, line, (facts.code, facts.name), agreed, walked, on=on)


def _told(record: LineRecord | None) -> dict[str, Any] | None:
    return None if record is None else asdict(facts_of(record)) | {"valid_from": record.valid.start}


def _tell(
    tx: Transaction,
    command: str,
    line: LineInForce,
    before: dict[str, Any] | None,
    facts: LineFacts,
    *,
    on: date,
    instrument_id: UUID,
) -> None:
    tx.journal(
        command,
        line.code,
        instrument_id=instrument_id,
        before=before,
        after={name: value for name, value in asdict(facts).items() if value is not None},
        line=line.id,
        on=on,
    )
