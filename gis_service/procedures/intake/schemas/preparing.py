"""From a reading to a delivery: columns chosen, codes as text, coordinates on the grid of EPSG:4490.

The values themselves live beside the rules that judge them and are handed on from here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import STORAGE_CRS, is_storage_equivalent
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats import Reading
from gis_service.procedures.intake.rules import Delivery, Registered, UnitRecord
from gis_service.procedures.intake.rules.columns import Columns, choose_columns
from gis_service.procedures.intake.rules.coordinates import (
    cannot_transform,
    coordinates_fit_the_system,
    declared_system,
)
from gis_service.procedures.intake.rules.evidence import as_array
from gis_service.procedures.intake.rules.repair import AreaMoved, on_grid, repair
from gis_service.procedures.intake.rules.rows import (
    MANNERS,
    R_INT_06,
    R_INT_07,
    R_INT_08,
    R_INT_09,
    code_text,
    name_text,
    polygon_of,
    unpadded,
)
from gis_service.registers.divisions.rules import (
    DivisionLevel,
    is_leaf_prefecture,
    judge_shape,
    known_codes,
    level_of_code,
    superior_code,
    type_of,
)

__all__ = ["AreaMoved", "Columns", "Delivery", "Registered", "UnitRecord", "prepare", "repair"]

_LISTED_ROWS = 5


@dataclass(slots=True)
class _Rows:
    """Rows on their way to units, with what was found about them."""

    source: str
    findings: list[Finding] = field(default_factory=list)
    manners: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    units: list[UnitRecord] = field(default_factory=list)

    def refuse(self, row: int, code: str, name: str, rule: Any, message: str, way_out: str) -> None:
        """A blocking finding about one row, which then becomes no unit."""
        subject = f"第{row}行 {code} {name}".rstrip()
        text = f"{self.source} 第{row}行（{code or '无代码'} {name or '无名称'}）：{message}"
        self.findings.append(rule.finding(Severity.blocking, subject, text, suggestion=way_out))


def prepare(
    reading: Reading,
    *,
    valid_on: date,
    columns: Columns | None = None,
    crs_override: str | None = None,
    level: DivisionLevel | None = None,
    merge_parts: bool = False,
    within: Sequence[str] = (),
) -> tuple[Delivery | None, list[Finding]]:
    """A delivery in EPSG:4490, lon/lat, on the storage grid, and everything found on the way.

    `within` keeps only units below these codes (320000, 320600). None instead of a delivery when there is
    nothing to judge; a row that becomes no unit always has a blocking finding of its own.
    """
    findings = list(reading.findings)
    if reading.frame is None:
        return None, findings
    attributes = reading.frame.drop(columns=reading.frame.geometry.name)
    table = {str(column): attributes[column].tolist() for column in attributes.columns}
    chosen, told = choose_columns(table, columns or Columns(), level)
    findings += told
    geometries, crs, told = _located(reading, crs_override)
    findings += told
    if chosen is None or geometries is None:
        return None, findings
    rows = _Rows(reading.source)
    _read_rows(rows, table, chosen, geometries, level, _prefixes(within))
    findings += rows.findings
    units, told = _merged(rows.units) if merge_parts else (rows.units, [])
    findings += [*told, *_manners_told(rows.manners)]
    if not units:
        return None, [*findings, _nothing_left(reading.source)]
    superiors = _superiors(table, chosen, units)
    return Delivery(tuple(units), superiors, reading.source, reading.sha256, crs, valid_on), findings


def _located(
    reading: Reading, override: str | None
) -> tuple[Sequence[BaseGeometry | None] | None, str, list[Finding]]:
    """Geometries in storage coordinates on the grid; None when the system is unknown, refused or belied."""
    assert reading.frame is not None
    crs, findings = declared_system(reading.crs, override)
    if crs is None:
        return None, "", findings
    geometries = as_array(list(reading.frame.geometry))
    bounds = _finite_bounds(geometries)
    if bounds is not None:
        misfit = coordinates_fit_the_system(bounds, crs)
        if misfit:
            return None, "", [*findings, *misfit]
    raised = int(np.count_nonzero(shapely.has_z(geometries)))
    if raised:
        message = f"{reading.source} 有 {raised} 行带高程，已略去"
        findings.append(R_INT_06.finding(Severity.info, "几何", message, suggestion="高程不入库"))
    name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
    whole = _finite(geometries)  # the others stay as they are, to be told row by row
    located = geometries.copy()
    try:
        located[whole] = on_grid(_in_storage_crs(shapely.force_2d(geometries[whole]), crs))
    except ProjError:
        return None, "", [*findings, cannot_transform(crs)]
    return list(located), name, findings


def _finite(geometries: Any) -> Any:
    """Per geometry: whether all its coordinates are finite numbers."""
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    flags = np.ones(len(geometries), dtype=np.bool_)
    flags[owner[~np.isfinite(xy).all(axis=1)]] = False
    return flags


def _finite_bounds(geometries: Any) -> tuple[float, float, float, float] | None:
    xy = shapely.get_coordinates(geometries)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return None
    (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    return west, south, east, north


def _in_storage_crs(geometries: Any, crs: CRS) -> Any:
    if is_storage_equivalent(crs):
        return geometries
    transformer = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
    xy = shapely.get_coordinates(geometries)
    moved = np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    return shapely.set_coordinates(geometries.copy(), moved)


def _prefixes(within: Sequence[str]) -> tuple[str, ...]:
    """320000 → 32, 320600 → 3206, 320602 as it is."""
    return tuple(code.removesuffix("00").removesuffix("00") for code in within)


def _read_rows(
    rows: _Rows,
    table: Mapping[str, Sequence[Any]],
    columns: Columns,
    geometries: Sequence[BaseGeometry | None],
    level: DivisionLevel | None,
    prefixes: tuple[str, ...],
) -> None:
    assert columns.code is not None
    assert columns.name is not None
    left_out = 0
    for index, geometry in enumerate(geometries):
        row = index + 1
        code, manner = _read_code(table[columns.code][index], level)
        if prefixes and code and not code.startswith(prefixes):
            left_out += 1
            continue
        if manner:
            rows.manners[manner].append(row)
        name = name_text(table[columns.name][index])
        stated = _stated_superior(table, columns, index, code)
        _read_row(rows, row, code, name, stated, geometry, level)
    if left_out:
        message = f"{rows.source} 有 {left_out} 行不在 {'、'.join(prefixes)} 开头的代码范围内，未取用"
        rows.findings.append(R_INT_08.finding(Severity.info, "来件", message))


def _read_code(value: Any, level: DivisionLevel | None) -> tuple[str, str]:
    code, manner = code_text(value)
    short, padded = unpadded(code, level)
    return short, padded or manner


def _stated_superior(
    table: Mapping[str, Sequence[Any]], columns: Columns, index: int, code: str
) -> str | None:
    """The superior's code as the row states it; a unit that names itself, or nothing, states none."""
    column = columns.superior_code
    if column is None and level_of_code(code) in {DivisionLevel.county, DivisionLevel.prefecture}:
        is_county = level_of_code(code) is DivisionLevel.county
        column = columns.prefecture_code if is_county else columns.province_code
    if column is None:
        return None
    stated = unpadded(code_text(table[column][index])[0], None)[0]
    return None if stated in {"", "0", code} else stated


def _read_row(
    rows: _Rows,
    row: int,
    code: str,
    name: str,
    stated: str | None,
    geometry: BaseGeometry | None,
    level: DivisionLevel | None,
) -> None:
    polygon, wrong = polygon_of(geometry)
    if not code:
        rows.refuse(row, code, name, R_INT_08, "没有代码", "请补填代码")
        return
    if polygon is None:
        rows.refuse(row, code, name, R_INT_06, wrong, "请改为面状几何后重新提交")
        return
    found = level_of_code(code)
    if found is None:
        rows.findings += judge_shape(code, f"{name}（{rows.source} 第{row}行）")
        return
    if level is not None and found is not level and not _stands_in(code, name, level):
        rows.refuse(
            row, code, name, R_INT_08, f"是{found.word}单位，来件按{level.word}读取", "请删去或改用 --as"
        )
        return
    rows.units.append(
        UnitRecord(row, code, name, found, type_of(code, name), superior_code(code), polygon, stated)
    )


def _stands_in(code: str, name: str, level: DivisionLevel) -> bool:
    """Whether a higher unit may stand in a lower level's coverage, as it has no units of that level."""
    whole = code in {"710000", "810000", "820000"}
    listed = (code, name) in known_codes()
    return level is DivisionLevel.county and (is_leaf_prefecture(code) or whole or listed)


def _merged(units: Sequence[UnitRecord]) -> tuple[list[UnitRecord], list[Finding]]:
    """Rows of one code and name united into the first of them."""
    groups: dict[tuple[str, str], list[UnitRecord]] = defaultdict(list)
    for unit in units:
        groups[unit.code, unit.name].append(unit)
    merged, findings = [], []
    for parts in groups.values():
        merged.append(parts[0] if len(parts) == 1 else _united(parts))
        if len(parts) > 1:
            listed = "、".join(f"第{part.row}行" for part in parts)
            message = f"{parts[0].code} {parts[0].name}的 {len(parts)} 行（{listed}）已合并为一个单位"
            findings.append(R_INT_08.finding(Severity.info, parts[0].subject, message))
    return merged, findings


def _united(parts: Sequence[UnitRecord]) -> UnitRecord:
    first = parts[0]
    geometries = as_array([part.geometry for part in parts])
    whole = shapely.union_all(geometries) if shapely.is_valid(geometries).all() else None
    if isinstance(whole, Polygon | MultiPolygon):
        return replace(first, geometry=whole)
    return replace(
        first, geometry=MultiPolygon(list(shapely.get_parts(geometries)))
    )  # validity is told later


def _manners_told(manners: Mapping[str, Sequence[int]]) -> list[Finding]:
    """One finding per manner, however many rows: what was changed, and where first."""
    found = []
    for manner, rows in manners.items():
        first = "、".join(f"第{row}行" for row in rows[:_LISTED_ROWS])
        message = (
            f"{len(rows)} 行的代码{MANNERS[manner]}（{first}{'等' if len(rows) > _LISTED_ROWS else ''}）"
        )
        light = manner in {"number", "spaces", "padded"}
        severity = Severity.info if light else Severity.warning
        found.append(R_INT_07.finding(severity, "代码", message, suggestion="请在源数据把代码存为文本"))
    return found


def _superiors(
    table: Mapping[str, Sequence[Any]], columns: Columns, units: Sequence[UnitRecord]
) -> dict[str, str]:
    """Code → name of the superiors of the units, as far as the file names them; most frequent name."""
    direct = {unit.superior_code for unit in units if unit.superior_code is not None}
    wanted = direct | {superior_code(code) for code in direct}
    names: dict[str, Counter[str]] = defaultdict(Counter)
    pairs = (
        (columns.prefecture_code, columns.prefecture_name),
        (columns.province_code, columns.province_name),
    )
    for code_column, name_column in pairs:
        if code_column is None or name_column is None:
            continue
        for value, name in zip(table[code_column], table[name_column], strict=True):
            code = unpadded(code_text(value)[0], None)[0]
            if code in wanted and name_text(name):
                names[code][name_text(name)] += 1
    return {code: found.most_common(1)[0][0] for code, found in sorted(names.items())}


def _nothing_left(source: str) -> Finding:
    message = f"{source} 没有可用的单位"
    return R_INT_09.finding(Severity.blocking, source, message, suggestion="请核对来件内容")
