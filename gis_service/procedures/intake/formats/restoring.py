"""The steps of a manifest: select rows, split a unit along an old line, state units under their old name.

They bring a source back to the day the manifest names. Nothing is intersected: a line begins and ends on
vertices of the outline, so no neighbour moves.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd
from pydantic import BaseModel, ConfigDict
from shapely.geometry import LinearRing, Polygon

from gis_service.foundation.errors import InvalidInput

Point = tuple[float, float]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Unit(_Strict):
    """Code and full name."""

    code: str
    name: str


class Select(_Strict):
    """Keep rows whose code begins with one of these two-digit prefixes."""

    provinces: tuple[str, ...]


class LineReference(_Strict):
    """A line in a GeoJSON file beside the manifest."""

    file: str
    feature: str
    sha256: str


class Split(_Strict):
    """Undo a merger whose inner line is known; left and right as seen along the line."""

    unit: str
    line: LineReference
    left: Unit
    right: Unit


class Restate(_Strict):
    """State a unit under the code and name it had."""

    code: str
    becomes: Unit


class Names(Protocol):
    """The columns the steps need."""

    @property
    def code(self) -> str:
        """The column with codes."""

    @property
    def name(self) -> str:
        """The column with names."""


def restored(
    frame: gpd.GeoDataFrame,
    columns: Names,
    folder: Path,
    select: Select | None,
    splits: tuple[Split, ...],
    restates: tuple[Restate, ...],
) -> gpd.GeoDataFrame:
    """The frame after all steps, in the order select, split, restate.

    Raises:
        InvalidInput: a step names a unit that is not there, or a line that does not fit its outline.
    """
    if select is not None:
        frame = frame[frame[columns.code].str.startswith(select.provinces)].reset_index(drop=True)
    for split in splits:
        frame = _split(frame, columns, folder, split)
    for restate in restates:
        frame = _restate(frame, columns, restate)
    return frame


def _row(frame: gpd.GeoDataFrame, columns: Names, code: str) -> int:
    rows = frame.index[frame[columns.code] == code]
    if len(rows) != 1:
        raise InvalidInput(f"代码 {code} 在数据中有 {len(rows)} 行", way_out="请核对清单各步骤的代码与顺序")
    return int(rows[0])


def _require_free(frame: gpd.GeoDataFrame, columns: Names, code: str) -> None:
    if (frame[columns.code] == code).any():
        raise InvalidInput(f"代码 {code} 已被数据中另一单位占用", way_out="请核对清单各步骤的代码与顺序")


def _split(frame: gpd.GeoDataFrame, columns: Names, folder: Path, split: Split) -> gpd.GeoDataFrame:
    row = _row(frame, columns, split.unit)
    whole = frame.loc[[row]]
    rest = frame.drop(index=row)
    halves = _halves(frame.geometry[row], _line(folder, split.line), split.unit)
    parts = []
    for unit, half in zip((split.left, split.right), halves, strict=True):
        _require_free(rest, columns, unit.code)
        part = whole.copy()
        part[columns.code], part[columns.name] = unit.code, unit.name
        parts.append(part.set_geometry([half], crs=frame.crs))
    merged = pd.concat([rest, *parts], ignore_index=True)
    assert isinstance(merged, gpd.GeoDataFrame)
    return merged


def _restate(frame: gpd.GeoDataFrame, columns: Names, restate: Restate) -> gpd.GeoDataFrame:
    row = _row(frame, columns, restate.code)
    if restate.becomes.code != restate.code:
        _require_free(frame, columns, restate.becomes.code)
    frame.loc[row, [columns.code, columns.name]] = [restate.becomes.code, restate.becomes.name]
    return frame


def _line(folder: Path, reference: LineReference) -> list[Point]:
    try:
        content = (folder / reference.file).read_bytes()
    except OSError as error:
        raise InvalidInput(f"线文件 {reference.file} 不可读", way_out="请核对清单") from error
    if hashlib.sha256(content).hexdigest() != reference.sha256:
        raise InvalidInput(f"线文件 {reference.file} 的 SHA-256 与清单不符", way_out="请核实后更新清单")
    found: list[Any] = [
        feature for feature in json.loads(content)["features"] if feature.get("id") == reference.feature
    ]
    if len(found) != 1:
        raise InvalidInput(f"线文件 {reference.file} 中没有唯一的“{reference.feature}”", way_out="请核对清单")
    return [(float(x), float(y)) for x, y in found[0]["geometry"]["coordinates"]]


def _halves(outline: Any, line: list[Point], unit: str) -> tuple[Polygon, Polygon]:
    """The parts left and right of the line: an arc of the shell each, closed by the line."""
    parts = getattr(outline, "geoms", [outline])
    if len(parts) != 1:
        raise InvalidInput(f"{unit} 由几块组成，无法沿一条线拆分", way_out="请把各块分别列为单位")
    shape: Polygon = parts[0]
    shell = _counter_clockwise(shape.exterior)
    if line[0] not in shell or line[-1] not in shell or line[0] == line[-1]:
        raise InvalidInput(f"{unit} 的拆分线两端不在其外轮廓的两个顶点上", way_out="请核对线与数据的版本")
    start, end = shell.index(line[0]), shell.index(line[-1])
    left = Polygon(_arc(shell, end, start) + line[1:-1])  # along the line, then on along the shell
    right = Polygon(_arc(shell, start, end) + line[-2:0:-1])
    if not (left.is_valid and right.is_valid):
        raise InvalidInput(f"{unit} 的拆分线与外轮廓相交", way_out="请核对线与数据的版本")
    return _with_holes(left, shape), _with_holes(right, shape)


def _counter_clockwise(ring: LinearRing) -> list[Point]:
    points = [(float(x), float(y)) for x, y in ring.coords[:-1]]
    return points if ring.is_ccw else points[::-1]


def _arc(shell: list[Point], start: int, end: int) -> list[Point]:
    """From one vertex on to another, both included."""
    return [shell[(start + step) % len(shell)] for step in range((end - start) % len(shell) + 1)]


def _with_holes(half: Polygon, whole: Polygon) -> Polygon:
    own = [hole for hole in whole.interiors if half.contains(Polygon(hole).representative_point())]
    return Polygon(half.exterior, own)
