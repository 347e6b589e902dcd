"""From a file to markers, boundary points or drawn lines as given; needs no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats import Reading, ReadOptions, kml, read_delivery
from gis_service.procedures.intake.formats.tables import cell_text
from gis_service.procedures.intake.rules.surveys import (
    GivenMarker,
    GivenPoint,
    GivenTrace,
    Notes,
    SurveyRow,
    SurveyTable,
    Told,
    read_markers,
    read_points,
    read_traces,
    recognised,
)
from gis_service.procedures.intake.rules.surveys.positions import R_SUR_03
from gis_service.procedures.intake.rules.surveys.table import R_SUR_01

SURVEYS = ("markers", "points", "lines")  # what a file may be read as
_KINDS = {"markers": "marker", "points": "point", "lines": "point"}
_COORDINATES = {"lon", "lat", "x", "y"}
_TEMPLATE = "列名见 gis-service intake template markers --out 模板.xlsx"


@dataclass(frozen=True, slots=True)
class SurveyOptions:
    """What whoever hands in a file says of it; `every` keeps one of so many vertices of drawn lines."""

    line: str | None = None
    crs: str | None = None
    told: Told = field(default_factory=Told)
    epochs: bool = False
    every: int = 1
    reading: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was read of a file: the things that can be entered, and everything found on the way."""

    kind: str
    source: str
    sha256: str
    folder: Path
    markers: tuple[GivenMarker, ...] = ()
    points: tuple[GivenPoint, ...] = ()
    traces: tuple[GivenTrace, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: int = 0

    @property
    def count(self) -> int:
        """How many things can be entered."""
        return len(self.markers) + len(self.points) + len(self.traces)


def open_survey(path: Path, kind: str, options: SurveyOptions) -> Survey:
    """Read a file as markers, points or lines. What is wrong with it stands in the findings."""
    reading = read_delivery(path, options.reading)
    digest = reading.sha256
    if reading.frame is None:
        return Survey(kind, reading.source, digest, path.parent, findings=reading.findings)
    table, findings = _table_of(reading, kind, options)
    if table is None:
        found = (*reading.findings, *findings)
        return Survey(kind, reading.source, digest, path.parent, findings=found)
    digest = _digest(kind, table)
    notes = Notes(reading.source)
    read: dict[str, Any] = {}
    if kind == "markers":
        given = read_markers(table, options.told, notes, line=options.line, epochs=options.epochs)
        read["markers"] = tuple(given)
    elif kind == "points":
        points = read_points(table, options.told, notes, line=options.line, every=options.every)
        read["points"] = tuple(points)
    else:
        read["traces"] = tuple(read_traces(table, notes, line=options.line))
    found = (*reading.findings, *findings, *notes.findings)
    return Survey(kind, reading.source, digest, path.parent, **read, findings=found, rows=len(table.rows))


def _digest(kind: str, table: SurveyTable) -> str:
    """Of what the rows say, not of the file: a workbook saved again is the same delivery."""
    digest = sha256(f"{kind}\t{table.crs}\n".encode())
    for row in table.rows:
        digest.update(repr(sorted(row.cells.items())).encode())
        digest.update(b"" if row.shape is None else row.shape.wkb)
    return digest.hexdigest()


def _table_of(
    reading: Reading, kind: str, options: SurveyOptions
) -> tuple[SurveyTable | None, list[Finding]]:
    """Rows under the names that are known; None where the file as a whole cannot be read as this."""
    assert reading.frame is not None
    frame = reading.frame
    texts = {str(name): frame[name].tolist() for name in frame.columns if name != frame.geometry.name}
    known, unknown = recognised(_KINDS[kind], texts)
    findings = _columns_told(reading.source, unknown)
    if kind == "markers" and "number" not in known:
        heads = "、".join(texts) or "无"
        return None, [*findings, _unreadable(reading.source, f"没有“界桩编号”列（现有：{heads}）", _TEMPLATE)]
    crs = options.crs or reading.crs
    shapes = [_shape(each, reading) for each in frame.geometry]
    if crs is None and options.told.zone is None and not _COORDINATES & known.keys() and any(shapes):
        return None, [*findings, _no_system(reading)]
    rows = [
        SurveyRow(
            index + reading.first_row,
            {name: text for name, head in known.items() if (text := cell_text(texts[head][index]))},
            shape,
        )
        for index, shape in enumerate(shapes)
    ]
    filled = tuple(row for row in rows if row.cells or row.shape is not None)
    return SurveyTable(reading.source, reading.sha256, filled, crs), findings


def _shape(shape: BaseGeometry | None, reading: Reading) -> BaseGeometry | None:
    """KML writes 0 for a height that nobody measured."""
    if shape is None or shape.is_empty:
        return None
    if reading.format == kml.NAME and isinstance(shape, Point) and shape.has_z and shape.z == 0:
        return shapely.force_2d(shape)
    return shape


def _columns_told(source: str, unknown: Sequence[str]) -> list[Finding]:
    if not unknown:
        return []
    message = f"{source}：未用的列：{'、'.join(unknown)}"
    return [R_SUR_01.finding(Severity.info, source, message, suggestion=_TEMPLATE)]


def _unreadable(source: str, message: str, way_out: str) -> Finding:
    return R_SUR_01.finding(Severity.blocking, source, f"{source}：{message}", suggestion=way_out)


def _no_system(reading: Reading) -> Finding:
    message = f"{reading.source}：来件没有声明坐标系（{reading.format}），点位无从确定"
    way_out = "请用 --crs 指明，如 --crs EPSG:4528（3° 带第 40 带，带号）、EPSG:4549（中央经线 120°，无带号）"
    return R_SUR_03.finding(Severity.blocking, reading.source, message, suggestion=way_out)
