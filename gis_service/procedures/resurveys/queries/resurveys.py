"""Resurveys: one, a page of them, and as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, Reach, highest
from gis_service.foundation.errors import NotFound
from gis_service.procedures.resurveys.models import Resurvey
from gis_service.procedures.resurveys.rules import STATE_WORDS, Cause, ResurveyState, causes
from gis_service.procedures.resurveys.schemas import ResurveyOut
from gis_service.registers.authorities.queries import covered, limits_of
from gis_service.registers.instruments.queries import instruments_by_id


@dataclass(frozen=True, slots=True)
class ResurveysAsked:
    """Which resurveys are asked for."""

    line: UUID | str | None = None
    within: UUID | None = None
    state: ResurveyState | None = None


def resurvey_numbered(session: Session, number: str) -> Resurvey:
    """The resurvey with this number.

    Raises:
        NotFound: no such resurvey that the reader may know of.
    """
    found = session.scalar(select(Resurvey).where(Resurvey.number == number))
    if found is None:
        raise _unknown(number)
    return found


def require_in_reach(session: Session, resurvey: Resurvey, reach: Reach, *, on: date) -> None:
    """Refuse to tell of a line of which neither side lies within reach.

    Raises:
        NotFound: as of what is not there.
    """
    if not covered(session, reach, (resurvey.first_id, resurvey.second_id), on=on):
        raise _unknown(resurvey.number)


def _unknown(number: str) -> NotFound:
    return NotFound(f"没有编号为 {number} 的修测任务", way_out="编号可用 resurveys list 查得")


def resurveys_page(
    session: Session,
    asked: ResurveysAsked,
    *,
    reach: Reach,
    on: date,
    after: str | None = None,
    limit: int | None = None,
) -> list[Resurvey]:
    """Resurveys of lines of which a side lies within reach, by number."""
    wanted = select(Resurvey).order_by(Resurvey.number)
    if after is not None:
        wanted = wanted.where(Resurvey.number > after)
    if isinstance(asked.line, UUID):
        wanted = wanted.where(Resurvey.line_id == asked.line)
    elif asked.line is not None:
        wanted = wanted.where(Resurvey.line_code == asked.line)
    if asked.state is not None:
        wanted = wanted.where(Resurvey.state == asked.state.value)
    for each in limits_of(reach, asked.within):
        inside = covered(session, each, _sides(session), on=on)
        wanted = wanted.where(or_(Resurvey.first_id.in_(inside), Resurvey.second_id.in_(inside)))
    return list(session.scalars(wanted.limit(limit)))


def _sides(session: Session) -> set[UUID]:
    rows = session.execute(select(Resurvey.first_id, Resurvey.second_id).distinct())
    return {side for row in rows for side in row}


def told_of(session: Session, resurveys: Iterable[Resurvey], *, on: date) -> list[ResurveyOut]:
    """Resurveys as they stand on a day, each as closely kept as the most closely kept of its papers."""
    rows = list(resurveys)
    acts = instruments_by_id(session, {act for each in rows for act in _papers(each) if act is not None})
    numbers: dict[UUID | None, str] = {key: act.number for key, act in acts.items()}
    kept = {
        each.id: highest(
            Classification.public, *(acts[act].classification for act in _papers(each) if act in acts)
        )
        for each in rows
    }
    return [_told(each, numbers, kept[each.id], on) for each in rows]


def _papers(each: Resurvey) -> tuple[UUID | None, ...]:
    return each.instrument_id, each.done_by, each.filed_by


_AS_KEPT = (
    *("number", "line_id", "line_code", "line_name", "level", "from_m", "to_m", "object_id", "object_name"),
    *("note", "found_on", "due_on", "state", "ended_on", "outcome"),
)


def _told(each: Resurvey, numbers: dict[UUID | None, str], kept: Classification, on: date) -> ResurveyOut:
    state, cause = ResurveyState(each.state), Cause(each.cause)
    is_late = state is ResurveyState.open and each.due_on is not None and each.due_on < on
    return ResurveyOut(
        **{name: getattr(each, name) for name in _AS_KEPT},
        cause=cause,
        cause_title=causes()[cause].title,
        legal_basis=causes()[cause].legal_basis,
        instrument=numbers.get(each.instrument_id),
        overdue=is_late,
        state_name=STATE_WORDS[state],
        done_by=numbers.get(each.done_by),
        filed_by=numbers.get(each.filed_by),
        classification=kept,
    )
