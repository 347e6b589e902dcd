"""Doing what is left to do of a line: tasks one by one, then the line as a whole; by those of either side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.findings import Finding, Severity, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.settlements.models import Settlement, SettlementEntry
from gis_service.procedures.settlements.queries import (
    facts_of,
    require_in_reach,
    settlement_numbered,
    standing_of,
)
from gis_service.procedures.settlements.rules import (
    MOVES,
    STATE_WORDS,
    Follows,
    SettlementState,
    Task,
    TaskState,
    judge_settling,
    judge_task,
    tasks,
)
from gis_service.procedures.settlements.schemas import DoneIn, FiledIn, SettledIn, WhyIn
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.instruments.schemas import InstrumentIn


def finish_task(tx: Transaction, number: str, task: str, sent: DoneIn) -> list[Finding]:
    """Record that a task is done, by which documents; tells where the registers do not say so yet.

    Raises:
        NotFound: no such settlement within the jurisdiction of the actor, or it has no such task.
        InvalidInput: a document is not registered, or none is named where one is needed.
        Conflict: the settlement is not open.
    """
    settlement, own = _task_of(tx, number, task)
    on = _past(tx, sent.on)
    acts = acts_of(tx, settlement, sent.instruments, sent.acts)
    if own.papers and not acts:
        raise InvalidInput(f"“{own.title}”须有文件为据", way_out="请写文件的文号（--act）")
    _append(tx, settlement, own, TaskState.done, sent.note, on=on, acts=acts)
    facts = facts_of(tx.session, settlement, on=max(tx.today, settlement.effective_on))
    return judge_task(own, facts, Severity.warning) if facts else []


def waive_task(tx: Transaction, number: str, task: str, sent: WhyIn) -> list[Finding]:
    """Record that a task is not needed, and why; raises as `finish_task`."""
    settlement, own = _task_of(tx, number, task)
    _append(tx, settlement, own, TaskState.waived, sent.reason)
    return []


def reopen_task(tx: Transaction, number: str, task: str, sent: WhyIn) -> list[Finding]:
    """Record that a task is to be done after all; a settled line is open again. Raises as `finish_task`."""
    settlement = in_hand(tx, number)
    own = _own_task(settlement, task)
    if settlement.state == SettlementState.settled.value:
        _move(tx, settlement, SettlementState.open)
        settlement.settled_on = None
    require_open(settlement)
    _append(tx, settlement, own, TaskState.pending, sent.reason)
    return []


def settle(tx: Transaction, number: str, sent: SettledIn) -> list[Finding]:
    """Tell that a line is settled: all is done, and the registers say so.

    Raises:
        IllegalMove: it is not open.
        RuleViolated: with each thing that is missing, and how to mend it.
    """
    settlement = in_hand(tx, number)
    require_move(
        MOVES,
        SettlementState(settlement.state),
        SettlementState.settled,
        subject=f"勘界事项 {number} ",
        words=STATE_WORDS,
    )
    on = _past(tx, sent.on)
    [standing] = standing_of(tx.session, [settlement])
    facts = facts_of(tx.session, settlement, on=max(tx.today, settlement.effective_on))
    is_running = settlement.follows != Follows.ended.value
    findings = judge_settling(number, standing.tasks, facts, is_running=is_running)
    refuse_if_blocking(findings, f"{settlement.line_name}尚不能定界", way_out="请按各条意见办理")
    _move(tx, settlement, SettlementState.settled, on=on)
    settlement.settled_on = on
    return findings


def file_settlement(tx: Transaction, number: str, sent: FiledIn) -> list[Finding]:
    """Record that the agreement of a settled line was filed with the approver (界线条例 Art 9).

    Raises:
        IllegalMove: it is not settled.
        InvalidInput: the filing is not registered.
    """
    settlement = in_hand(tx, number)
    on = _past(tx, sent.on)
    [filing] = acts_of(tx, settlement, [sent.instrument], sent.acts)
    _move(tx, settlement, SettlementState.filed, on=on, instrument_id=filing)
    settlement.filed_on, settlement.filed_by = on, filing
    return []


def in_hand(tx: Transaction, number: str) -> Settlement:
    """A settlement that somebody is about to write of.

    Raises:
        NotFound: no such settlement within the jurisdiction of the actor.
    """
    tx.require(Act.settle_lines)
    settlement = settlement_numbered(tx.session, number)
    require_in_reach(tx.session, settlement, tx.actor.reach(Act.settle_lines), on=tx.today)
    return settlement


def _task_of(tx: Transaction, number: str, task: str) -> tuple[Settlement, Task]:
    settlement = in_hand(tx, number)
    own = _own_task(settlement, task)
    require_open(settlement)
    return settlement, own


def _own_task(settlement: Settlement, task: str) -> Task:
    if task not in settlement.tasks:
        known = "、".join(f"{each}（{tasks()[each].title}）" for each in settlement.tasks)
        raise NotFound(f"勘界事项 {settlement.number} 没有事项“{task[:40]}”", way_out=f"事项有：{known}")
    return tasks()[task]


def require_open(settlement: Settlement) -> None:
    """Refuse what only an open settlement takes.

    Raises:
        Conflict: it is not open.
    """
    state = SettlementState(settlement.state)
    if state is not SettlementState.open:
        raise Conflict(
            f"勘界事项 {settlement.number} 现为“{STATE_WORDS[state]}”，不能办理各事项",
            way_out="已定界而尚未备案的，可先恢复待办（settlements reopen）",
        )


def _past(tx: Transaction, on: date | None) -> date:
    if on is not None and on > tx.today:
        raise InvalidInput(f"日期 {on} 尚未到来", way_out=f"请写不晚于 {tx.today} 的日期")
    return on or tx.today


def acts_of(
    tx: Transaction, settlement: Settlement, numbers: Iterable[str], new: Iterable[InstrumentIn]
) -> list[UUID]:
    """The acts with these numbers, in their order; the new ones are registered first.

    Raises:
        InvalidInput: one is not registered.
    """
    for act in new:
        register_instrument(tx, act, kept_within=(settlement.first_id, settlement.second_id))
    wanted = list(dict.fromkeys(numbers))
    known = acts_numbered(tx.session, wanted)
    if absent := [number for number in wanted if number not in known]:
        raise InvalidInput(
            f"没有登记文号为“{'”、“'.join(absent)}”的文件", way_out="请核对文号，或在 acts 中写明该文件"
        )
    return [known[number].id for number in wanted]


def _append(
    tx: Transaction,
    settlement: Settlement,
    task: Task,
    state: TaskState,
    note: str,
    *,
    on: date | None = None,
    acts: Iterable[UUID] = (),
) -> None:
    [standing] = standing_of(tx.session, [settlement])
    before = standing.tasks[task]
    if before is state is not TaskState.done:
        raise Conflict(f"“{task.title}”已经是“{state.value}”", way_out="无需再办")
    acts = list(acts)
    tx.session.add(
        SettlementEntry(
            settlement_id=settlement.id,
            task=task.id,
            state=state.value,
            done_on=on,
            instruments=acts,
            note=note,
            account_id=tx.actor.account_id,
            actor=tx.actor.name,
            authority=tx.actor.authority,
            recorded_at=tx.at,
        )
    )
    tx.session.flush()
    after = {"state": state.value, "on": on, "instruments": acts, "note": note}
    tx.journal(
        "settlements.task", settlement.number, before={"state": before.value}, after=after, task=task.id
    )


def _move(tx: Transaction, settlement: Settlement, to: SettlementState, **detail: Any) -> None:
    state = SettlementState(settlement.state)
    require_move(MOVES, state, to, subject=f"勘界事项 {settlement.number} ", words=STATE_WORDS)
    settlement.state = to.value
    tx.journal(
        f"settlements.{to.value}", settlement.number, before={"state": state}, after={"state": to}, **detail
    )
