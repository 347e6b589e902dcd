"""What falls due on lines: agreements that run out, resolutions that are not done, plans to look through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.access import Classification
from gis_service.foundation.readings import note_reading
from gis_service.procedures.disputes.models import (
    ContingencyPlan,
    JointMeeting,
    JointMeetingLine,
    MeetingResolution,
    PeaceAgreement,
)
from gis_service.procedures.disputes.queries.meetings import lines_of_meetings
from gis_service.procedures.disputes.queries.peace_ground import either_side_within, lines_called
from gis_service.procedures.disputes.queries.plans import exercises_of, plan_holds, review_of
from gis_service.procedures.disputes.schemas.agreements import PeaceDueOut
from gis_service.registers.divisions.queries import last_known


def peace_due(session: Session, *, on: date, days: int, within: UUID | None = None) -> list[PeaceDueOut]:
    """What is overdue on a day or falls due within so many days after it, the earliest first."""
    until = on + timedelta(days=days)
    found = [
        *_agreements(session, on, until, within),
        *_resolutions(session, on, until, within),
        *_plans(session, on, until, within),
    ]
    return sorted(found, key=lambda each: each.key)


def note_due(session: Session, told: Iterable[PeaceDueOut]) -> None:
    """Leave the trace of what is told."""
    for each in told:
        note_reading(session, each.classification, each.number)


def _agreements(session: Session, on: date, until: date, within: UUID | None) -> Iterator[PeaceDueOut]:
    later = aliased(PeaceAgreement)
    followed = exists().where(
        later.line_id == PeaceAgreement.line_id,
        later.kind == PeaceAgreement.kind,
        later.expires_on > PeaceAgreement.expires_on,
        later.ended_on.is_(None),
    )
    wanted = select(PeaceAgreement).where(
        PeaceAgreement.begins_on <= on,
        PeaceAgreement.expires_on <= until,
        PeaceAgreement.ended_on.is_(None) | (PeaceAgreement.ended_on > on),
        ~followed,
    )
    if within is not None:
        wanted = wanted.where(either_side_within(PeaceAgreement, within, on=on))
    rows = list(session.scalars(wanted))
    lines = lines_called(session, {each.line_id for each in rows}, on=on)
    for each in rows:
        called, what = lines[each.line_id].name, f"{each.kind}到期，须续签"
        yield _due(each, each.expires_on, on, kind="协议到期", lines=[called], what=what)


def _resolutions(session: Session, on: date, until: date, within: UUID | None) -> Iterator[PeaceDueOut]:
    wanted = (
        select(JointMeeting, MeetingResolution)
        .join(MeetingResolution, MeetingResolution.meeting_id == JointMeeting.id)
        .where(JointMeeting.held_on <= on, MeetingResolution.due_on <= until)
        .where(MeetingResolution.done_on.is_(None) | (MeetingResolution.done_on > on))
    )
    if within is not None:
        own = exists().where(JointMeetingLine.meeting_id == JointMeeting.id)
        wanted = wanted.where(own.where(either_side_within(JointMeetingLine, within, on=on)))
    rows = [(row[0], row[1]) for row in session.execute(wanted)]
    lines = lines_of_meetings(session, [meeting for meeting, _ in rows])
    called = lines_called(
        session, {each.line_id for own_lines in lines.values() for each in own_lines}, on=on
    )
    units = last_known(session, {resolution.responsible_id for _, resolution in rows})
    for meeting, resolution in rows:
        unit = units.get(resolution.responsible_id)
        yield _due(
            meeting,
            resolution.due_on,
            on,
            kind="议定事项",
            ordinal=resolution.ordinal,
            lines=sorted(called[each.line_id].name for each in lines[meeting.id]),
            what=resolution.words,
            responsible=unit.code if unit else None,
        )


def _plans(session: Session, on: date, until: date, within: UUID | None) -> Iterator[PeaceDueOut]:
    wanted = select(ContingencyPlan).where(plan_holds(on))
    if within is not None:
        wanted = wanted.where(either_side_within(ContingencyPlan, within, on=on))
    plans = list(session.scalars(wanted))
    exercises = exercises_of(session, plans)
    due = {plan.id: review_of(plan, exercises[plan.id], on=on) for plan in plans}
    rows = [plan for plan in plans if due[plan.id] <= until]
    lines = lines_called(session, {each.line_id for each in rows}, on=on)
    for each in rows:
        called, what = lines[each.line_id].name, f"{each.title}（第 {each.version} 版）须复审"
        yield _due(each, due[each.id], on, kind="预案复审", lines=[called], what=what)


def _due(row: Any, due_on: date, on: date, **told: Any) -> PeaceDueOut:
    plain = {"ordinal": None, "responsible": None} | told
    return PeaceDueOut(
        due_on=due_on,
        overdue=due_on < on,
        number=row.number,
        classification=Classification(row.classification),
        **plain,
    )
