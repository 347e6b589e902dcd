"""R-SEAT-01: the approved seat and the actual office lie in their division, in the same next-lower unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules import R_CHG_06

R_SEAT_01 = Rule(
    id="R-SEAT-01",
    title="批准驻地在本辖区内，实际办公地与批准驻地在同一下级单位，否则列为驻地迁移遗留问题",
    legal_basis="行政区划管理条例实施办法 第二条",
    status="D",
)


class SeatProblem(StrEnum):
    """What can be wrong with a seat."""

    outside = "不在本辖区"
    elsewhere = "与批准驻地不在同一下级单位"
    unseen = "未登记办公地"
    unknown = "无从核对"


@dataclass(frozen=True, slots=True)
class UnitNamed:
    """A unit, as findings name it."""

    code: str
    name: str

    @property
    def label(self) -> str:
        """Name and code."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class Office:
    """A seat as it is known: where it lies is None where neither position nor record tells.

    `lies_within` says whether it lies in the area of its division, `located_in` in which next-lower unit.
    """

    place: str
    position: tuple[float, float] | None
    lies_within: bool | None
    located_in: UnitNamed | None
    known_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What is known of the seat of a unit; None where nothing is recorded."""

    unit: UnitNamed
    approved: Office | None
    actual: Office | None


def judge_seat(facts: SeatFacts) -> list[Finding]:
    """What is wrong with the seat of a unit, if anything; a move within one lower unit is only told."""
    return [*_within(facts), *_compared(facts)]


def _within(facts: SeatFacts) -> Iterator[Finding]:
    for office, word in ((facts.approved, "批准驻地"), (facts.actual, "实际办公地")):
        if office is not None and office.lies_within is False:
            yield _problem(
                facts,
                SeatProblem.outside,
                f"{facts.unit.label}的{word}“{office.place}”{SeatProblem.outside}",
                "请核对位置；确在辖区之外的，应迁回或报批行政区域界线、驻地变更",
                office,
            )


def _compared(facts: SeatFacts) -> Iterator[Finding]:
    approved, actual = facts.approved, facts.actual
    if actual is None:
        yield _problem(
            facts,
            SeatProblem.unseen,
            f"{facts.unit.label}{SeatProblem.unseen}",
            "请登记实际办公地（seats observe）",
            None,
        )
    elif actual.lies_within is False:
        return
    elif approved is None or approved.located_in is None or actual.located_in is None:
        lacking = "批准驻地" if approved is None or approved.located_in is None else "实际办公地"
        message = f"{facts.unit.label}的{lacking}在哪个下级单位不明，{SeatProblem.unknown}"
        yield _problem(
            facts, SeatProblem.unknown, message, f"请登记{lacking}的位置或所在下级单位的代码", actual
        )
    elif approved.located_in != actual.located_in:
        yield _problem(
            facts,
            SeatProblem.elsewhere,
            f"{facts.unit.label}实际办公地在{actual.located_in.label}，{SeatProblem.elsewhere}（{approved.located_in.label}）",
            "属驻地迁移，应依法报批，或迁回批准驻地",
            actual,
        )
    elif approved.place != actual.place:
        yield R_CHG_06.finding(
            Severity.info,
            facts.unit.label,
            f"办公地址“{actual.place}”与批准驻地“{approved.place}”同在{approved.located_in.label}，不属驻地迁移",
            class_="办公地址变更",
            place=_place(actual),
        )


def _problem(
    facts: SeatFacts, kind: SeatProblem, message: str, way_out: str, office: Office | None
) -> Finding:
    severity = Severity.info if kind in {SeatProblem.unseen, SeatProblem.unknown} else Severity.warning
    return R_SEAT_01.finding(
        severity, facts.unit.label, message, suggestion=way_out, class_=kind.value, place=_place(office)
    )


def _place(office: Office | None) -> dict[str, object] | None:
    if office is None or office.position is None:
        return None
    return {"type": "Point", "coordinates": list(office.position)}
