"""What is done after an enactment, and the report that ends the clock."""

from __future__ import annotations

from datetime import date

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand
from gis_service.procedures.changes.models import CaseState, ChangeCase, FollowUp
from gis_service.procedures.changes.queries import case_by_number, follow_up_of
from gis_service.procedures.changes.rules.evaluations import ROUND

COMPLETION = "completion_report"  # the duty in duties.toml that ends the clock of R-CHG-10


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
    if duty.startswith(ROUND):
        raise Conflict("变更效果评估不能直接办结", way_out="请登记评估（changes evaluation record）")
    case = in_hand(tx, number, Act.follow_up_change)
    require_enacted(case)
    _require_after_approval(case, on)
    follow_up = follow_up_of(tx.session, case, duty)
    before = {"done_on": follow_up.done_on, "note": follow_up.note}
    follow_up.done_on, follow_up.note = on, note or None
    if duty == COMPLETION:
        case.completed_on = on
    after = {"done_on": on, "note": follow_up.note}
    tx.journal("changes.duty_done", number, before=before, after=after, duty=duty)
    return follow_up


def require_enacted(case: ChangeCase) -> None:
    """Refuse what can only be done about a change that was carried out."""
    if case.state != CaseState.enacted.value:
        raise Conflict(f"案卷 {case.number} 尚未实施，没有后续事项可办结", way_out="请先实施")


def _require_after_approval(case: ChangeCase, on: date) -> None:
    if case.approved_on is not None and on < case.approved_on:
        raise Conflict(
            f"办结日期 {on} 早于批准日期 {case.approved_on}", way_out="请核对日期；后续事项都在批准之后"
        )
