"""How a history meets what the register holds: it goes on from it, leads up to it, or both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_05
from gis_service.procedures.intake.rules.chronicle.values import Table, Yearly

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A version in the register; `first` of its division, begun `by_dataset` and by no act."""

    division: UUID
    code: str
    name: str
    level: str
    superior: UUID | None
    start: date
    end: date | None
    begun_by: UUID
    by_dataset: bool
    first: bool

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Meeting(Enum):
    """How a history meets the register."""

    apart = auto()  # there is nothing to meet, or it meets only what begins after it
    onward = auto()  # its first table is the register of that day
    backward = auto()  # its last table is the register of that day, with which the register begins


@dataclass(frozen=True, slots=True)
class Joint:
    """Which tables are to be replayed, and the units of the register they meet, by code."""

    meeting: Meeting
    tables: tuple[Table, ...]
    met: dict[str, Held] = field(default_factory=dict)


def join(yearly: Yearly, held: Sequence[Held]) -> tuple[Joint, list[Finding]]:
    """Where to begin and to end; every difference from the register blocks."""
    tables = yearly.tables
    if not _in_force(held, yearly.first.day):
        return _leading_up(tables, held)
    known = 0
    while known < len(tables) and _names(_in_force(held, tables[known].day)) == tables[known].units:
        known += 1
    if known == 0:
        return _nothing(tables), list(_differences(tables[0], _in_force(held, tables[0].day)))
    start = tables[known - 1]
    moved = [each for each in held if each.start > start.day or (each.end and each.end > start.day)]
    if moved and known < len(tables):
        return _nothing(tables), [_moved(start, moved)]
    met = {each.code: each for each in _in_force(held, start.day)}
    return Joint(Meeting.onward, tables[known - 1 :], met), []


def _nothing(tables: tuple[Table, ...]) -> Joint:
    return Joint(Meeting.apart, tables[:1])


def _leading_up(tables: tuple[Table, ...], held: Sequence[Held]) -> tuple[Joint, list[Finding]]:
    begins = min((each.start for each in held if each.start > tables[0].day), default=None)
    if begins is None or begins > tables[-1].day:
        return Joint(Meeting.apart, tables), []
    if begins == tables[-1].day:
        met = _in_force(held, begins)
        differences = list(_differences(tables[-1], met))
        return Joint(Meeting.backward, tables, {each.code: each for each in met}), differences
    before = tuple(table for table in tables if table.day < begins)
    message = (
        f"登记簿自 {begins} 起已有单位，沿革只回放到 {before[-1].year} 年末，"
        f"{before[-1].year + 1} 年以后的 {len(tables) - len(before)} 张代码表未取用"
    )
    told = R_HIS_05.finding(
        Severity.warning, str(begins), message, suggestion="其后的变更请用 changes 逐件办理"
    )
    return Joint(Meeting.apart, before), [told]


def _in_force(held: Iterable[Held], day: date) -> list[Held]:
    return [each for each in held if each.holds(day)]


def _names(held: Iterable[Held]) -> dict[str, str]:
    return {each.code: each.name for each in held}


def _differences(table: Table, met: list[Held]) -> list[Finding]:
    """Codes that only one of the two has, by province, and every name that differs."""
    registered = _names(met)
    findings = [
        _differs(code, f"{table.day} {code} 在登记簿为“{registered[code]}”，代码表为“{name}”")
        for code, name in table.units.items()
        if registered.get(code, name) != name
    ]
    missing = sorted(table.units.keys() - registered.keys())
    extra = sorted(registered.keys() - table.units.keys())
    findings += _by_province(missing, table.units.__getitem__, f"{table.day} 登记簿没有代码表中的")
    findings += _by_province(extra, registered.__getitem__, f"{table.day} 代码表没有登记簿中的")
    return findings


def _by_province(codes: list[str], name: Callable[[str], str], what: str) -> list[Finding]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        grouped[code[:2]].append(code)
    return [
        _differs(f"{province}0000", f"{what} {'、'.join(f'{code} {name(code)}' for code in group)}")
        for province, group in grouped.items()
    ]


def _differs(subject: str, message: str) -> Finding:
    way_out = "相接之日两者须完全一致；请核对后改正代码表，或先更正登记簿"
    return R_HIS_05.finding(Severity.blocking, subject, message, suggestion=way_out)


def _moved(table: Table, moved: list[Held]) -> Finding:
    listed = "、".join(f"{each.code} {each.name}" for each in moved[:_LISTED])
    more = f"等 {len(moved)} 个" if len(moved) > _LISTED else ""
    message = f"{table.day} 之后登记簿已有变动（{listed}{more}），不能在其间续装"
    return R_HIS_05.finding(
        Severity.blocking, str(table.day), message, suggestion="其后的变更请用 changes 逐件办理"
    )
