"""Templates of survey tables: the heads that are recognised, codes as text, the words that are allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.rules.surveys import column_names, first_words
from gis_service.procedures.intake.rules.surveys.table import survey_words

_KINDS = {"markers": "marker", "points": "point"}
_TEXT = "@"
_ROWS = 500


def write_template(kind: str, path: Path) -> None:
    """Write an empty table of a kind, and a second sheet that says what its columns hold.

    Raises:
        InvalidInput: no such kind, or a file of another format.
    """
    if kind not in _KINDS:
        raise InvalidInput(f"没有“{kind}”的模板", way_out=f"可选：{'、'.join((*_KINDS, 'placenames'))}")
    if path.suffix.lower() != ".xlsx":
        raise InvalidInput(f"{path.name} 不是 .xlsx 文件名", way_out="请写如 --out 界桩.xlsx")
    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    for column, head in enumerate(first_words(_KINDS[kind]), start=1):
        sheet.cell(1, column, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = max(10, 2 * len(head))
        for row in range(2, _ROWS + 2):
            sheet.cell(row, column).number_format = _TEXT
    sheet.freeze_panes = "B2"
    _explain(book, _KINDS[kind])
    book.save(path)


def write_rows(path: Path, kind: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows, by known names, under the heads that intake recognises; every cell as text.

    Raises:
        InvalidInput: a file of another format.
    """
    if path.suffix.lower() != ".xlsx":
        raise InvalidInput(f"{path.name} 不是 .xlsx 文件名", way_out="请写如 --out 界桩.xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    filled = {name for row in rows for name in row}
    names = {name: aliases for name, aliases in column_names(kind).items() if name in filled}
    sheet.append([aliases[0] for aliases in names.values()])
    for row in rows:
        sheet.append([row.get(name, "") for name in names])
    book.save(path)


def _explain(book: Workbook, kind: str) -> None:
    sheet = book.create_sheet("说明")
    sheet.append(["列", "也可写作", "取值"])
    words = survey_words()["words"]
    for name, aliases in column_names(kind).items():
        sheet.append([aliases[0], "、".join(aliases[1:]), "、".join(words.get(name, {})) or ""])
