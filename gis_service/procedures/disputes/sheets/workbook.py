"""Assessments as a workbook: a sheet for each side of each line, codes as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentOut
from gis_service.procedures.disputes.sheets.filling import (
    HEAD,
    about,
    result_of,
    rows_of,
    title_of,
    vetoes_of,
)

NAME = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = ".xlsx"

_WIDTHS = (14, 34, 10, 10, 10, 60, 34)
_THIN = Side(style="thin", color="8A8A8A")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_VETO_HEAD = ("否决项", "情形名称", "有无", "", "", "依据的登记事项", "理由")


def draw(told: Sequence[PeaceAssessmentOut]) -> bytes:
    """The workbook; without an assessment it has one empty sheet that says so."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for each in told:
        _fill(book.create_sheet(f"{each.number} {each.side}"), each)
    if not told:
        book.create_sheet("考核").append(("没有考核",))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, told: PeaceAssessmentOut) -> None:
    sheet.append((title_of(told),))
    sheet["A1"].font = Font(bold=True, size=15)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEAD))
    for name, value in about(told):
        sheet.append((name, value))
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, start_column=2, end_column=len(HEAD)
        )
    sheet.append(())
    _table(sheet, HEAD, rows_of(told))
    sheet.append(())
    numbered = enumerate(vetoes_of(told), 1)
    _table(
        sheet,
        _VETO_HEAD,
        ((str(n), title, held, "", "", shown, why) for n, (title, held, shown, why) in numbered),
    )
    sheet.append(())
    sheet.append((result_of(told),))
    sheet.cell(sheet.max_row, 1).font = Font(bold=True, size=12)
    for column, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    _to_print(sheet)


def _table(sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    for number, row in enumerate([head, *rows]):
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.border = _FRAME
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 0)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a reason that begins with = is no formula


def _to_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
