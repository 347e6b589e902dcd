"""The calendar as people's own calendars read it (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from gis_service.foundation.agenda import CalendarEntry

REMINDED = timedelta(days=7)


def as_icalendar(entries: Iterable[CalendarEntry], *, host: str, on: date) -> bytes:
    """One event of a whole day for each entry with a date; the same entry keeps its identity."""
    calendar = Calendar()
    calendar.add("prodid", "-//gis_service//changes//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "行政区划变更办理日历")
    for entry in entries:
        if entry.pending.due_on is not None:
            calendar.add_component(_event(entry, entry.pending.due_on, host=host, on=on))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, due: date, *, host: str, on: date) -> Event:
    pending = entry.pending
    event = Event()
    event.add("uid", f"{pending.case}.{pending.what}@{host}")
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("summary", f"{pending.title}（{pending.case}）")
    event.add("description", f"{pending.case_title}\n依据：{pending.legal_basis}\n{entry.state}")
    event.add("categories", [str(entry.state)])
    event.add("transp", "TRANSPARENT")
    event.add_component(_reminder(pending.title))
    return event


def _reminder(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDED)
    alarm.add("description", words)
    return alarm
