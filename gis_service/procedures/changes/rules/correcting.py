"""A correction leaves no gap, no overlap, nobody without a superior and no code with two holders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.periods import Period
from gis_service.foundation.replaced import Row
from gis_service.procedures.changes.rules.record import PutRight, Record

R_CHG_CORRECT = Rule(
    id="R-CHG-97",
    title="更正登记后，各单位的版本前后相接，上级在册，代码不重，区域都有归属",
    legal_basis="行政区划管理条例 第十三条",
    status="D",
)


class Fault(NamedTuple):
    """What does not hold together in a record: about whom, what, and the way out."""

    label: str
    message: str
    way_out: str


def judge_correction(record: Record, right: PutRight) -> list[Finding]:
    """Blocking for everything that would not hold any more; what did not hold before is no obstacle."""
    if not right.replaced and not right.emptied:
        message = "更正所写的与登记相同，没有可更正的"
        return [R_CHG_CORRECT.finding(Severity.blocking, "更正", message, suggestion="请核对登记簿")]
    before = set(faults(record))
    new = [fault for fault in faults(record.replacing(right.replaced)) if fault not in before]
    return [
        R_CHG_CORRECT.finding(Severity.blocking, fault.label, fault.message, suggestion=fault.way_out)
        for fault in (*map(_emptied, _versions(right.emptied)), *dict.fromkeys(new))
    ] + [
        R_CHG_CORRECT.finding(
            Severity.blocking,
            str(row["division_id"]),
            f"更正后，{row['valid'].start} 起归属的地块在另一次变更之前没有期间",
            suggestion="该地块此间另有变更登记；请先更正那一次变更的日期",
        )
        for row in right.emptied
        if "face_id" in row
    ][:1]


def _versions(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if "code" in row)


def _label(row: Row) -> str:
    return f"{row['name']}（{row['code']}）"


def _say(period: Period) -> str:
    return f"{period.start} 至 {period.end or '今'}"


def _emptied(row: Row) -> Fault:
    return Fault(
        _label(row),
        f"更正后，{_label(row)}{_say(row['valid'])} 的版本没有期间：它的另一端也在此间",
        "请核对日期；另一端也有误的，请在同一方案中一并更正",
    )


def faults(record: Record) -> list[Fault]:
    """What does not hold together in a record, in a fixed order."""
    by_unit: dict[UUID, list[Row]] = defaultdict(list)
    for row in sorted(record.versions, key=lambda row: (row["valid"].start, row["code"])):
        by_unit[row["division_id"]].append(row)
    return [
        *(fault for rows in by_unit.values() for fault in _in_sequence(rows)),
        *(fault for rows in by_unit.values() for row in rows for fault in _below(row, by_unit)),
        *_codes(record.versions),
        *(fault for row in record.holdings for fault in _held(row, by_unit)),
        *(fault for row in record.links for fault in _linked(row, by_unit)),
        *_linked_twice(record.links),
    ]


def _in_sequence(rows: list[Row]) -> Iterator[Fault]:
    for one, other in pairwise(rows):
        end, start = one["valid"].end, other["valid"].start
        if end is None or end > start:
            message = f"{_label(one)}与其后的版本{_label(other)}在 {start} 都有效"
            yield Fault(_label(one), message, "请核对日期，前一版本须在后一版本起始之日终止")
        elif end < start:
            message = f"{_label(one)}自 {end} 至 {start} 没有版本"
            yield Fault(_label(one), message, "请核对日期，一并更正前后两个版本")


def _below(row: Row, by_unit: dict[UUID, list[Row]]) -> Iterator[Fault]:
    above = row["superior_id"]
    if above not in by_unit:
        return  # none, or of a unit that the record does not tell of: nothing of it is replaced
    if (day := _uncovered(row["valid"], by_unit[above])) is not None:
        superior = _label(by_unit[above][-1])
        message = f"{_label(row)}（{_say(row['valid'])}）的上级{superior}在 {day} 不在册"
        yield Fault(_label(row), message, f"请核对日期，或在同一方案中一并更正{superior}的起止日期")


def _uncovered(period: Period, rows: Iterable[Row]) -> date | None:
    """The first day of a period on which none of these holds; they are in order."""
    day = period.start
    for valid in (row["valid"] for row in rows):
        if day in valid:
            if valid.end is None or (period.end is not None and valid.end >= period.end):
                return None
            day = valid.end
    return day


def _codes(rows: Iterable[Row]) -> Iterator[Fault]:
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_code[row["code"]].append(row)
    for code, several in by_code.items():
        several.sort(key=lambda row: row["valid"].start)
        for one, other in pairwise(several):
            if one["division_id"] != other["division_id"] and one["valid"].overlaps(other["valid"]):
                message = f"代码 {code} 在 {other['valid'].start} 同时由{one['name']}和{other['name']}使用"
                yield Fault(code, message, "请核对代码和日期，一并更正另一单位的登记")


def _held(row: Row, by_unit: dict[UUID, list[Row]]) -> Iterator[Fault]:
    rows = by_unit.get(row["division_id"])
    if rows and (day := _uncovered(row["valid"], rows)) is not None:
        message = f"{_label(rows[-1])}在 {day} 不在册，而有地块归属于它"
        yield Fault(_label(rows[-1]), message, "请核对日期，或在同一方案中一并更正接收其区域的单位")


def _linked(row: Row, by_unit: dict[UUID, list[Row]]) -> Iterator[Fault]:
    on = row["on_date"]
    for unit, day in ((row["predecessor_id"], on - timedelta(days=1)), (row["successor_id"], on)):
        rows = by_unit.get(unit)
        if rows and not any(day in each["valid"] for each in rows):
            message = f"{_label(rows[-1])}在 {day} 不在册，而有 {on} 的沿革"
            yield Fault(_label(rows[-1]), message, "请核对日期")


def _linked_twice(rows: Iterable[Row]) -> Iterator[Fault]:
    seen = set()
    for row in rows:
        key = row["predecessor_id"], row["successor_id"], row["on_date"]
        if key in seen:
            day = row["on_date"]
            yield Fault(str(day), f"同样两个单位在 {day} 已有沿革登记", "请核对日期")
        seen.add(key)
