"""The report of a year in tables: what was found, case by case, where it weighs, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from gis_service.procedures.disputes.formats import Table
from gis_service.procedures.disputes.queries.cases import ALL, Asked, cases
from gis_service.procedures.disputes.queries.telling import told
from gis_service.procedures.disputes.queries.weighing import risk_told, weighing
from gis_service.procedures.disputes.queries.yearly import counted, extensions, found_in
from gis_service.procedures.disputes.schemas import DisputeOut, RiskStretchOut, YearOut

_CASE = (
    ("案号", 16), ("种类", 8), ("等级", 8), ("界线代码", 14), ("界线", 18), ("地点", 24), ("区间（米）", 22),
    ("界桩", 22), ("当事各方", 28), ("起因", 16), ("发现日期", 12), ("发现方式", 10), ("措施", 40),
    ("期限", 12), ("责任单位", 14), ("状态", 10), ("办结日期", 12), ("结果", 40), ("复发", 6), ("延期", 6),
)  # fmt: skip
_STRETCH = (
    ("界线代码", 14), ("界线", 18), ("自", 14), ("至", 14), ("起点里程（米）", 14), ("终点里程（米）", 14),
    ("风险", 8), ("权数", 8), ("未办结", 8), ("逾期", 8), ("复发", 8), ("已办结", 8), ("案号", 40),
)  # fmt: skip
_LATE = (
    ("案号", 16), ("界线", 18), ("等级", 8), ("地点", 24), ("责任单位", 14), ("发现日期", 12), ("期限", 12),
    ("逾期天数", 10), ("延期", 6), ("状态", 10), ("措施", 40),
)  # fmt: skip


def yearbook(session: Session, year: int, asked: Asked = ALL, *, on: date) -> list[Table]:
    """The four sheets of a year. What is overdue is listed whenever it was found."""
    everything = told(session, cases(session, asked, on=on), on=on)
    found = found_in(everything, year)
    risk = risk_told(weighing(session, asked, on=on))
    return [
        Table(
            "汇总", (("项目", 24), ("名称", 24), ("起数", 10)), list(_summary(counted(found, year, on=on)))
        ),
        Table("案件", _CASE, [_case(case) for case in found]),
        Table("重点地段", _STRETCH, [*map(_stretch, risk.items), *_notes(risk.synthetic, risk.unplaced)]),
        Table("逾期", _LATE, [_late(case, on) for case in _by_due(everything) if case.overdue]),
    ]


def _summary(counts: YearOut) -> Iterator[tuple[str, str, int]]:
    yield "年份", "", counts.year
    yield "发现", f"状态截至 {counts.on}", counts.cases
    yield "已办结", "", counts.closed
    yield "逾期未办结", "", counts.overdue
    yield "复发次数", "", counts.recurrences
    yield "延期次数", "", counts.extensions
    for title, by in (
        ("等级", counts.level),
        ("种类", counts.kind),
        ("状态", counts.state),
        ("起因", counts.cause),
    ):
        yield from ((f"按{title}", name, number) for name, number in by.items())
    yield from (("按界线", f"{line.code} {line.name}", line.cases) for line in counts.line)


def _case(case: DisputeOut) -> Sequence[Any]:
    stretch = "" if case.from_m is None else f"{case.from_m:.1f}—{case.to_m:.1f}"
    ends = f"{case.from_marker}—{case.to_marker}" if case.from_marker else ""
    return (
        case.number, case.kind, case.level, case.line_code, case.line_name, case.place, stretch,
        "；".join(filter(None, (case.marker, ends))), "、".join(party.name for party in case.parties),
        case.cause, case.found_on, case.found_how, case.measures, case.due_on, case.responsible, case.state,
        case.closed_on, case.result or "", case.recurrences, extensions(case),
    )  # fmt: skip


def _stretch(each: RiskStretchOut) -> Sequence[Any]:
    return (
        each.line_code, each.line_name, each.begins_at, each.ends_at, each.from_m, each.to_m, each.band,
        each.weight, each.open, each.overdue, each.recurrences, each.closed, "、".join(each.cases),
    )  # fmt: skip


def _notes(synthetic: bool, unplaced: Sequence[str]) -> Iterator[Sequence[str]]:
    if unplaced:
        yield ("未定位", f"{'、'.join(unplaced)}：没有写明区间、界桩或经纬度，未计入各段")
    if synthetic:
        yield ("说明", "所列界桩含合成数据，并非真实界桩")


def _by_due(found: Iterable[DisputeOut]) -> list[DisputeOut]:
    return sorted(found, key=lambda case: (case.due_on, case.number))


def _late(case: DisputeOut, on: date) -> Sequence[Any]:
    return (
        case.number, case.line_name, case.level, case.place, case.responsible, case.found_on, case.due_on,
        (on - case.due_on).days, extensions(case), case.state, case.measures,
    )  # fmt: skip
