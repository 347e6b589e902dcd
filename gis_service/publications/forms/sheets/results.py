"""界桩成果表: the coordinates of all markers of a line, by number."""

from __future__ import annotations

from gis_service.publications.forms.schemas import (
    Cell,
    FormPlan,
    LineEvidence,
    MarkerEvidence,
    Section,
    Table,
)
from gis_service.publications.forms.sheets.drafting.figures import dms, known, metres, system_in_short
from gis_service.publications.forms.sheets.drafting.imprint import form, line_words
from gis_service.publications.forms.sheets.drafting.machine import marker_table

NAME = "results"
TITLE = "界桩成果表"
_HEADS = (
    "序号",
    "界桩编号",
    "经度",
    "纬度",
    "纵坐标X",
    "横坐标Y",
    "高程H",
    "坐标系统",
    "高程系统",
    "测定方法",
    "备注",
)
_WIDTHS = (10.0, 24.0, 31.0, 29.0, 26.0, 27.0, 17.0, 34.0, 20.0, 20.0, 22.0)


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line."""
    head = tuple(Cell(text, head=True) for text in _HEADS)
    rows = tuple(_row(number, marker) for number, marker in enumerate(evidence.markers, 1))
    table = Table(_WIDTHS, (head, *rows), head_rows=1, row_mm=6.5)
    section = Section(line_words(evidence), "单位：米", (table,))
    return form(NAME, TITLE, evidence, (section,), (marker_table(evidence),), landscape=True)


def _row(number: int, marker: MarkerEvidence) -> tuple[Cell, ...]:
    given = known(marker.coordinates)
    words = (
        str(number),
        marker.number,
        dms(given.lon),
        dms(given.lat),
        metres(given.x, "coordinate_m"),
        metres(given.y, "coordinate_m"),
        metres(given.height, "height_m"),
        system_in_short(given),
        given.height_system or "",
        given.method or "",
        marker.note or "",
    )
    return tuple(map(Cell, words))
