"""Telling what a resurvey came to, or that nothing is to be surveyed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.resurveys.commands.papers import papers_numbered
from gis_service.procedures.resurveys.models import Resurvey
from gis_service.procedures.resurveys.queries import require_in_reach, resurvey_numbered
from gis_service.procedures.resurveys.rules import (
    MOVES,
    STATE_WORDS,
    Cause,
    Closing,
    ResurveyState,
    judge_closing,
)
from gis_service.procedures.resurveys.schemas import ResurveyedIn, ResurveyWithdrawnIn
from gis_service.registers.boundaries.models import Indicator


def finish_resurvey(tx: Transaction, number: str, sent: ResurveyedIn) -> list[Finding]:
    """Record what a resurvey came to, by its result and its filing; the line stays where it was (R-BND-14).

    Raises:
        NotFound: no such resurvey within the jurisdiction of the actor.
        IllegalMove: it is not open.
        InvalidInput: a paper is not registered, or the day is to come or lies before the change was found.
        RuleViolated: an indicator changed and the result is not filed (R-BND-15).
    """
    row = _in_hand(tx, number, ResurveyState.done)
    on = sent.on or tx.today
    if not row.found_on <= on <= tx.today:
        raise InvalidInput(
            f"日期 {on} 不在发现之日 {row.found_on} 至今天之间", way_out="请核对修测完成的日期"
        )
    sides = (row.first_id, row.second_id)
    result, filing = papers_numbered(tx, [sent.instrument, sent.filing], sent.acts, within=sides)
    row.done_by, row.filed_by = result, filing
    closing = Closing(number, str(row.line_id), Cause(row.cause), filing is not None, _is_on_record(tx, row))
    findings = judge_closing(closing)
    refuse_if_blocking(findings, f"修测任务 {number} 不能办结", way_out="请按各条意见补齐")
    row.ended_on = on
    _move(tx, row, ResurveyState.done, sent.outcome, filing=filing, on=on)
    return findings


def withdraw_resurvey(tx: Transaction, number: str, sent: ResurveyWithdrawnIn) -> list[Finding]:
    """Record that nothing is to be surveyed, and why; raises as `finish_resurvey`."""
    row = _in_hand(tx, number, ResurveyState.withdrawn)
    row.ended_on = tx.today
    _move(tx, row, ResurveyState.withdrawn, sent.reason, on=tx.today)
    return []


def _in_hand(tx: Transaction, number: str, to: ResurveyState) -> Resurvey:
    tx.require(Act.settle_lines)
    row = resurvey_numbered(tx.session, number)
    require_in_reach(tx.session, row, tx.actor.reach(Act.settle_lines), on=tx.today)
    require_move(MOVES, ResurveyState(row.state), to, subject=f"修测任务 {number} ", words=STATE_WORDS)
    return row


def _is_on_record(tx: Transaction, row: Resurvey) -> bool | None:
    """Whether the register tells of the change by this result; None where it holds no such object."""
    if row.object_id is None or row.done_by is None:
        return None
    by_it = or_(Indicator.resurvey_id == row.done_by, Indicator.ended_by == row.done_by)
    wanted = select(Indicator.id).where(Indicator.object_id == row.object_id, by_it)
    return tx.session.scalar(wanted.limit(1)) is not None


def _move(tx: Transaction, row: Resurvey, to: ResurveyState, outcome: str, **detail: Any) -> None:
    before = row.state
    row.state, row.outcome = to.value, outcome
    tx.session.flush()
    tx.journal(
        f"resurveys.{to.value}",
        row.number,
        instrument_id=row.done_by,
        before={"state": before},
        after={"state": row.state, "outcome": outcome},
        **detail,
    )
