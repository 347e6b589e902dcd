"""Settlements as they stand: one, a page of them, and how the tasks of each stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, cast, func, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, Reach, highest
from gis_service.foundation.errors import NotFound
from gis_service.foundation.standing import BEIJING, day_in_beijing
from gis_service.procedures.settlements.models import Settlement, SettlementEntry
from gis_service.procedures.settlements.rules import SettlementState, Task, TaskState, ran_out_before, tasks
from gis_service.registers.authorities.queries import covered, limits_of
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instruments_by_id


@dataclass(frozen=True, slots=True)
class Asked:
    """Which settlements are asked for; `overdue_on` keeps open ones whose last day lies before that day.

    Changes of the past, whose last day lay before they were registered, are not among the overdue.
    """

    line: UUID | str | None = None
    within: UUID | None = None
    state: SettlementState | None = None
    overdue_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A settlement with the latest entry of each task, and the acts that are named."""

    settlement: Settlement
    entries: dict[str, SettlementEntry]
    history: list[SettlementEntry]
    acts: dict[UUID, Instrument]

    @property
    def tasks(self) -> dict[Task, TaskState]:
        """How each task stands, in the order in which they are done."""
        known = tasks()
        return {
            known[task]: TaskState(self.entries[task].state) if task in self.entries else TaskState.pending
            for task in self.settlement.tasks
        }

    @property
    def classification(self) -> Classification:
        """As the most closely kept of its acts."""
        return highest(Classification.public, *(act.classification for act in self.acts.values()))


def is_historic(settlement: Settlement) -> bool:
    """Whether its clock had run out before the register knew of the change."""
    return ran_out_before(settlement.due_on, day_in_beijing(settlement.opened_at))


def settlement_numbered(session: Session, number: str) -> Settlement:
    """The settlement with this number.

    Raises:
        NotFound: no such settlement that the reader may know of.
    """
    found = session.scalar(select(Settlement).where(Settlement.number == number))
    if found is None:
        raise _unknown(number)
    return found


def require_in_reach(session: Session, settlement: Settlement, reach: Reach, *, on: date) -> None:
    """Refuse to tell of a line of which neither side lies within reach.

    Raises:
        NotFound: as of what is not there.
    """
    if not covered(session, reach, (settlement.first_id, settlement.second_id), on=on):
        raise _unknown(settlement.number)


def _unknown(number: str) -> NotFound:
    return NotFound(f"没有编号为 {number} 的勘界事项", way_out="编号可用 settlements list 查得")


def settlements_page(
    session: Session,
    asked: Asked,
    *,
    reach: Reach,
    on: date,
    after: str | None = None,
    limit: int | None = None,
) -> list[Settlement]:
    """Settlements of lines of which a side lies within reach, by number."""
    wanted = select(Settlement).order_by(Settlement.number)
    if after is not None:
        wanted = wanted.where(Settlement.number > after)
    if isinstance(asked.line, UUID):
        wanted = wanted.where(Settlement.line_id == asked.line)
    elif asked.line is not None:
        wanted = wanted.where(Settlement.line_code == asked.line)
    if asked.state is not None:
        wanted = wanted.where(Settlement.state == asked.state.value)
    if asked.overdue_on is not None:
        wanted = wanted.where(
            Settlement.state == SettlementState.open.value,
            Settlement.due_on < asked.overdue_on,
            Settlement.due_on >= cast(func.timezone(BEIJING.utcoffset(None), Settlement.opened_at), Date),
        )
    for each in limits_of(reach, asked.within):
        inside = covered(session, each, _sides(session), on=on)
        wanted = wanted.where(or_(Settlement.first_id.in_(inside), Settlement.second_id.in_(inside)))
    return list(session.scalars(wanted.limit(limit)))


def _sides(session: Session) -> set[UUID]:
    rows = session.execute(select(Settlement.first_id, Settlement.second_id).distinct())
    return {side for row in rows for side in row}


def standing_of(session: Session, settlements: Iterable[Settlement]) -> list[Standing]:
    """Each settlement with how its tasks stand: three statements whatever their number."""
    wanted = {each.id: each for each in settlements}
    rows = select(SettlementEntry).where(SettlementEntry.settlement_id.in_(wanted))
    history: dict[UUID, list[SettlementEntry]] = {each: [] for each in wanted}
    for entry in session.scalars(rows.order_by(SettlementEntry.ordinal)):
        history[entry.settlement_id].append(entry)
    acts = instruments_by_id(session, _acts(wanted.values(), history.values()))
    return [
        Standing(
            each,
            {entry.task: entry for entry in history[each.id]},
            history[each.id],
            {act: acts[act] for act in _acts([each], [history[each.id]]) if act in acts},
        )
        for each in wanted.values()
    ]


def _acts(settlements: Iterable[Settlement], histories: Iterable[list[SettlementEntry]]) -> set[UUID]:
    named = {
        act
        for each in settlements
        for act in (each.instrument_id, each.filed_by, each.withdrawn_by, each.extended_by)
    }
    of_entries = {act for entries in histories for entry in entries for act in entry.instruments}
    return of_entries | {act for act in named if act is not None}
