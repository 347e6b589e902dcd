"""Markers and points as plain tables for machines: as it was given, codes and days as text.

Columns are called as intake calls them, so that a form can be taken in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from shapely.geometry import Point

from gis_service.publications.forms.schemas import (
    BearingSeen,
    Column,
    Coordinates,
    LineEvidence,
    MachineTable,
    MarkerEvidence,
    Unit,
    Value,
)
from gis_service.publications.forms.sheets.drafting.layout import layout

_GIVEN = (
    Column("经度", "number"),
    Column("纬度", "number"),
    Column("坐标系"),
    Column("分带", "whole"),
    Column("带号", "whole"),
    Column("X坐标", "number"),
    Column("Y坐标", "number"),
    Column("高程", "number"),
    Column("高程系"),
    Column("原始记录"),
    Column("转换参数"),
    Column("测定方法"),
    Column("精度", "number"),
    Column("残差", "number"),
    Column("测定日期"),
)
_SIDES = ("一侧", "另侧", "第三方")
_MARKER = (
    Column("界桩编号"),
    Column("界线代码"),
    Column("界线名称"),
    Column("界线级别"),
    Column("所在界线"),
    Column("界桩种类"),
    Column("三交点名称"),
    Column("相交单位"),
    Column("埋设方式"),
    Column("界桩形状"),
    Column("材质"),
    *_GIVEN,
)
_KEPT = (
    Column("管理方代码"),
    Column("管理方名称"),
    Column("看护人"),
    Column("状况"),
    Column("察看日期"),
    Column("察看人"),
    Column("历史编号"),
    Column("合成数据"),
    Column("备注"),
)


def marker_table(evidence: LineEvidence) -> MachineTable:
    """All markers, one row each, with as many sides and bearing objects as the richest has."""
    markers = evidence.markers
    least = layout()["registration"]
    sides = max([least["sides"], *(len(marker.sides) for marker in markers)])
    bearings = max([least["bearings"], *(len(marker.bearings) for marker in markers)])
    return MachineTable(
        "界桩",
        (*_MARKER, *_side_columns(sides), *_bearing_columns(bearings), *_KEPT),
        tuple(_marker_row(evidence, marker, sides, bearings) for marker in markers),
        tuple(place(marker.coordinates) for marker in markers),
    )


def place(given: Coordinates | None) -> Point | None:
    """Where coordinates lie, lon/lat; None where they could not be placed."""
    if given is None or given.lon is None or given.lat is None:
        return None
    return Point(given.lon, given.lat)


def _side_columns(count: int) -> Iterable[Column]:
    for number in range(count):
        side = _SIDES[number] if number < len(_SIDES) else f"第{number + 1}方"
        yield Column(f"{side}代码")
        yield Column(f"{side}所在地")


def _bearing_columns(count: int) -> Iterable[Column]:
    for number in range(1, count + 1):
        yield Column(f"方位物{number}")
        yield Column(f"方位角{number}", "number")
        yield Column(f"距离{number}", "number")
        yield Column(f"方位物{number}经度", "number")
        yield Column(f"方位物{number}纬度", "number")


def _marker_row(
    evidence: LineEvidence, marker: MarkerEvidence, sides: int, bearings: int
) -> tuple[Value, ...]:
    keeper = marker.managing or Unit("", "")
    return (
        marker.number,
        marker.line or evidence.code,
        evidence.name,
        evidence.level,
        "；".join(marker.other_lines) or None,
        marker.kind,
        marker.tri_point,
        "；".join(unit.code for unit in marker.meeting) or None,
        marker.placement,
        marker.shape,
        marker.material,
        *given_values(marker.coordinates),
        *_filled([(side.unit.code, side.location) for side in marker.sides], sides, 2),
        *_filled([_bearing(each) for each in marker.bearings], bearings, 5),
        keeper.code or None,
        keeper.name or None,
        marker.custodian,
        marker.state,
        iso(marker.seen_on),
        marker.observer,
        "是" if marker.is_historic else "否",
        "是" if marker.is_synthetic else "否",
        marker.note,
    )


def _bearing(each: BearingSeen) -> tuple[Value, ...]:
    return each.name, each.azimuth_deg, each.distance_m, each.lon, each.lat


def given_columns() -> tuple[Column, ...]:
    """The columns of coordinates."""
    return _GIVEN


def given_values(given: Coordinates | None) -> tuple[Value, ...]:
    """Coordinates in the order of their columns."""
    if given is None:
        return (None,) * len(_GIVEN)
    return (
        given.lon,
        given.lat,
        given.system,
        given.zone_width,
        given.zone,
        given.x,
        given.y,
        given.height,
        given.height_system,
        given.given,
        given.transform,
        given.method,
        given.accuracy_m,
        given.residual_m,
        iso(given.surveyed_on),
    )


def iso(day: date | None) -> str | None:
    """A day as text."""
    return None if day is None else day.isoformat()


def _filled(rows: Sequence[tuple[Value, ...]], count: int, width: int) -> list[Value]:
    told = [value for row in rows for value in row]
    return [*told, *([None] * (count * width - len(told)))]
