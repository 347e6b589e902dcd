"""A list of changes below the county: CSV or workbook with the unit before and after, reason and document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions, Texts
from gis_service.procedures.intake.kinds.townships.superiors import read_superiors
from gis_service.procedures.intake.kinds.townships.tabular import (
    COLUMNS,
    SUFFIXES,
    Cells,
    columns_of,
    head_of,
    rows_of,
)
from gis_service.procedures.intake.rules.townships.rows import (
    R_TWN_01,
    ChangeList,
    Row,
    plain_code,
    plain_year,
    read_row,
)

NAME = "township-changes"

_OPTIONAL = {"reason", "doc_no"}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LINE_CHARS = 4000


def fits(path: Path) -> bool:
    """Whether a file has the columns of such a list, in its first rows."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        return any(columns_of(cells) for cells in head_of(path))
    except InvalidInput:
        return False


def read(path: Path, options: ListOptions) -> Listed:
    """The rows in their order; what is merged in the original holds on: year, reason and document."""
    texts = Texts()
    try:
        numbered = list(enumerate(rows_of(path, texts), start=1))
    except InvalidInput as error:
        return _refused(path, error.message, error.way_out)
    if texts.findings:
        return Listed(None, tuple(texts.findings))
    head = next((number for number, cells in numbered if columns_of(cells)), 0)
    columns = columns_of(numbered[head - 1][1]) if head else {}
    missing = [column for column in COLUMNS if column not in columns and column not in _OPTIONAL]
    named = _YEAR.findall(path.stem)
    if missing == ["year"] and len(named) == 1:
        missing = []
    if missing:
        return _refused(path, f"{path.name} 缺少列 {'、'.join(missing)}", "请核对第一行的列名")
    rows, findings = _Reader(columns, named[0] if len(named) == 1 else "").read(numbered[head:])
    if not rows and not findings:
        return _refused(path, f"{path.name} 没有一行变更", "请核对文件内容")
    if options.partial:
        findings = [replace(finding, severity=Severity.warning) for finding in findings]
    superiors, told = read_superiors(options.superiors, texts)
    changes = ChangeList(path.name, tuple(rows), texts.sha256, superiors)
    return Listed(changes, (*findings, *told), options.partial)


def _refused(path: Path, why: str, way_out: str) -> Listed:
    return Listed(None, (R_TWN_01.finding(Severity.blocking, path.name, why, suggestion=way_out),))


class _Reader:
    """Goes down the rows and keeps what holds on."""

    def __init__(self, columns: dict[str, int], year: str) -> None:
        self.columns = columns
        self.year, self.reason, self.number, self.place, self.group = year, "", "", "", 0
        self.findings: list[Finding] = []

    def read(self, numbered: list[tuple[int, Cells]]) -> tuple[list[Row], list[Finding]]:
        """The rows, and what is wrong with them."""
        told = [(line, self._cells(cells)) for line, cells in numbered]
        told = [(line, cells) for line, cells in told if any(cells.values())]
        merged = not all(cells["reason"] for _, cells in told)
        return [row for line, cells in told for row in self._row(line, cells, merged=merged)], self.findings

    def _cells(self, cells: Cells) -> dict[str, str]:
        found = {}
        for column in COLUMNS:
            at = self.columns.get(column, len(cells))
            found[column] = cells[at].strip()[:_LINE_CHARS] if at < len(cells) else ""
        for side in ("old_code", "new_code"):
            found[side] = plain_code(found[side])
        found["year"] = plain_year(found["year"])
        return found

    def _row(self, line: int, cells: dict[str, str], *, merged: bool) -> Iterator[Row]:
        """A row begins a change where it names a reason; if all do, where it names another one."""
        self.year = cells["year"] = cells["year"] or self.year
        here = f"{cells['year']} {(cells['old_code'] or cells['new_code'])[:4]}"
        before = self.reason, self.number
        self.number = cells["doc_no"] or (self.number if here == self.place else "")
        self.reason = cells["reason"] or self.reason
        begins = bool(cells["reason"]) if merged else (self.reason, self.number) != before
        self.group += begins or here != self.place
        self.place = here
        row, told = read_row(line, cells, self.reason, self.number or None, self.group)
        self.findings += told
        if row is not None:
            yield row
