"""What follows from changes of divisions: settlements are opened, overtaken, withdrawn, and opened again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.settlements.models import Settlement
from gis_service.procedures.settlements.queries import lines_ended_by, lines_there, pieces_around
from gis_service.procedures.settlements.rules import (
    SettlementState,
    Touched,
    due_after,
    tasks_after,
    touched_by,
)
from gis_service.registers.boundaries.queries import LineInForce, lines_by_id
from gis_service.registers.divisions.events import ChangeTakenBack, DivisionsChanged
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_id


def open_settlements(tx: Transaction, event: DivisionsChanged) -> None:
    """Open a settlement for each line that a change touched on the ground; names and codes open none."""
    if not event.on_the_ground:
        return
    with full_sight(tx.session):
        ended = lines_ended_by(tx.session, event.instrument_id, on=event.on)
        touched = {each.line: each for each in touched_by(pieces_around(tx.session, event), ended)}
        _overtake(tx, event, ended)
        from_lines = {line for each in touched.values() for line in each.from_lines}
        lines = {line.id: line for line in lines_by_id(tx.session, {*touched, *from_lines}, on=event.on)}
        act = instrument_by_id(tx.session, event.instrument_id)
        known = _known(tx, event)
        new = [(touched[line.id], line) for line in lines.values() if line.id in touched]
        opened = [_opened(each, line, lines, act) for each, line in new if line.id not in known]
        _number(tx, event, sorted(opened, key=lambda each: (each.line_code, str(each.line_id))))


def _known(tx: Transaction, event: DivisionsChanged) -> set[UUID]:
    wanted = select(Settlement.line_id).where(
        Settlement.instrument_id == event.instrument_id, Settlement.effective_on == event.on
    )
    return set(tx.session.scalars(wanted))


def _opened(
    touched: Touched, line: LineInForce, lines: dict[UUID, LineInForce], act: Instrument
) -> Settlement:
    return Settlement(
        line_id=line.id,
        line_code=line.code,
        line_name=line.name,
        level=line.level,
        first_id=line.first_id,
        second_id=line.second_id,
        follows=touched.follows.value,
        from_lines=[
            {"id": str(lines[each].id), "code": lines[each].code, "name": lines[each].name}
            for each in sorted(touched.from_lines, key=lambda each: (lines[each].code, str(each)))
        ],
        new_km=touched.new_km,
        inherited_km=touched.inherited_km,
        left_km=touched.left_km,
        instrument_id=act.id,
        tasks=[task.id for task in tasks_after(touched.follows)],
        due_on=due_after(act.issued_on),
        state=SettlementState.open.value,
    )


def _number(tx: Transaction, event: DivisionsChanged, opened: list[Settlement]) -> None:
    """KJ (勘界), the year of the change, a running number; whoever changes divisions holds the lock."""
    prefix = f"KJ-{event.on.year}-"
    newest = tx.session.scalar(
        select(func.max(Settlement.number)).where(Settlement.number.startswith(prefix))
    )
    last = int(newest.removeprefix(prefix)) if newest else 0
    for ordinal, each in enumerate(opened, start=last + 1):
        each.number, each.effective_on, each.opened_at = f"{prefix}{ordinal:05d}", event.on, tx.at
    tx.session.add_all(opened)
    tx.session.flush()
    if opened:
        numbers = [each.number for each in opened]
        tx.journal(
            "settlements.open", f"{len(opened)} 条界线", instrument_id=event.instrument_id, numbers=numbers
        )


def _overtake(tx: Transaction, event: DivisionsChanged, ended: Iterable[UUID]) -> None:
    """What was open of lines that end now, or did not last a day, is left to those that follow."""
    open_ones = select(Settlement).where(Settlement.state == SettlementState.open.value)
    own = tx.session.scalars(open_ones.where(Settlement.line_id.in_(list(ended)))).all()
    of_day = tx.session.scalars(open_ones.where(Settlement.effective_on == event.on)).all()
    there = lines_there(tx.session, {each.line_id for each in of_day})
    _withdraw(tx, event, [*own, *(each for each in of_day if each.line_id not in there)])


def _withdraw(tx: Transaction, event: DivisionsChanged | ChangeTakenBack, gone: Iterable[Settlement]) -> None:
    for each in gone:
        before = {"state": each.state}
        each.state, each.withdrawn_by = SettlementState.withdrawn.value, event.instrument_id
        tx.journal(
            "settlements.withdraw",
            each.number,
            instrument_id=event.instrument_id,
            before=before,
            after={"state": each.state},
        )
    tx.session.flush()


def withdraw_settlements(tx: Transaction, event: ChangeTakenBack) -> None:
    """Withdraw what a change opened when it is taken back, and open again what it had overtaken."""
    with full_sight(tx.session):
        overtaken = tx.session.scalars(
            select(Settlement).where(
                Settlement.withdrawn_by == event.instrument_id,
                Settlement.instrument_id != event.instrument_id,
            )
        ).all()
        for each in overtaken:
            each.state, each.withdrawn_by = SettlementState.open.value, None
            tx.journal("settlements.reopen", each.number, after={"state": each.state})
        own = select(Settlement).where(
            Settlement.instrument_id == event.instrument_id,
            Settlement.effective_on == event.on,
            Settlement.state != SettlementState.withdrawn.value,
        )
        _withdraw(tx, event, tx.session.scalars(own).all())
