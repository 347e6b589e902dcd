"""R-BND-12 and R-BND-13: no repair without the neighbour; no moving or adding on one side's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shapely.geometry import Point

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.markers.rules.evidence import geojson

R_BND_12 = Rule("R-BND-12", "修复界桩时毗邻一方须在场", "行政区域界线管理条例 第六条、第十六条")
R_BND_13 = Rule(
    "R-BND-13", "移动或增设界桩须各方同意、共同测量、补充档案并备案", "行政区域界线管理条例 第六条"
)

# What is done to the stone itself; painting its text anew moves nothing and needs nobody.
_REPAIRS = frozenset({"修复", "恢复", "重新埋设"})
_MOVES = frozenset({"移位", "增设"})


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What was done to a marker, and whether the neighbour stood by; None where nobody wrote it down."""

    number: str
    action: str | None
    neighbour_present: bool | None
    place: Point | None = None


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """A marker to be moved or added: the sides of its lines, those that agreed, and the papers there are."""

    number: str
    sides: frozenset[str]
    agreed: frozenset[str]
    is_surveyed_jointly: bool
    is_filed: bool
    place: Point | None = None


def judge_actions(actions: Iterable[ActionFacts]) -> Iterator[Finding]:
    """R-BND-12 of what is recorded; a stone moved or added by a record of upkeep is refused by R-BND-13."""
    for each in actions:
        place = None if each.place is None else geojson(each.place)
        if each.action in _REPAIRS and each.neighbour_present is not True:
            yield R_BND_12.finding(
                Severity.blocking,
                each.number,
                f"界桩 {each.number} 的{each.action}没有毗邻一方在场的记载",
                place=place,
                suggestion="请由毗邻一方派员到场后修复，并记明在场人；单方修复的记录不予登记",
            )
        if each.action in _MOVES:
            yield R_BND_13.finding(
                Severity.blocking,
                each.number,
                f"界桩 {each.number} 的{each.action}不能只作为一次巡查登记",
                place=place,
                suggestion="请按移动或增设界桩办理：各方同意、共同测量、补充档案并备案",
            )


def judge_moves(moves: Iterable[MoveFacts]) -> Iterator[Finding]:
    """R-BND-13 of markers to be moved or added: who has not agreed, and which papers are missing."""
    for each in moves:
        lacking = [f"{side} 的同意" for side in sorted(each.sides - each.agreed)]
        lacking += [] if each.is_surveyed_jointly else ["共同测量的成果"]
        lacking += [] if each.is_filed else ["报批准机关备案的文件"]
        if lacking:
            yield R_BND_13.finding(
                Severity.blocking,
                each.number,
                f"移动或增设界桩 {each.number} 缺少{'、'.join(lacking)}",
                place=None if each.place is None else geojson(each.place),
                suggestion="请补齐后办理；未经各方同意移动的界桩没有法律效力",
            )
