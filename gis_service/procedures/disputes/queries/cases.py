"""Cases as they stand: one, or those that are asked for, as far as whoever asks may know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Reach
from gis_service.foundation.errors import NotFound
from gis_service.foundation.standing import full_sight, stood_before
from gis_service.procedures.disputes.models import OPEN, STATE_WORDS, DisputeCase, DisputeState, DisputeStep
from gis_service.registers.authorities.queries import covered, limits_of

_OPEN = [state.value for state in OPEN]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are asked for; `within` is a unit a side lies in, `due_by` keeps open ones due by then."""

    line: UUID | None = None
    within: UUID | None = None
    state: DisputeState | None = None
    level: str | None = None
    kind: str | None = None
    only_open: bool = False
    due_by: date | None = None


ALL = Asked()


def case_numbered(session: Session, number: str, *, on: date) -> DisputeCase:
    """The case with this number.

    Raises:
        NotFound: no such case, or not for the reader on that day.
    """
    found = session.scalar(select(DisputeCase).where(DisputeCase.number == number))
    sides = () if found is None else (found.first_id, found.second_id)
    if found is None or not covered(session, _reach(session), sides, on=on):
        raise NotFound(f"没有案号为“{number[:40]}”的隐患纠纷", way_out="请用 disputes list 查看")
    return found


def cases(
    session: Session, asked: Asked = ALL, *, on: date, after: str | None = None, limit: int | None = None
) -> list[DisputeCase]:
    """Cases within the reader's reach on a day, by number."""
    wanted = select(DisputeCase).order_by(DisputeCase.number)
    state = None if asked.state is None else asked.state.value
    plain = {"line_id": asked.line, "level": asked.level, "kind": asked.kind, "state": state}
    for column, value in plain.items():
        if value is not None:
            wanted = wanted.where(getattr(DisputeCase, column) == value)
    if asked.only_open or asked.due_by is not None:
        wanted = wanted.where(DisputeCase.state.in_(_OPEN))
    if asked.due_by is not None:
        wanted = wanted.where(DisputeCase.due_on <= asked.due_by)
    if after is not None:
        wanted = wanted.where(DisputeCase.number > after)
    for limits in limits_of(_reach(session), asked.within):
        inside = covered(session, limits, _sides(session), on=on)
        wanted = wanted.where(or_(DisputeCase.first_id.in_(inside), DisputeCase.second_id.in_(inside)))
    return list(session.scalars(wanted.limit(limit)))


def _reach(session: Session) -> Reach:
    session.connection()  # whom a session works for is known once it has begun
    actor = stood_before(session)
    return Reach() if actor is None else actor.reach(Act.read_disputes)


def _sides(session: Session) -> set[UUID]:
    rows = session.execute(select(DisputeCase.first_id, DisputeCase.second_id).distinct())
    return {side for row in rows for side in row}


def steps_of(session: Session, *case_ids: UUID) -> list[DisputeStep]:
    """Everything done in some cases, in order."""
    wanted = select(DisputeStep).where(DisputeStep.case_id.in_(case_ids))
    return list(session.scalars(wanted.order_by(DisputeStep.case_id, DisputeStep.ordinal)))


def next_number(session: Session, year: int) -> str:
    """The next number of a year, after those of all cases: also of those its reader may not see."""
    prefix = f"YH-{year}-"
    numbers = select(func.max(DisputeCase.number)).where(DisputeCase.number.startswith(prefix))
    with full_sight(session):
        last = session.scalar(numbers)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


def is_overdue(case: DisputeCase, *, on: date) -> bool:
    """Whether a case is open after its day."""
    return case.state in _OPEN and case.due_on < on


def recurrences(steps: Iterable[DisputeStep]) -> int:
    """How often a case came back."""
    return sum(step.kind == STATE_WORDS[DisputeState.recurred] for step in steps)
