"""Tables as a workbook, one sheet each: codes and words as text, numbers as numbers, nothing as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

NAME = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = ".xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its title, a head and the width of each column (characters), rows of plain values."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Any]]


def draw(tables: Iterable[Table]) -> bytes:
    """One sheet for each table, its head frozen, ready to be printed on A4 across."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, table: Table) -> None:
    heads = [head for head, _ in table.columns]
    for number, row in enumerate((heads, *table.rows), start=1):
        for column, value in enumerate(row, start=1):
            _write(sheet.cell(number, column), value, is_head=number == 1)
    for column, (_, width) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write(cell: Any, value: Any, *, is_head: bool) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type, cell.number_format = "s", "@"  # “=…” is what somebody wrote, not a formula
    else:
        cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=is_head)
