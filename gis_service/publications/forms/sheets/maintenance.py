"""管理界桩清单: the markers that each side has to keep, those that nobody keeps last."""

from __future__ import annotations

from gis_service.publications.forms.schemas import (
    Cell,
    Column,
    FormPlan,
    LineEvidence,
    MachineTable,
    MarkerEvidence,
    Section,
    Table,
    Unit,
)
from gis_service.publications.forms.sheets.drafting.figures import dms, known
from gis_service.publications.forms.sheets.drafting.imprint import form, line_words
from gis_service.publications.forms.sheets.drafting.machine import iso, place

NAME = "maintenance"
TITLE = "管理界桩清单"
_HEADS = (
    "序号",
    "界桩编号",
    "埋设方式",
    "所在地",
    "经度",
    "纬度",
    "管理单位",
    "看护人",
    "状况",
    "察看日期",
    "备注",
)
_WIDTHS = (10.0, 24.0, 17.0, 59.0, 31.0, 29.0, 22.0, 18.0, 16.0, 21.0, 13.0)
_COLUMNS = tuple(
    map(
        Column,
        (
            "管理一方代码",
            "管理一方",
            "界桩编号",
            "埋设方式",
            "所在地",
            "管理方代码",
            "管理单位",
            "看护人",
            "状况",
            "察看日期",
        ),
    )
)
_NOBODY = "未明确管理方"
_THIRD = "第三方（三交点）"


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line: a section for each side, by number; then what a third one keeps, and nobody."""
    grouped = [(side.name, _kept_by(evidence, side)) for side in evidence.sides]
    beyond = _kept_by(evidence, None)
    grouped.append((_THIRD, [marker for marker in beyond if marker.managing is not None]))
    grouped.append((_NOBODY, [marker for marker in beyond if marker.managing is None]))
    told = [*grouped[:2], *(each for each in grouped[2:] if each[1])]
    sections = tuple(_section(evidence, name, markers) for name, markers in told)
    return form(NAME, TITLE, evidence, sections, (_machine(evidence),), landscape=True)


def _kept_by(evidence: LineEvidence, side: Unit | None) -> list[MarkerEvidence]:
    return [marker for marker in evidence.markers if marker.managing_side == side]


def _section(evidence: LineEvidence, name: str, markers: list[MarkerEvidence]) -> Section:
    head = tuple(Cell(text, head=True) for text in _HEADS)
    rows = tuple(_row(number, marker) for number, marker in enumerate(markers, 1))
    empty = ((Cell("没有由此方管理的界桩", len(_HEADS)),),)
    table = Table(_WIDTHS, (head, *(rows or empty)), head_rows=1, row_mm=6.5)
    return Section(f"{line_words(evidence)}　管理方：{name}", f"共 {len(markers)} 座", (table,))


def _row(number: int, marker: MarkerEvidence) -> tuple[Cell, ...]:
    given = known(marker.coordinates)
    words = (
        str(number),
        marker.number,
        marker.placement,
        _located(marker),
        dms(given.lon),
        dms(given.lat),
        marker.managing.name if marker.managing else "",
        marker.custodian or "",
        marker.state or "未查看",
        iso(marker.seen_on) or "",
        "",
    )
    return tuple(Cell(word, align="left" if index == 3 else "center") for index, word in enumerate(words))


def _located(marker: MarkerEvidence) -> str:
    return "；".join(side.location for side in marker.sides)


def _machine(evidence: LineEvidence) -> MachineTable:
    rows = [
        (
            *_named(marker.managing_side),
            marker.number,
            marker.placement,
            _located(marker) or None,
            *_named(marker.managing),
            marker.custodian,
            marker.state,
            iso(marker.seen_on),
        )
        for marker in evidence.markers
    ]
    places = tuple(place(marker.coordinates) for marker in evidence.markers)
    return MachineTable("管理界桩", _COLUMNS, tuple(rows), places)


def _named(unit: Unit | None) -> tuple[str | None, str | None]:
    return (None, None) if unit is None else (unit.code, unit.name)
