"""A list of changes below the county: CSV with the unit before and after, the reason and the document."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions, Texts
from gis_service.procedures.intake.rules.townships.rows import R_TWN_01, ChangeList, Row, read_row

NAME = "township-changes"

_COLUMNS = ("year", "old_code", "old_name", "reason", "new_code", "new_name", "doc_no")


def fits(path: Path) -> bool:
    """Whether a file has the columns of such a list."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.readline(1000).decode("utf-8-sig", errors="replace")
    return {"year", "old_code", "new_code"} <= {cell.strip() for cell in head.split(",")}


def read(path: Path, options: ListOptions) -> Listed:
    """The rows in their order; what is merged in the original holds on: reason and document."""
    texts = Texts()
    table = csv.DictReader(io.StringIO(texts.of(path)))
    missing = [column for column in _COLUMNS if column not in (table.fieldnames or ())]
    if missing:
        message = f"{path.name} 缺少列 {'、'.join(missing)}"
        return Listed(None, (R_TWN_01.finding(Severity.blocking, path.name, message), *texts.findings))
    rows, findings = _rows(table)
    if options.partial:
        findings = [_lighter(finding) for finding in findings]
    return Listed(
        ChangeList(path.name, tuple(rows), texts.sha256), (*findings, *texts.findings), options.partial
    )


def _rows(table: csv.DictReader[str]) -> tuple[list[Row], list[Finding]]:
    rows: list[Row] = []
    findings: list[Finding] = []
    reason, number, place, group = "", "", "", 0
    for raw in table:
        cells = {column: (raw.get(column) or "").strip() for column in _COLUMNS}
        if not any(cells.values()):
            continue
        here = f"{cells['year']} {(cells['old_code'] or cells['new_code'])[:4]}"
        group += bool(cells["reason"]) or here != place
        number = cells["doc_no"] or (number if here == place else "")
        reason, place = cells["reason"] or reason, here
        row, told = read_row(table.line_num, cells, reason, number or None, group)
        findings += told
        if row is not None:
            rows.append(row)
    return rows, findings


def _lighter(finding: Finding) -> Finding:
    """A row left out is told as a warning where the rest is enough."""
    return R_TWN_01.finding(Severity.warning, finding.subject, finding.message, suggestion=finding.suggestion)
