"""The plan of a form: what people read, in sections of tables, and what machines read, in plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding

Align = Literal["left", "center", "right"]
Value = str | float | int | None
Kind = Literal["text", "number", "whole"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line, in millimetres from the upper left corner."""

    points: tuple[tuple[float, float], ...]
    width_mm: float
    dash_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mark at a place: the marker (circle) or an object (square)."""

    x_mm: float
    y_mm: float
    kind: Literal["marker", "object"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word whose middle height is `y_mm`, set from, around or up to `x_mm`."""

    text: str
    x_mm: float
    y_mm: float
    align: Align = "left"
    size_mm: float = 2.6


@dataclass(frozen=True, slots=True)
class Sketch:
    """A position sketch (位置略图)."""

    width_mm: float
    height_mm: float
    strokes: tuple[Stroke, ...]
    symbols: tuple[Symbol, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over `span` columns and `down` rows."""

    text: str = ""
    span: int = 1
    down: int = 1
    head: bool = False
    align: Align = "center"
    sketch: Sketch | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first `head_rows` are repeated on every page. `row_mm` is the least height."""

    widths_mm: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head_rows: int = 0
    row_mm: float = 7.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str
    head: bool = False


Block = Table | Paragraph


@dataclass(frozen=True, slots=True)
class Section:
    """What begins on a page of its own under the title, with a line of words to the left and to the right."""

    left: str
    right: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that machines read; codes, numbers of papers and days are text."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class MachineTable:
    """A table for machines; `geometries`, where it has any, are one for each row, lon/lat."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    geometries: tuple[BaseGeometry | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class FormPlan:
    """One form of one line. `marks` stand on every page, `notes` below what they are about.

    `findings` tell what of it the typeface cannot print.
    """

    name: str
    title: str
    line_code: str
    line_name: str
    on: date
    classification: Classification
    marks: tuple[str, ...]
    notes: tuple[str, ...]
    landscape: bool
    sections: tuple[Section, ...]
    tables: tuple[MachineTable, ...]
    findings: tuple[Finding, ...]
