"""Settlements as people and programs read them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from gis_service.procedures.settlements.models import SettlementEntry
from gis_service.procedures.settlements.queries.settlements import Standing, is_historic
from gis_service.procedures.settlements.rules import (
    FOLLOWS_WORDS,
    STATE_WORDS,
    Follows,
    SettlementState,
    Task,
    TaskState,
    basis_at,
    tasks,
)
from gis_service.procedures.settlements.schemas import (
    EntryOut,
    LineCalledOut,
    SettlementOut,
    SettlementSummaryOut,
    TaskOut,
)


def summary_told(standing: Standing, *, on: date) -> SettlementSummaryOut:
    """A settlement in a list, as it stands on a day."""
    return SettlementSummaryOut(**_summary(standing, on))


def _summary(standing: Standing, on: date) -> dict[str, Any]:
    each = standing.settlement
    state = SettlementState(each.state)
    return {
        "number": each.number,
        "line": LineCalledOut(id=str(each.line_id), code=each.line_code, name=each.line_name),
        "level": each.level,
        "follows": FOLLOWS_WORDS[Follows(each.follows)],
        "effective_on": each.effective_on,
        "due_on": each.due_on,
        "overdue": state is SettlementState.open and each.due_on < on and not is_historic(each),
        "historic": is_historic(each),
        "state": each.state,
        "state_name": STATE_WORDS[state],
        "pending": [task.title for task, how in standing.tasks.items() if how is TaskState.pending],
        "classification": standing.classification,
    }


def settlement_told(standing: Standing, *, on: date) -> SettlementOut:
    """A settlement in full, as it stands on a day."""
    each = standing.settlement
    acts = standing.acts
    return SettlementOut(
        **_summary(standing, on),
        instrument=acts[each.instrument_id].number,
        new_km=each.new_km,
        inherited_km=each.inherited_km,
        left_km=each.left_km,
        from_lines=[LineCalledOut(**line) for line in each.from_lines],
        settled_on=each.settled_on,
        filed_on=each.filed_on,
        filed_by=_number(standing, each.filed_by),
        extended_by=_number(standing, each.extended_by),
        extension_reason=each.extension_reason,
        tasks=[_task(standing, task, how) for task, how in standing.tasks.items()],
        history=[_entry(standing, entry) for entry in standing.history],
    )


def _number(standing: Standing, act: UUID | None) -> str | None:
    return standing.acts[act].number if act in standing.acts else None


def _task(standing: Standing, task: Task, state: TaskState) -> TaskOut:
    entry = standing.entries.get(task.id)
    return TaskOut(**_said(standing, task, entry) | {"state": state.value})


def _said(standing: Standing, task: Task, entry: SettlementEntry | None) -> dict[str, Any]:
    named = (_number(standing, act) for act in (entry.instruments if entry else ()))
    return {
        "task": task.id,
        "title": task.title,
        "legal_basis": basis_at(task, standing.settlement.level),
        "done_on": entry.done_on if entry else None,
        "instruments": [number for number in named if number is not None],
        "note": entry.note if entry else "",
    }


def _entry(standing: Standing, entry: SettlementEntry) -> EntryOut:
    who = {"actor": entry.actor, "authority": entry.authority, "recorded_at": entry.recorded_at}
    return EntryOut(**_said(standing, tasks()[entry.task], entry) | who | {"state": entry.state})
