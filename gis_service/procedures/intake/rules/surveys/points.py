"""From rows, or the vertices of drawn lines, to boundary points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.coordinates import System
from gis_service.foundation.crs import STORAGE_CRS, is_storage_equivalent, read_crs
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Rule
from gis_service.foundation.measure import Floats
from gis_service.procedures.intake.rules.surveys.positions import Told, read_position
from gis_service.procedures.intake.rules.surveys.table import (
    R_SUR_01,
    Notes,
    SurveyRow,
    SurveyTable,
)
from gis_service.registers.markers.rules.given import Position

R_SUR_09 = Rule(
    "R-SUR-09", "航迹和线的顶点逐点保留，抽稀须经指明并报告", "GB/T 17796-2009；本服务约定", status="D"
)


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """A boundary point as given; its line and the markers it lies between by code and number."""

    row: int
    number: str
    line: str
    position: Position
    after: str | None = None
    before: str | None = None
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class GivenTrace:
    """A drawn line in the storage system; `line` names the line it is of, empty where nothing does."""

    row: int
    line: str
    name: str
    shape: MultiLineString


def read_points(
    table: SurveyTable, told: Told, notes: Notes, *, line: str | None = None, every: int = 1
) -> list[GivenPoint]:
    """The boundary points of a table; of drawn lines the vertices, all of them or every so many."""
    found = [point for row in table.rows for point in _of_row(row, table, told, line, every, notes)]
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for point in found:
        key = point.line, point.number
        if key in seen:
            message = f"边界点号 {point.number} 与第{seen[key]}行重复"
            notes.refuse(R_SUR_01, point.row, point.number, message, "请核对点号")
            continue
        seen[key] = point.row
        kept.append(point)
    return kept


def _of_row(
    row: SurveyRow, table: SurveyTable, told: Told, line: str | None, every: int, notes: Notes
) -> Iterator[GivenPoint]:
    wanted = row.get("line") or line or ""
    name = row.get("number") or str(row.number)
    if not wanted:
        notes.refuse(R_SUR_01, row.number, name, "没有写明所属界线", "请增加“界线代码”列，或加 --line")
    elif isinstance(row.shape, LineString | MultiLineString):
        yield from _vertices(row, table, wanted, every, notes)
    else:
        position = read_position(row, name, told, table.crs, notes)
        if position is not None:
            between = (row.get("after") or None, row.get("before") or None)
            yield GivenPoint(row.number, name, wanted, position, *between, row.get("feature") or None)
        elif row.number not in notes.refused:
            notes.refuse(R_SUR_01, row.number, name, "没有坐标", "请补填")


def _vertices(
    row: SurveyRow, table: SurveyTable, line: str, every: int, notes: Notes
) -> Iterator[GivenPoint]:
    try:
        shape = in_storage(row.shape, table.crs)
    except InvalidInput as error:
        notes.refuse(R_SUR_01, row.number, row.get("number"), error.message, error.way_out)
        return
    xyz = shapely.get_coordinates(shape, include_z=True)
    taken = np.unique([*range(0, len(xyz), every), len(xyz) - 1])
    kept = "全部保留" if every == 1 else f"按要求每 {every} 点取一，取 {len(taken)} 点，其余未登记"
    notes.tell(R_SUR_09, row.number, row.get("number"), f"线有 {len(xyz)} 个顶点，{kept}")
    for index in taken.tolist():
        lon, lat, height = (float(value) for value in xyz[index])
        position = Position(
            (round(lon, 9), round(lat, 9)),
            System.cgcs2000.value,
            height=None if np.isnan(height) else height,
            method=f"{table.source} 第{row.number}行",
        )
        yield GivenPoint(row.number, f"{row.number}-{index + 1:06d}", line, position)


def read_traces(table: SurveyTable, notes: Notes, *, line: str | None = None) -> list[GivenTrace]:
    """The drawn lines of a file, in the storage system; what is no line is told."""
    found = []
    for row in table.rows:
        wanted, name = row.get("line") or line or "", row.get("number")
        if not isinstance(row.shape, LineString | MultiLineString):
            notes.refuse(R_SUR_01, row.number, name, "不是线", "点请用 --as points 或 --as markers 装入")
        else:
            try:
                shape = in_storage(row.shape, table.crs)
            except InvalidInput as error:
                notes.refuse(R_SUR_01, row.number, name, error.message, error.way_out)
                continue
            parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]
            found.append(GivenTrace(row.number, wanted, name, MultiLineString(parts)))
    return found


def in_storage(shape: BaseGeometry | None, crs: str | None) -> BaseGeometry:
    """A shape in the storage system, heights kept.

    Raises:
        InvalidInput: the file declares no system, or one that is refused.
    """
    assert shape is not None
    if crs is None:
        raise InvalidInput(
            "来件没有声明坐标系", way_out="请加 --crs 指明，如 --crs EPSG:4528（3° 带第 40 带）"
        )
    system = read_crs(crs)
    if is_storage_equivalent(system):
        return shape
    way = Transformer.from_crs(system, STORAGE_CRS, always_xy=True)

    def moved(xyz: Floats) -> Floats:
        return np.column_stack([*way.transform(xyz[:, 0], xyz[:, 1]), *xyz[:, 2:].T])

    told: BaseGeometry = shapely.transform(shape, moved, include_z=bool(shape.has_z))
    return told
