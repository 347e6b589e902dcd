"""The calendar of cases: what is due, what is overdue, and by which law; R-CHG-10, R-CHG-11 and R-COD-09."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis_service.foundation.findings import Rule

R_CHG_10 = Rule(
    id="R-CHG-10",
    title="变更自批准之日起12个月内完成，经批准机关同意可延长6个月；完成后报告",
    legal_basis="行政区划管理条例 第十五条",
)
R_CHG_11 = Rule(
    id="R-CHG-11",
    title="变更后勘定界线、更新区划图、公告、备案、归档，各有事项",
    legal_basis="行政区划管理条例 第十六条、第十八条、第二十条；行政区域界线管理条例 第九条",
)
R_COD_09 = Rule(
    id="R-COD-09",
    title="变更后一个月内确定并公布新的行政区划代码",
    legal_basis="行政区划管理条例 第十七条",
)

NO_NUMBER = "法律没有规定日数"
RULE_OF_DUTY: Mapping[str, str] = {"completion_report": R_CHG_10.id, "code": R_COD_09.id}


class DueState(StrEnum):
    """How a matter of the calendar stands on a day."""

    overdue = "已逾期"
    due = "待办"
    undated = "待办，无法定日数"


@dataclass(frozen=True, slots=True)
class Pending:
    """Something a case leaves to do; `due_on` is None where the law gives no number."""

    case: str
    case_title: str
    what: str
    title: str
    rule: str
    legal_basis: str
    due_on: date | None


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
    left = (pending.due_on - on).days
    return CalendarEntry(pending, DueState.overdue if left < 0 else DueState.due, left)
