"""Who holds a code, and when: no two units on one day (R-COD-05); a reuse is to be seen (R-COD-06)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.periods import Period

R_COD_05 = Rule("R-COD-05", "同一日一个代码只归一个单位", "GB/T 2260-2007")
R_COD_06 = Rule("R-COD-06", "拟用代码曾为其他单位所用", "民政部历年代码表（1980—2019年重用41例）", status="D")


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit that held a code over a period."""

    code: str
    name: str
    period: Period


def judge_holders(code: str, name: str, *, on: date, holders: Iterable[Holder]) -> list[Finding]:
    """R-COD-05 and R-COD-06 for a code that unit `name` is to hold from `on`.

    `holders` are other units' holdings; the unit's own earlier versions are not to be passed in.
    """
    return [
        finding
        for holder in holders
        if holder.code == code and (finding := _judge_holder(code, name, on, holder)) is not None
    ]


def _judge_holder(code: str, name: str, on: date, holder: Holder) -> Finding | None:
    subject = f"{code} {name}"
    if on in holder.period:
        return R_COD_05.finding(
            Severity.blocking,
            subject,
            f"代码 {code} 自 {holder.period.start} 起由“{holder.name}”使用，{on} 仍在用",
            suggestion="请改用未占用的代码，或先办理原单位的撤销或变更代码",
        )
    if holder.period.start > on:
        return R_COD_05.finding(
            Severity.blocking,
            subject,
            f"代码 {code} 自 {holder.period.start} 起归“{holder.name}”，与 {on} 起的使用期重叠",
            suggestion="请核对生效日期，或改用未占用的代码",
        )
    return R_COD_06.finding(
        Severity.warning,
        subject,
        f"代码 {code} 曾由“{holder.name}”使用（{holder.period.start} 至 {holder.period.end}）",
        suggestion="请确认确需重用；旧代码一般不再启用",
    )


def judge_codes_unique(units: Sequence[tuple[str, str]]) -> list[Finding]:
    """R-COD-05 within one list of `(code, name)` that hold on the same day."""
    names: dict[str, list[str]] = defaultdict(list)
    for code, name in units:
        names[code].append(name)
    return [
        R_COD_05.finding(
            Severity.blocking,
            f"{code} {held_by[0]}",
            f"代码 {code} 出现 {len(held_by)} 次：{'、'.join(held_by)}",
            suggestion="每个代码只留一个单位；同一单位分几行时请先合并",
        )
        for code, held_by in names.items()
        if len(held_by) > 1
    ]
