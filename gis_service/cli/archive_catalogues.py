"""Catalogues of archives as a workbook: files of lines, items in them, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.archives.queries import Inventory, ToldItem

FILES = ("案卷号", "界线代码", "界线名称", "件数", "页数", "各种类件数", "最早日期", "最晚日期")
ITEMS = (
    "界线代码",
    "件号",
    "档号",
    "题名",
    "种类",
    "类别",
    "责任者",
    "日期",
    "页数",
    "载体",
    "保管期限",
    "保管至",
    "密级",
    "文件数",
    "备注",
)
MISSING = ("界线代码", "界线名称", "缺少", "意见", "依据")


def write_catalogue(inventories: Sequence[Inventory], path: Path, *, on: date) -> None:
    """Write 案卷目录, 卷内目录 and 缺件 as sheets of one workbook.

    Raises:
        InvalidInput: another format, or a folder that cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InvalidInput(f"目录不能写成 {path.name}", way_out="文件名请以 .xlsx 结尾；JSON 请用 --json")
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, f"案卷目录 {on}", FILES, (_file(n, each) for n, each in enumerate(inventories, start=1)))
    items = (
        _item(each, number, told) for each in inventories for number, told in enumerate(each.items, start=1)
    )
    _sheet(book, "卷内目录", ITEMS, items)
    missing = (
        (each.line.code, each.line.name, finding.class_, finding.message, finding.legal_basis)
        for each in inventories
        for finding in each.findings
    )
    _sheet(book, "缺件", MISSING, missing)
    try:
        book.save(path)
    except OSError as error:
        raise InvalidInput(f"不能写入 {path}：{error.strerror}", way_out="请核对路径和权限") from error


def _file(number: int, each: Inventory) -> tuple[Any, ...]:
    days = sorted(told.item.dated_on for told in each.items)
    kinds = "、".join(f"{kind} {count}" for kind, count in each.kinds.items())
    ends = (days[0], days[-1]) if days else (None, None)
    return (number, each.line.code, each.line.name, len(each.items), each.pages, kinds, *ends)


def _item(each: Inventory, number: int, told: ToldItem) -> tuple[Any, ...]:
    item = told.item
    plain = (item.number, item.title, item.kind, item.fonds, item.issuer, item.dated_on, item.pages)
    kept = (item.medium, item.retention, each.until(told), told.classification.value)
    return (each.line.code, number, *plain, *kept, len(told.files), item.note)


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # what begins with = is no formula
    sheet.freeze_panes = "A2"
    for index, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(10, 2 * len(head) + 4)
