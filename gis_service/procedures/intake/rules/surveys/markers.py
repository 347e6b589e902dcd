"""From rows of a table to markers: numbers, words, sides, bearing objects; each fault is located."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shapely.geometry import MultiPoint, Point

from gis_service.foundation.coordinates import Axis, read_angle
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Rule
from gis_service.procedures.intake.rules.surveys.positions import (
    Told,
    day_of,
    number,
    read_position,
)
from gis_service.procedures.intake.rules.surveys.table import (
    R_SUR_01,
    R_SUR_02,
    Notes,
    SurveyRow,
    SurveyTable,
    is_yes,
    limit,
    meant,
)
from gis_service.registers.markers.rules import normalised
from gis_service.registers.markers.rules.given import Bearing, Position

_BASIS = "GB/T 17796-2009 行政区域界线测绘规范"
R_SUR_06 = Rule("R-SUR-06", "一表之内同一编号只出现一次，重测另立位置", _BASIS, status="D")
R_SUR_07 = Rule("R-SUR-07", "方位物有名称、坐标方位角和距离", _BASIS, status="P")
R_SUR_08 = Rule("R-SUR-08", "各行分带一致，不一致的逐带列明", _BASIS, status="D")

_BY_TYPE = {"Q": "单立", "A": "双立", "B": "双立", "C": "三立", "D": "三立", "E": "三立"}
_SHOWN = 10
_TRI_POINT, _THREE = "三交点界桩", 3


@dataclass(frozen=True, slots=True)
class GivenMarker:
    """A marker as a row gives it; lines and units by their codes. `epochs` are positions of other days."""

    row: int
    number: str
    line: str
    placement: str
    kind: str = "界桩"
    lines: tuple[str, ...] = ()
    tri_point: str | None = None
    units: tuple[str, ...] = ()
    shape: str | None = None
    material: str | None = None
    managing: str | None = None
    custodian: str | None = None
    note: str | None = None
    is_historic: bool = False
    is_synthetic: bool = False
    sides: tuple[tuple[str, str], ...] = ()
    position: Position | None = None
    epochs: tuple[Position, ...] = ()
    bearings: tuple[Bearing, ...] = ()
    state: str | None = None
    seen_on: date | None = None
    observer: str = ""
    photos: tuple[str, ...] = ()


def read_markers(
    table: SurveyTable, told: Told, notes: Notes, *, line: str | None = None, epochs: bool = False
) -> list[GivenMarker]:
    """The markers of a table, each number once; rows that cannot be one are told and left out."""
    found = [marker for row in table.rows if (marker := _marker(row, table, told, line, notes))]
    _tell_zones(found, notes)
    return list(_once_each(found, notes, epochs=epochs))


def _marker(
    row: SurveyRow, table: SurveyTable, told: Told, line: str | None, notes: Notes
) -> GivenMarker | None:
    wanted = row.get("line") or line or ""
    if row.shape is not None and not isinstance(row.shape, Point | MultiPoint):
        named, way_out = row.get("number"), "线请用 --as points 或 --as lines 装入；不是界桩的图形请删去"
        notes.refuse(R_SUR_01, row.number, named, "不是点，不能作为界桩", way_out)
        return None
    name = _number(row, wanted, notes)
    if name is None:
        return None
    kind = _word(row, "kind", name, notes) or "界桩"
    if not wanted and not re.match(r"\d{7}", name):
        notes.refuse(R_SUR_01, row.number, name, "没有写明所属界线", "请增加“界线代码”列，或加 --line")
        return None
    placement = _word(row, "placement", name, notes) or _BY_TYPE.get(name[-1:], "单立")
    position = read_position(row, name, told, table.crs, notes)
    if row.number in notes.refused:
        return None
    return GivenMarker(
        row=row.number,
        number=name,
        line=wanted or name[:4],
        placement=placement,
        kind=kind,
        lines=_several(row, "lines"),
        tri_point=row.get("tri_point") or None,
        units=_units(row, kind, name, notes),
        shape=_word(row, "shape", name, notes),
        material=row.get("material") or None,
        managing=row.get("managing") or None,
        custodian=row.get("custodian") or None,
        note=row.get("note") or None,
        is_historic=is_yes(row.get("historic")),
        is_synthetic=is_yes(row.get("synthetic")),
        sides=tuple(_sides(row)),
        position=position,
        bearings=tuple(_bearings(row, name, notes)),
        state=_word(row, "state", name, notes),
        seen_on=day_of(row, "seen_on", name, notes),
        observer=row.get("observer"),
        photos=tuple(part for part in re.split(r"[;；、]+\s*", row.get("photos")) if part),
    )


def _number(row: SurveyRow, line: str, notes: Notes) -> str | None:
    """The number as it is kept: Q added where the type is missing, lost zeros told and put back."""
    written = row.get("number")
    if not written:
        notes.refuse(R_SUR_01, row.number, "", "没有界桩编号", "请补填，空行请删去")
        return None
    kept = re.sub(r"\.0+$", "", written)
    if _is_of_tri_point(row, kept, notes):
        return kept.upper()
    short = re.fullmatch(r"(\d{4,6})([A-Z]?)", kept.upper())
    if short and not is_yes(row.get("historic")):
        padded = f"{short[1]:0>7}{short[2]}"
        if not line.isdigit() or not padded.startswith(line[:4].zfill(4)):
            notes.refuse(
                R_SUR_01,
                row.number,
                kept,
                f"编号“{kept}”不足七位数字，疑似丢失前导零",
                f"核实后请写作 {padded}，并把该列设为文本；或写明界线代码",
            )
            return None
        notes.warn(
            R_SUR_01,
            row.number,
            padded,
            f"编号“{kept}”丢失前导零，已补作 {padded}",
            "请核对，并把该列设为文本",
        )
        kept = padded
    number_, finding = normalised(kept)
    if finding is not None:
        notes.tell(R_SUR_01, row.number, number_, finding.message, finding.suggestion)
    return number_


def _is_of_tri_point(row: SurveyRow, written: str, notes: Notes) -> bool:
    """Whether a number is one of a tri-point: 238184I; one that looks so and is not said to be is told."""
    if not re.fullmatch(r"\d{6}[A-Z]", written.upper(), re.ASCII):
        return False
    if row.get("kind"):
        return meant("kind", row.get("kind")) == _TRI_POINT
    if written[-1].upper() in _BY_TYPE:
        return False
    notes.warn(
        R_SUR_02,
        row.number,
        written,
        f"“{written}”是三交点界桩编号的写法，而没有写明界桩种类，按一般界桩登记",
        f"确系三交点界桩的，请在“界桩种类”列写{_TRI_POINT}",
    )
    return True


def _word(row: SurveyRow, name: str, subject: str, notes: Notes) -> str | None:
    """A word of the register; another one is told, and left out."""
    if not row.get(name):
        return None
    word = meant(name, row.get(name))
    if word is None:
        notes.warn(
            R_SUR_02, row.number, subject, f"“{row.get(name)}”不是规定的用语，未登记", "请按模板的取值填写"
        )
    return word


def _several(row: SurveyRow, name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[;；、,，\s]+", row.get(name)) if part)


def _units(row: SurveyRow, kind: str, subject: str, notes: Notes) -> tuple[str, ...]:
    """The three units that meet at the marker of a tri-point, by code."""
    units = _several(row, "units")
    if kind != _TRI_POINT:
        if units:
            notes.warn(R_SUR_02, row.number, subject, f"不是{_TRI_POINT}，相交单位未登记", "请核对界桩种类")
        return ()
    if not units:
        way_out = "请增加“相交单位”列，写三个单位的代码；或用 markers tri-point 登记"
        notes.warn(R_SUR_02, row.number, subject, "没有写明相交的单位，只登记界桩，不登记三交点", way_out)
    elif len(set(units)) != _THREE:
        notes.refuse(R_SUR_02, row.number, subject, f"相交单位有 {len(set(units))} 个，应为三个", "请核对")
    return units


def _sides(row: SurveyRow) -> Iterator[tuple[str, str]]:
    for each in "123":
        if row.get(f"side{each}"):
            yield row.get(f"side{each}"), row.get(f"location{each}")


def _bearings(row: SurveyRow, subject: str, notes: Notes) -> Iterator[Bearing]:
    for ordinal in range(1, int(limit("bearings")) + 1):
        name, azimuth, distance = (
            row.get(f"bearing{ordinal}_{part}") for part in ("name", "azimuth", "distance")
        )
        if not (name or azimuth or distance):
            continue
        try:
            yield _bearing(row, ordinal, name, azimuth, distance)
        except InvalidInput as error:
            message = f"方位物 {ordinal}（{name or '无名称'}）{error.message}，未登记"
            notes.warn(R_SUR_07, row.number, subject, message, error.way_out)


def _bearing(row: SurveyRow, ordinal: int, name: str, azimuth: str, distance: str) -> Bearing:
    if not (name and azimuth and distance):
        raise InvalidInput("名称、方位角、距离不全", way_out="请补全")
    turn = read_angle(azimuth).degrees if not re.fullmatch(r"[\d.]+", azimuth) else number(azimuth)
    metres = number(re.sub(r"(m|米)$", "", distance))
    if not 0 <= turn < 360 or metres <= 0:
        raise InvalidInput(f"方位角 {azimuth} 或距离 {distance} 超出取值范围", way_out="请核对")
    lon, lat = row.get(f"bearing{ordinal}_lon"), row.get(f"bearing{ordinal}_lat")
    point = None
    if lon and lat:
        point = read_angle(lon, axis=Axis.longitude).degrees, read_angle(lat, axis=Axis.latitude).degrees
    return Bearing(ordinal, name, turn, metres, point)


def _tell_zones(markers: list[GivenMarker], notes: Notes) -> None:
    by_zone: dict[tuple[int, int], list[int]] = defaultdict(list)
    for marker in markers:
        if marker.position is not None and marker.position.zone is not None:
            by_zone[(marker.position.zone_width or 0, marker.position.zone)].append(marker.row)
    if len(by_zone) > 1:
        told = "；".join(
            f"{width}° 带第 {zone} 带 {len(rows)} 行（第{_listed(rows)}行）"
            for (width, zone), rows in sorted(by_zone.items())
        )
        notes.warn(
            R_SUR_08, 0, "分带", f"一表之内有 {len(by_zone)} 个分带，已逐行按各自的分带换算：{told}", "请核对"
        )


def _listed(rows: list[int]) -> str:
    return "、".join(map(str, rows[:_SHOWN])) + ("等" if len(rows) > _SHOWN else "")


def _once_each(markers: list[GivenMarker], notes: Notes, *, epochs: bool) -> Iterator[GivenMarker]:
    """Rows of one number are one marker: of several days only when that was asked for."""
    by_number: dict[tuple[str, str], list[GivenMarker]] = defaultdict(list)
    for marker in markers:
        by_number[(marker.line, marker.number)].append(marker)
    for several in by_number.values():
        yield _joined(several, notes, epochs=epochs) if len(several) > 1 else several[0]


def _joined(several: list[GivenMarker], notes: Notes, *, epochs: bool) -> GivenMarker:
    first, days = several[0], [each.position and each.position.surveyed_on for each in several]
    if None in days or len(set(days)) < len(days):
        for each in several[1:]:
            notes.refuse(
                R_SUR_06,
                each.row,
                each.number,
                f"编号 {each.number} 与第{first.row}行重复",
                "请核对编号，删去重复的行",
            )
        return first
    if not epochs:
        for each in several[1:]:
            notes.refuse(
                R_SUR_06,
                each.row,
                each.number,
                f"编号 {each.number} 与第{first.row}行相同而测定日期不同",
                "确系同一界桩的重测成果时，请加 --epochs，按测定日期登记为先后两个位置",
            )
        return first
    ordered = sorted(several, key=lambda each: str(each.position and each.position.surveyed_on))
    later = tuple(each.position for each in ordered[1:] if each.position is not None)
    return replace(ordered[0], epochs=later)
