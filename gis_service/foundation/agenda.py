"""What is left to do, by when, and how it stands on a day: the same words for every procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Actor, Classification

NO_NUMBER = "法律没有规定日数"


class DueState(StrEnum):
    """How a matter of the calendar stands on a day."""

    overdue = "已逾期"
    due = "待办"
    undated = "待办，无法定日数"
    historic = "待办，历史变更"


@dataclass(frozen=True, slots=True)
class Pending:
    """Something a case leaves to do; `due_on` is None where the law gives no number.

    `is_historic`: its clock ran out before the register knew of it. `line` is the line it is about, `address`
    where it is read over HTTP; `kept` how closely its being told is journaled.
    """

    case: str
    case_title: str
    what: str
    title: str
    rule: str
    legal_basis: str
    due_on: date | None
    is_historic: bool = False
    line: UUID | None = None
    address: str | None = None
    kept: Classification = Classification.public


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for on a day: all, or what concerns a unit with all below it, or a line."""

    on: date
    within: UUID | None = None
    line: UUID | None = None


# Who tells what is pending of one procedure, as far as the actor may know of it; the first is the session.
Source = Callable[[Any, Actor, Wanted], Iterable[Pending]]


def nothing_due(_session: Any, _actor: Actor, _wanted: Wanted) -> Iterable[Pending]:
    """For a service that composes no procedures."""
    return ()


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something pending as it stands on a day."""

    pending: Pending
    state: DueState
    days_left: int | None

    @property
    def key(self) -> str:
        """What entries are ordered and paged by: those without a date come last."""
        due = self.pending.due_on
        return f"{due or '9999-12-31'} {self.pending.case} {self.pending.what}"


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries are asked for; those without a date are no part of a span of days."""

    since: date | None = None
    until: date | None = None
    overdue: bool = False

    def holds(self, entry: CalendarEntry) -> bool:
        """Whether an entry is asked for."""
        due = entry.pending.due_on
        if self.overdue and entry.state is not DueState.overdue:
            return False
        if due is None:
            return self.since is None and self.until is None
        return (self.since or due) <= due <= (self.until or due)


def calendar_on(pending: Iterable[Pending], *, on: date, span: Span) -> list[CalendarEntry]:
    """The entries asked for as they stand on a day, the most urgent first."""
    entries = [_entry(each, on) for each in pending]
    return sorted((each for each in entries if span.holds(each)), key=lambda each: each.key)


def _entry(pending: Pending, on: date) -> CalendarEntry:
    if pending.due_on is None:
        return CalendarEntry(pending, DueState.undated, None)
    if pending.is_historic:
        return CalendarEntry(pending, DueState.historic, None)
    left = (pending.due_on - on).days
    return CalendarEntry(pending, DueState.overdue if left < 0 else DueState.due, left)
