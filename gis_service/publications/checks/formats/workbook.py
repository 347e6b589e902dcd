"""The findings of checks as a workbook, codes as text."""

from __future__ import annotations

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import SEVERITY_ZH, Severity
from gis_service.publications.checks.schemas import CheckOut

_HEAD = ("界线代码", "界线名称", "等级", "规则", "对象", "里程（米）", "意见", "办法", "依据")
_WIDTHS = (12, 16, 8, 12, 18, 14, 60, 50, 40)


NAME = "xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = ".xlsx"


def draw(checks: Iterable[tuple[CheckOut, BaseGeometry]]) -> bytes:
    """One sheet, a row for each finding."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "内业检查意见"
    sheet.append(_HEAD)
    for check, _ in checks:
        for each in check.findings:
            severity = SEVERITY_ZH[Severity(each.severity)]
            sheet.append(
                (check.code, check.name, severity, each.rule, each.subject, each.chainage_m, each.message,
                 each.suggestion, each.legal_basis)
            )  # fmt: skip
    for cell, width in zip(sheet[1], _WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.column != 6:
                cell.number_format = "@"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
