"""边界点成果表: measured points of a line, and the markers each lies between."""

from __future__ import annotations

from gis_service.publications.forms.schemas import (
    Cell,
    Column,
    FormPlan,
    LineEvidence,
    MachineTable,
    PointEvidence,
    Section,
    Table,
)
from gis_service.publications.forms.sheets.drafting.figures import dms, metres, system_in_short
from gis_service.publications.forms.sheets.drafting.imprint import form, line_words
from gis_service.publications.forms.sheets.drafting.machine import given_columns, given_values, place

NAME = "points"
TITLE = "边界点成果表"
_HEADS = ("序号", "边界点号", "经度", "纬度", "纵坐标X", "横坐标Y", "坐标系统", "所在界桩区间", "位置说明")
_WIDTHS = (10.0, 22.0, 32.0, 31.0, 27.0, 28.0, 38.0, 44.0, 28.0)
_COLUMNS = (
    Column("边界点号"),
    Column("界线代码"),
    Column("前一界桩"),
    Column("后一界桩"),
    Column("特征"),
    *given_columns(),
)


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line: points in its direction, those without a place last."""
    points = sorted(evidence.points, key=lambda each: (each.chainage_m is None, each.chainage_m or 0.0))
    head = tuple(Cell(text, head=True) for text in _HEADS)
    rows = tuple(_row(number, point) for number, point in enumerate(points, 1))
    empty = ((Cell("没有登记的边界点", len(_HEADS)),),)
    table = Table(_WIDTHS, (head, *(rows or empty)), head_rows=1, row_mm=6.5)
    section = Section(line_words(evidence), "单位：米", (table,))
    return form(NAME, TITLE, evidence, (section,), (_machine(evidence, points),), landscape=True)


def _row(number: int, point: PointEvidence) -> tuple[Cell, ...]:
    given = point.coordinates
    between = " — ".join(each or "…" for each in (point.after, point.before))
    words = (
        str(number),
        point.number,
        dms(given.lon),
        dms(given.lat),
        metres(given.x, "coordinate_m"),
        metres(given.y, "coordinate_m"),
        system_in_short(given),
        between if point.after or point.before else "",
        point.feature or "",
    )
    return tuple(map(Cell, words))


def _machine(evidence: LineEvidence, points: list[PointEvidence]) -> MachineTable:
    rows = [
        (each.number, evidence.code, each.after, each.before, each.feature, *given_values(each.coordinates))
        for each in points
    ]
    return MachineTable("边界点", _COLUMNS, tuple(rows), tuple(place(each.coordinates) for each in points))
