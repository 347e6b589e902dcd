"""Putting the record right: rows replaced whole, areas and lines renewed under them; and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import refuse_if_blocking
from gis_service.foundation.replaced import Replaced
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.proving import require_fit
from gis_service.procedures.changes.queries import Written, record_for
from gis_service.procedures.changes.rules import (
    ChangeEvidence,
    Plan,
    judge_correction,
    put_right,
    units_of,
    window_of,
)
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.boundaries.commands import Window, renew, replace_holdings, replace_lines
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.commands import correct
from gis_service.registers.divisions.events import DivisionsChanged
from gis_service.registers.divisions.queries import versions_above
from gis_service.registers.instruments.commands import register_instrument


def enter_acts_of(tx: Transaction, proposal: ProposalIn) -> None:
    """Register the acts by which bounds are to stand that are put right."""
    for act in proposal.acts:
        register_instrument(tx, act)


def write_correction(
    tx: Transaction, evidence: ChangeEvidence, plan: Plan, *, instrument_id: UUID
) -> Written:
    """Write what a plan puts right.

    Raises:
        RuleViolated: it would leave a gap, an overlap, a unit without a superior, a code with two holders.
    """
    record = record_for(tx.session, plan.corrected)
    right = put_right(record, plan.corrected)
    refuse_if_blocking(
        judge_correction(record, right), "更正与登记簿抵触，不能实施", way_out="请按各条意见修正"
    )
    replaced = replace_record(tx, right.replaced, on=evidence.effective_on, by=instrument_id)
    return Written(evidence, plan, (), (), (), (), tuple(replaced))


def replace_record(tx: Transaction, replaced: Iterable[Replaced], *, on: date, by: UUID) -> list[Replaced]:
    """Replace rows, let areas and lines follow, prove that they fit; returns all that was replaced."""
    replaced = list(replaced)
    units, span = units_of(replaced), window_of(replaced)
    window = Window(*span) if span is not None else None
    days = _days_in(tx, window)
    above = _above(tx, units, days)
    correct(tx, replaced, by=by)
    replace_holdings(tx, replaced, by=by)
    replace_lines(tx, replaced)
    if window is not None:
        days |= _days_in(tx, window)
        above |= _above(tx, units, days)
        changed, lines = renew(tx, units, above - units, window, by=by)
        replaced += lines
        tx.publish(changed)
        for day in sorted(days):
            if leaves := holders_of_area(tx.session, units, on=day):
                require_fit(tx, leaves, on=day)
    touched = tuple(sorted(units | above))
    tx.publish(DivisionsChanged(on, by, (), (), touched, tuple(sorted(units)), on_the_ground=False))
    return replaced


def _days_in(tx: Transaction, window: Window | None) -> set[date]:
    if window is None:
        return set()
    later = days_of_change(tx.session, after=window.start)
    return {window.start, *(day for day in later if window.end is None or day <= window.end)}


def _above(tx: Transaction, units: Iterable[UUID], days: Iterable[date]) -> set[UUID]:
    units = set(units)
    return {version.division_id for day in days for version in versions_above(tx.session, units, on=day)}
