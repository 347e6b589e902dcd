"""Joint meetings with what they resolved, as it stands on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, extract, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.foundation.readings import note_reading
from gis_service.procedures.disputes.models import JointMeeting, JointMeetingLine, MeetingResolution
from gis_service.procedures.disputes.queries.agreements import PeaceAsked
from gis_service.procedures.disputes.queries.peace_ground import either_side_within, lines_called
from gis_service.procedures.disputes.schemas.meetings import JointMeetingOut, ResolutionOut
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.queries import instruments_by_id


def meetings_page(
    session: Session, asked: PeaceAsked, *, on: date, after: str | None = None, limit: int | None = None
) -> list[JointMeeting]:
    """Meetings held up to a day, by number; `holding` keeps those with a resolution that is not done."""
    wanted = select(JointMeeting).where(JointMeeting.held_on <= on)
    own = exists().where(JointMeetingLine.meeting_id == JointMeeting.id)
    if after is not None:
        wanted = wanted.where(JointMeeting.number > after)
    if asked.line is not None:
        line = line_named(session, asked.line, on=on)
        wanted = wanted.where(own.where(JointMeetingLine.line_id == line.id))
    if asked.within is not None:
        wanted = wanted.where(own.where(either_side_within(JointMeetingLine, asked.within, on=on)))
    if asked.holding:
        undone = exists().where(
            MeetingResolution.meeting_id == JointMeeting.id, MeetingResolution.done_on.is_(None)
        )
        wanted = wanted.where(undone)
    return list(session.scalars(wanted.order_by(JointMeeting.number).limit(limit)))


def meetings_of_year(session: Session, line: UUID, year: int) -> list[JointMeeting]:
    """The meetings on a line in a year, in order."""
    wanted = (
        select(JointMeeting)
        .join(JointMeetingLine, JointMeetingLine.meeting_id == JointMeeting.id)
        .where(JointMeetingLine.line_id == line, extract("year", JointMeeting.held_on) == year)
    )
    return list(session.scalars(wanted.order_by(JointMeeting.held_on, JointMeeting.number)))


def lines_of_meetings(
    session: Session, meetings: Iterable[JointMeeting]
) -> dict[UUID, list[JointMeetingLine]]:
    """The lines each meeting was about."""
    found: dict[UUID, list[JointMeetingLine]] = defaultdict(list)
    wanted = select(JointMeetingLine).where(
        JointMeetingLine.meeting_id.in_({meeting.id for meeting in meetings})
    )
    for each in session.scalars(wanted):
        found[each.meeting_id].append(each)
    return found


def resolutions_of(session: Session, meetings: Iterable[JointMeeting]) -> dict[UUID, list[MeetingResolution]]:
    """What each meeting resolved, in order."""
    found: dict[UUID, list[MeetingResolution]] = defaultdict(list)
    wanted = select(MeetingResolution).where(
        MeetingResolution.meeting_id.in_({meeting.id for meeting in meetings})
    )
    for each in session.scalars(wanted.order_by(MeetingResolution.ordinal)):
        found[each.meeting_id].append(each)
    return found


def resolution_of(session: Session, meeting: JointMeeting, ordinal: int) -> MeetingResolution:
    """A resolution of a meeting.

    Raises:
        NotFound: the meeting did not resolve so much.
    """
    found = session.get(MeetingResolution, (meeting.id, ordinal))
    if found is None:
        raise NotFound(
            f"会议 {meeting.number} 没有第 {ordinal} 项议定事项", way_out="请用 peace meeting 查看"
        )
    return found


def meetings_told(session: Session, found: Sequence[JointMeeting], *, on: date) -> list[JointMeetingOut]:
    """Meetings as they are told on a day; what is above public leaves its trace."""
    lines, resolutions = lines_of_meetings(session, found), resolutions_of(session, found)
    called = lines_called(session, {each.line_id for own in lines.values() for each in own}, on=on)
    responsible = {each.responsible_id for own in resolutions.values() for each in own}
    units = last_known(session, responsible | {each.convener_id for each in found})
    acts = instruments_by_id(session, {each.instrument_id for each in found if each.instrument_id})
    answer = []
    for each in found:
        note_reading(session, each.classification, each.number)
        convener = units.get(each.convener_id)
        own = [called[line.line_id] for line in lines[each.id]]
        told: dict[str, Any] = {
            "lines": sorted(own, key=lambda line: (line.code, line.id)),
            "convener": convener.code if convener else "",
            "convener_name": convener.name if convener else "",
            "resolutions": [_resolution(row, units, on=on) for row in resolutions[each.id]],
            "instrument": acts[each.instrument_id].number if each.instrument_id in acts else None,
        }
        plain = {name: getattr(each, name) for name in JointMeetingOut.model_fields if name not in told}
        answer.append(JointMeetingOut(**plain, **told))
    return answer


def _resolution(row: MeetingResolution, units: dict[UUID, Any], *, on: date) -> ResolutionOut:
    unit = units.get(row.responsible_id)
    return ResolutionOut(
        ordinal=row.ordinal,
        words=row.words,
        responsible=unit.code if unit else "",
        responsible_name=unit.name if unit else "",
        due_on=row.due_on,
        done_on=row.done_on,
        done_words=row.done_words,
        overdue=is_overdue(row, on=on),
    )


def is_overdue(row: MeetingResolution, *, on: date) -> bool:
    """Whether a resolution was due and not done on a day."""
    return row.due_on < on and (row.done_on is None or row.done_on > on)
