"""The workbook that place names are filled into: heads that are recognised, texts, drop-down lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.rules.placenames.words import head_of, words
from gis_service.registers.placenames.rules.classes import classes

_COLUMNS = (
    *("code", "name", "class", "division", "roman", "reading", "former", "aliases", "short"),
    *("minority", "language", "lon", "lat", "system", "method", "status", "change", "end", "reason"),
)
_FACTS = ("地名来历", "地名含义", "历史沿革", "地理实体概况", "资料来源", "登记时间", "备注")
_MANDATORY = {"name", "class", "division"}
_HEAD, _WANTED = Font(bold=True), PatternFill("solid", fgColor="FFF2CC")
_TEXT, _ROWS = "@", 2000
_NOTES = {
    "code": "二十位；须为文本",
    "name": "必填；照实填写，不必改成规范字",
    "class": "必填；从下拉列表选取，或填类别代码",
    "division": "必填；代码或名称；跨政区的用顿号分开，第一个为列于其下的",
    "roman": "不填的由程序计算，并注明",
    "lon": "118.775139 或 118°46′30.50″；CGCS2000",
    "lat": "32.055694 或 32°03′20.50″；CGCS2000",
    "former": "几个名称用顿号分开",
    "change": "名称与登记不同时必填：更名或更正",
    "end": "不再存在的填“是”",
}


def write_names_template(path: Path) -> None:
    """Write an empty table with drop-down lists, a sheet of classes, and one that says what columns hold.

    Raises:
        InvalidInput: a file of another format.
    """
    if path.suffix.lower() != ".xlsx":
        raise InvalidInput(f"{path.name} 不是 .xlsx 文件名", way_out="请写如 --out 地名.xlsx")
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "地名"
    _fill_heads(sheet)
    lists = _fill_lists(book)
    for name, (first, last) in lists.items():
        _offer(sheet, name, f"='取值'!{first}:{last}")
    _explain(book)
    book.save(path)


def _fill_heads(sheet: Worksheet) -> None:
    heads = [*map(head_of, _COLUMNS), *_FACTS]
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(1, column, head)
        cell.font = _HEAD
        if column <= len(_COLUMNS) and _COLUMNS[column - 1] in _MANDATORY:
            cell.fill = _WANTED
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(12, 2 * len(head) + 2)
        sheet.column_dimensions[letter].number_format = _TEXT
        for row in range(2, _ROWS + 2):
            sheet.cell(row, column).number_format = _TEXT
    sheet.freeze_panes = "C2"


def _choices() -> Mapping[str, Sequence[str]]:
    """What may be chosen in which column."""
    return {
        "class": [f"{each.code} {each.name}" for each in classes().values()],
        "language": list(words()["languages"]),
        "system": ["CGCS2000", "WGS 84"],
        "method": ["实测", "图解"],
        "status": ["现行", "待核"],
        "change": ["更名", "更正"],
        "end": ["是"],
    }


def _fill_lists(book: Workbook) -> dict[str, tuple[str, str]]:
    """The choices on a sheet of their own, and where each list stands on it."""
    sheet = book.create_sheet("取值")
    places = {}
    for column, (name, values) in enumerate(_choices().items(), start=1):
        sheet.cell(1, column, head_of(name)).font = _HEAD
        for row, value in enumerate(values, start=2):
            sheet.cell(row, column, value)
        letter = get_column_letter(column)
        places[name] = (f"${letter}$2", f"${letter}${len(values) + 1}")
    return places


def _offer(sheet: Worksheet, name: str, values: str) -> None:
    """A drop-down list; other values are warned of, for a class may be finer than the table."""
    letter = get_column_letter(_COLUMNS.index(name) + 1)
    offered = DataValidation(type="list", formula1=values, allow_blank=True, errorStyle="warning")
    offered.error, offered.errorTitle = "不在列表中，确定要填吗？", head_of(name)
    sheet.add_data_validation(offered)
    offered.add(f"{letter}2:{letter}{_ROWS + 1}")


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet("说明")
    sheet.append(["列", "也可写作", "说明"])
    for name in _COLUMNS:
        first, *others = words()["columns"][name]
        sheet.append([first, "、".join(others), _NOTES.get(name, "")])
    for fact in _FACTS:
        sheet.append([fact, "", "普查登记项目，照原样保存"])
