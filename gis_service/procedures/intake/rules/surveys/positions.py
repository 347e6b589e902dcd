"""Positions of a survey table: which system and zone, what is wrong with the figures, where they lie."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date

from pyproj import Transformer
from pyproj.exceptions import ProjError
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.coordinates import (
    Angle,
    Axis,
    PairFault,
    PairRefused,
    PlanePair,
    System,
    Transform,
    Zone,
    place,
    read_angle,
    read_height_system,
    read_pair,
    read_system,
    read_transform,
    zone_of_epsg,
    zone_of_meridian,
)
from gis_service.foundation.crs import STORAGE_CRS, is_storage_equivalent, read_crs
from gis_service.foundation.errors import InvalidInput, ServiceError
from gis_service.foundation.findings import Rule
from gis_service.foundation.measure import distance_m
from gis_service.procedures.intake.rules.extent import china
from gis_service.procedures.intake.rules.surveys.table import Notes, SurveyRow, limit
from gis_service.registers.markers.rules.given import Position

_BASIS = "GB/T 17796-2009 行政区域界线测绘规范；EPSG 登记表"
R_SUR_03 = Rule("R-SUR-03", "平面坐标的 X、Y、单位、分带和坐标系明确且相符", _BASIS, status="D")
R_SUR_04 = Rule("R-SUR-04", "经纬度写法正确，分、秒小于 60", _BASIS, status="D")
R_SUR_05 = Rule("R-SUR-05", "高程在合理范围之内，并注明高程系", _BASIS, status="D")

_DECIMALS = 9  # of degrees: a tenth of a millimetre
_METRES_PER_DEGREE = 111_320.0
_FEET = re.compile(r"(?:ft|feet|英尺|呎)\s*$", re.IGNORECASE)
_METRES = re.compile(r"(?:m|米)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever hands in a table says of all of it; what its rows say comes first."""

    system: System | None = None
    zone: Zone | None = None
    transform: Transform | None = None
    swap_xy: bool = False
    unit: str = "metre"
    packed: bool = False


@dataclass(frozen=True, slots=True)
class _Figures:
    """Coordinates as read: a pair in a zone, angles, or both; `resolution_m` that of the angles."""

    pair: PlanePair | None = None
    point: tuple[float, float] | None = None
    resolution_m: float = 0.0
    system: System | None = None


def read_position(row: SurveyRow, subject: str, told: Told, crs: str | None, notes: Notes) -> Position | None:
    """The position of a row; None where it has none, or one that is refused (and told)."""
    try:
        way = _transform_of(row) or told.transform
        figures = _figures(row, subject, told, crs, notes)
        if figures is None:
            return None
        system = _system_of(row, told, figures)
        point = _placed(figures, system, way)
    except PairRefused as error:
        notes.refuse(R_SUR_03, row.number, subject, error.message, error.way_out, class_=error.fault.name)
        return None
    except InvalidInput as error:
        rule = R_SUR_04 if row.get("lon") or row.get("lat") else R_SUR_03
        notes.refuse(rule, row.number, subject, error.message, error.way_out)
        return None
    if point is not None and not _is_plausible(row, subject, figures, point, system, way, notes):
        return None
    return _given(row, subject, figures, point, system, way, notes)


def _figures(row: SurveyRow, subject: str, told: Told, crs: str | None, notes: Notes) -> _Figures | None:
    pair = _pair(row, subject, told, notes)
    lon, lat = row.get("lon"), row.get("lat")
    if lon and lat:
        angles = (_angle(lon, Axis.longitude, told), _angle(lat, Axis.latitude, told))
        written_m = max(angle.resolution for angle in angles) * _METRES_PER_DEGREE
        return _Figures(pair, (angles[0].degrees, angles[1].degrees), written_m)
    if lon or lat:
        raise InvalidInput("经度、纬度只有其一", way_out="请补全")
    if pair is not None:
        return _Figures(pair)
    return None if row.shape is None or row.shape.is_empty else _from_shape(row.shape, crs, told)


def _angle(text: str, axis: Axis, told: Told) -> Angle:
    if re.fullmatch(r"[\d.]+", text) and float(text) > 10_000_000:
        raise InvalidInput(f"{axis}“{text}”像平面坐标", way_out="请改用 X坐标、Y坐标 两列")
    return read_angle(text, axis=axis, packed_decimal=told.packed)


def _pair(row: SurveyRow, subject: str, told: Told, notes: Notes) -> PlanePair | None:
    x, y = row.get("x"), row.get("y")
    if not x and not y:
        return None
    if not (x and y):
        raise InvalidInput("X、Y 坐标只有其一", way_out="请补全")
    figures = _metres(x, told), _metres(y, told)
    zone = _zone_of(row) or told.zone
    try:
        return read_pair(*figures, zone)
    except PairRefused as error:
        if error.repaired is None or not _may_repair(error.fault, told):
            raise
        notes.warn(R_SUR_03, row.number, subject, f"{error.message}，已按要求处理", "请核对")
        return read_pair(*error.repaired, zone)


def _may_repair(fault: PairFault, told: Told) -> bool:
    return (fault is PairFault.swapped and told.swap_xy) or (fault is PairFault.feet and told.unit == "feet")


def _metres(text: str, told: Told) -> float:
    if _FEET.search(text) and told.unit != "feet":
        raise InvalidInput(f"“{text}”以英尺为单位", way_out="请换算为米，或加 --unit feet 装入")
    return number(_METRES.sub("", _FEET.sub("", text)))


def number(text: str) -> float:
    """A number as tables write it, thousands apart or not.

    Raises:
        InvalidInput: it is none.
    """
    word = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    try:
        value = float(word)
    except ValueError as error:
        raise InvalidInput(f"“{text}”不是数字", way_out="请核对") from error
    if not math.isfinite(value):
        raise InvalidInput(f"“{text}”不是数字", way_out="请核对")
    return value


def _zone_of(row: SurveyRow) -> Zone | None:
    width, zone, meridian = (_digits(row.get(name)) for name in ("zone_width", "zone", "meridian"))
    if width is None:
        return None
    if zone is not None:
        return Zone(int(width), int(zone))
    return None if meridian is None else zone_of_meridian(int(width), meridian)


def _digits(text: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", text)
    return float(found[0]) if found else None


def _from_shape(shape: BaseGeometry, crs: str | None, told: Told) -> _Figures:
    at = shape if isinstance(shape, Point) else shape.representative_point()
    if crs is None:
        if told.zone is None:
            raise InvalidInput(
                "来件没有声明坐标系", way_out="请加 --crs 指明，如 --crs EPSG:4528（3° 带第 40 带）"
            )
        return _Figures(read_pair(at.y, at.x, told.zone), system=told.system)
    system = read_crs(crs)
    if is_storage_equivalent(system):
        return _Figures(point=(at.x, at.y), system=told.system or System.cgcs2000)
    zone = zone_of_epsg(system.to_epsg() or 0)
    if zone is not None:
        return _Figures(read_pair(at.y, at.x, zone[0]), system=System.cgcs2000)
    try:
        lon, lat = Transformer.from_crs(system, STORAGE_CRS, always_xy=True).transform(at.x, at.y)
    except ProjError as error:
        raise InvalidInput(f"坐标系“{crs}”无法换算", way_out="请用 --crs 指明") from error
    return _Figures(point=(float(lon), float(lat)), system=read_system(system.name))


def _system_of(row: SurveyRow, told: Told, figures: _Figures) -> System:
    if row.get("system"):
        return read_system(row.get("system"))
    system = told.system or figures.system
    if system is None:
        raise InvalidInput("没有写明坐标系", way_out="请增加“坐标系”列，或加 --system CGCS2000")
    return system


def _transform_of(row: SurveyRow) -> Transform | None:
    if not row.get("transform"):
        return None
    try:
        return read_transform(json.loads(row.get("transform")))
    except (json.JSONDecodeError, TypeError) as error:
        raise InvalidInput("转换参数不是 JSON", way_out="请按导出的写法填写，或加 --transform") from error


def _placed(figures: _Figures, system: System, way: Transform | None) -> tuple[float, float] | None:
    """From the angles where they are written as finely as they are kept, else from the pair."""
    pair = figures.pair
    fine = figures.point is not None and (
        pair is None or figures.resolution_m <= _METRES_PER_DEGREE * 10**-_DECIMALS
    )
    if figures.point is not None and fine and not (pair is not None and way is not None):
        point = (
            figures.point
            if system.is_placed or way is None
            else place(None, figures.point, None, system, way)
        )
        point = point if system.is_placed or way is not None else None
    elif pair is not None:
        point = place((pair.x, pair.y), None, pair.zone, system, way)
    else:
        point = place(None, figures.point, None, system, way)
    return None if point is None else (round(point[0], _DECIMALS), round(point[1], _DECIMALS))


def _is_plausible(
    row: SurveyRow,
    subject: str,
    figures: _Figures,
    point: tuple[float, float],
    system: System,
    way: Transform | None,
    notes: Notes,
) -> bool:
    west, south, east, north = china()
    if not (west <= point[0] <= east and south <= point[1] <= north):
        what = (
            "经度、纬度疑似颠倒"
            if west <= point[1] <= east and south <= point[0] <= north
            else "不在我国范围内"
        )
        message = f"位置 {point[0]:.6f}, {point[1]:.6f} {what}"
        notes.refuse(R_SUR_03, row.number, subject, message, "请核对坐标、分带和列的次序")
        return False
    pair = figures.pair
    if pair is not None and not pair.zone.holds(point[0], slack=limit("zone_slack_deg")):
        message = f"经度 {point[0]:.4f} 远在{pair.zone.word}之外"
        notes.warn(R_SUR_03, row.number, subject, message, "请核对带号和中央经线")
    return _agrees(row, subject, figures, system, way, notes)


def _agrees(
    row: SurveyRow, subject: str, figures: _Figures, system: System, way: Transform | None, notes: Notes
) -> bool:
    """Whether angles and plane coordinates, both given, mean one place."""
    pair = figures.pair
    if pair is None or figures.point is None:
        return True
    other = place((pair.x, pair.y), None, pair.zone, system, way)
    own = figures.point if system.is_placed else place(None, figures.point, None, system, way)
    if other is None or own is None:
        return True
    apart = distance_m(*own, *other)
    if apart <= figures.resolution_m + limit("disagreement_m"):
        return True
    message = f"经纬度与平面坐标相差 {apart:.1f} 米"
    notes.refuse(R_SUR_03, row.number, subject, message, "请核对带号、坐标系，删去有误的一组")
    return False


def _given(
    row: SurveyRow,
    subject: str,
    figures: _Figures,
    point: tuple[float, float] | None,
    system: System,
    way: Transform | None,
    notes: Notes,
) -> Position:
    pair = figures.pair
    if point is None:
        message = f"{system}的坐标没有当地转换参数，按原样登记，不换算位置"
        notes.warn(R_SUR_03, row.number, subject, message, "有四参数或七参数时请加 --transform")
    x, y = pair.written if pair is not None else (None, None)
    height, height_system = _height(row, subject, notes)
    return Position(
        point=point,
        system=system.value,
        zone_width=pair.zone.width if pair else None,
        zone=pair.zone.number if pair else None,
        x=x,
        y=y,
        height=height,
        height_system=height_system,
        given=row.get("given") or _as_written(row),
        transform=way.as_json() if way is not None and not system.is_placed else None,
        method=row.get("method") or None,
        accuracy_m=_optional(row, "accuracy", subject, notes),
        residual_m=_optional(row, "residual", subject, notes),
        surveyed_on=day_of(row, "surveyed_on", subject, notes),
    )


def _as_written(row: SurveyRow) -> str | None:
    """The figures as the table has them."""
    names = {"lon": "经度", "lat": "纬度", "x": "X", "y": "Y"}
    written = [f"{word}={row.get(name)}" for name, word in names.items() if row.get(name)]
    return "；".join(written) or None


def _height(row: SurveyRow, subject: str, notes: Notes) -> tuple[float | None, str | None]:
    value = _optional(row, "height", subject, notes)
    if value is None and isinstance(row.shape, Point) and row.shape.has_z:
        value = float(row.shape.z)
    system = _height_system(row, subject, notes)
    if value is None or math.isnan(value):
        return None, system
    if not limit("least_height_m") <= value <= limit("greatest_height_m"):
        notes.warn(R_SUR_05, row.number, subject, f"高程 {value:g} 是缺测标记，未登记", "有实测高程的请补录")
        return None, system
    return value, system


def _height_system(row: SurveyRow, subject: str, notes: Notes) -> str | None:
    if not row.get("height_system"):
        return None
    try:
        return read_height_system(row.get("height_system")).value
    except InvalidInput as error:
        notes.warn(R_SUR_05, row.number, subject, error.message, error.way_out)
        return None


def _optional(row: SurveyRow, name: str, subject: str, notes: Notes) -> float | None:
    if not row.get(name):
        return None
    try:
        return number(_METRES.sub("", row.get(name)))
    except ServiceError as error:
        notes.warn(R_SUR_03, row.number, subject, f"{error}，未登记", "请核对")
        return None


def day_of(row: SurveyRow, name: str, subject: str, notes: Notes) -> date | None:
    """A day in any usual spelling; one that cannot be read is told and left out."""
    found = re.match(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})", row.get(name))
    if not row.get(name):
        return None
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    notes.warn(R_SUR_03, row.number, subject, f"“{row.get(name)}”不是日期，未登记", "请写如 2026-05-01")
    return None
