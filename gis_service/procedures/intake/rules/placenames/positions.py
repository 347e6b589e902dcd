"""Where a row says its place lies: degrees or degrees, minutes and seconds, a geometry, or nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.errors import ShapelyError
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.coordinates import Axis, read_angle, read_system
from gis_service.foundation.crs import GRID_DEGREES, STORAGE_CRS, is_storage_equivalent
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.coordinates import declared_system
from gis_service.procedures.intake.rules.extent import china
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_03
from gis_service.procedures.intake.rules.placenames.record import PlaceRecord
from gis_service.procedures.intake.rules.placenames.tally import Tally
from gis_service.procedures.intake.rules.placenames.words import meant

_NUMBER = re.compile(r"\d{1,3}(\.\d+)?")
ROLES = {
    "Point": "点",
    "MultiPoint": "点",
    "LineString": "线",
    "MultiLineString": "线",
    "Polygon": "面",
    "MultiPolygon": "面",
}
_SWAPPED = ("经纬度疑似颠倒", "请对调两列")
_WRITTEN = "请写如 118.775139 或 118°46′30.50″"


class Positions:
    """Reads positions; shapes are in the declared system, longitude and latitude in CGCS2000 or WGS 84."""

    def __init__(self, tally: Tally, declared: str | None, override: str | None, *, has_shapes: bool) -> None:
        self.tally = tally
        self.findings: list[Finding] = []
        self._move: Transformer | None = None
        if has_shapes or override:
            crs, self.findings = declared_system(declared, override)
            if crs is not None and not is_storage_equivalent(crs):
                self._move = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
        self._systems: dict[str, str] = {}

    def read(self, record: PlaceRecord, get: Any, shape: BaseGeometry | None) -> None:
        """Put geometry, role and what was written into a record, or say why not."""
        system = get("system")
        if system and not self._system(record, system):
            return
        lon, lat = get("lon"), get("lat")
        if shape is None and (text := get("geometry")):
            shape = self._written(record, text)
        if shape is not None:
            self._shape(record, shape)
        elif lon or lat:
            self._degrees(record, lon, lat)
        if text := get("role"):
            record.role = meant("role", text) or record.role

    def _system(self, record: PlaceRecord, text: str) -> bool:
        """Only what may be placed as it is; 2000 means CGCS2000."""
        if text not in self._systems:
            try:
                system = read_system(text)
            except InvalidInput as error:
                self._refuse(record, error.message, error.way_out, "坐标系")
                return False
            if not system.is_placed:
                self._refuse(record, f"{system.value}须先转换", "请转换为 CGCS2000 后提交", "坐标系")
                return False
            self._systems[text] = system.value
        record.system = self._systems[text]
        return True

    def _written(self, record: PlaceRecord, text: str) -> BaseGeometry | None:
        try:
            return shapely.from_geojson(text) if text.startswith("{") else shapely.from_wkt(text)
        except ShapelyError:
            self._refuse(record, f"“{text[:40]}”不是几何", "请写 GeoJSON 或 WKT", "图形")
            return None

    def _shape(self, record: PlaceRecord, shape: BaseGeometry) -> None:
        if shape.is_empty or shape.geom_type not in ROLES:
            self._refuse(record, f"不能作地名的图形：{shape.geom_type}", "请改为点、线或面", "图形")
            return
        flat = shapely.force_2d(shape)
        if self._move is not None:
            flat = _moved(flat, self._move)
        self._place(record, shapely.set_precision(flat, GRID_DEGREES, mode="pointwise"), None)

    def _degrees(self, record: PlaceRecord, lon: str, lat: str) -> None:
        try:
            x, y = _angle(lon, Axis.longitude), _angle(lat, Axis.latitude)
        except InvalidInput as error:
            told = _SWAPPED if _in_china(lat, lon) else (error.message, error.way_out or _WRITTEN)
            self._refuse(record, *told, "经纬度")
            return
        given = None if _NUMBER.fullmatch(lon) else f"东经 {lon} 北纬 {lat}"
        self._place(record, Point(round(x, 7), round(y, 7)), given)

    def _place(self, record: PlaceRecord, shape: BaseGeometry, given: str | None) -> None:
        if not lies_in_china(shape):
            west, south, *_ = shape.bounds
            self._refuse(
                record, f"位置（{west:.4f}，{south:.4f}）在我国范围以外", "请核对坐标系和经纬度", "位置"
            )
            return
        record.geometry, record.given, record.role = shape, given, ROLES[shape.geom_type]

    def _refuse(self, record: PlaceRecord, message: str, way_out: str, column: str) -> None:
        self.tally.refuse(R_PLN_03, record.row, record.subject, message, way_out, column, f"{column}不能读取")


def lies_in_china(shape: BaseGeometry) -> bool:
    """Whether a shape lies in the box around China's land and sea."""
    west, south, east, north = shape.bounds
    low, bottom, high, top = china()
    return bool(low <= west and bottom <= south and east <= high and north <= top)


def _in_china(lon: str, lat: str) -> bool:
    """Whether two texts are a place in China, the first its longitude."""
    try:
        return lies_in_china(Point(_angle(lon, Axis.longitude), _angle(lat, Axis.latitude)))
    except InvalidInput:
        return False


def _moved(shape: BaseGeometry, move: Transformer) -> BaseGeometry:
    def moved(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(move.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shape, moved)


def _angle(text: str, axis: Axis) -> float:
    if not text:
        raise InvalidInput(
            f"只有{'北纬' if axis is Axis.longitude else '东经'}，没有{axis.value}", way_out=_WRITTEN
        )
    if _NUMBER.fullmatch(text):
        value = float(text)
        if value <= axis.limit:
            return value
    return read_angle(text, axis=axis).degrees
