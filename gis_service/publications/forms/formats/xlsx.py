"""A form as an Excel workbook: a sheet for each table, codes as text, the last one telling what it is."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from gis_service.publications.forms.formats.packing import packed_alike
from gis_service.publications.forms.schemas import Column, FormPlan, MachineTable, Value

NAME = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = ".xlsx"
_TEXT = "@"
_WIDTH = 16


def draw(plan: FormPlan) -> bytes:
    """The workbook; the first sheet is the table of the form."""
    book = Workbook(write_only=True)
    for table in plan.tables:
        _write(book, table)
    about = MachineTable("说明", (Column("项目"), Column("内容")), _about(plan))
    _write(book, about)
    written = io.BytesIO()
    book.save(written)
    return packed_alike(written.getvalue(), plan.on)


def _write(book: Workbook, table: MachineTable) -> None:
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    for index in range(len(table.columns)):
        sheet.column_dimensions[_letters(index)].width = _WIDTH
    heads = [WriteOnlyCell(sheet, column.name) for column in table.columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in table.rows:
        sheet.append([_cell(sheet, column, value) for column, value in zip(table.columns, row, strict=True)])


def _cell(sheet: object, column: Column, value: Value) -> WriteOnlyCell:
    """Text cells say that they are text; a text that begins with = is none that computes."""
    cell = WriteOnlyCell(sheet, value)
    if column.kind == "text":
        cell.number_format = _TEXT
        if value is not None:
            cell.data_type = "s"
    return cell


def _letters(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"{_letters(index // 26 - 1)}{_letters(index % 26)}"


def _about(plan: FormPlan) -> tuple[tuple[Value, ...], ...]:
    return (
        ("表册", plan.title),
        ("界线", f"{plan.line_name}（{plan.line_code}）"),
        ("登记状况日期", plan.on.isoformat()),
        ("密级", plan.classification.value),
        *(("标注", mark) for mark in plan.marks),
        *(("说明", note) for note in plan.notes),
    )
