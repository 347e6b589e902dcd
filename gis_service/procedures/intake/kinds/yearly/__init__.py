"""A directory of tables of year's ends (YYYY.txt; of months YYYYMM.txt) and of changes (YYYY-YYYY.diff)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions, Texts
from gis_service.procedures.intake.kinds.yearly.diffs import read_diff
from gis_service.procedures.intake.kinds.yearly.superiors import with_superiors
from gis_service.procedures.intake.kinds.yearly.tables import read_table
from gis_service.procedures.intake.rules.chronicle import R_HIS_01, R_HIS_07, Step, Table, Yearly

NAME = "yearly-tables"

_MONTH = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?"
_TABLE = re.compile(rf"(?P<of>{_MONTH})\.txt")
_DIFF = re.compile(rf"(?P<from>{_MONTH})-(?P<to>{_MONTH})\.diff")
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")


def fits(path: Path) -> bool:
    """Whether a path is such a directory, or one above it."""
    return path.is_dir() and bool(_tables_in(path))


def read(path: Path, options: ListOptions) -> Listed:
    """The history, and everything wrong with it."""
    texts = Texts()
    tables, findings = [], []
    for (year, month), file in sorted(_tables_in(path).items()):
        table, told = read_table(texts.of(file), year=year, month=month, file=file.name)
        tables.append(table)
        findings += told
    tables, told = with_superiors(tables, mend=options.infer)
    findings += [*told, *_gaps(path, tables)]
    steps, told = _steps(path, tables, texts, infer=options.infer)
    findings += [*told, *texts.findings]
    if any(finding.blocking for finding in findings):
        return Listed(None, tuple(findings))
    history = Yearly(_name_of(path), tuple(tables), tuple(steps), texts.sha256, _licence(path), options.infer)
    return Listed(history, tuple(findings), options.partial)


def _month(text: str) -> tuple[int, int]:
    """201003 → 2010, 3; a year alone stands for its end."""
    return int(text[:4]), int(text[4:] or 12)


def _tables_in(path: Path) -> dict[tuple[int, int], Path]:
    """Month → file, in the directory, in its `data`, or in that of a directory below."""
    for place in (path, path / "data", *sorted(below / "data" for below in path.iterdir() if below.is_dir())):
        if place.is_dir():
            names = ((file, _TABLE.fullmatch(file.name)) for file in sorted(place.iterdir()))
            found = {_month(named["of"]): file for file, named in names if named}
            if found:
                return found
    return {}


def _diffs_of(path: Path) -> dict[tuple[tuple[int, int], tuple[int, int]], Path]:
    """Months → file, beside the tables or in `diff` beside their directory."""
    tables = next(iter(_tables_in(path).values())).parent
    found: dict[tuple[tuple[int, int], tuple[int, int]], Path] = {}
    for place in (tables, tables.parent / "diff", tables / "diff"):
        if place.is_dir():
            names = ((file, _DIFF.fullmatch(file.name)) for file in sorted(place.iterdir()))
            found |= {(_month(m["from"]), _month(m["to"])): file for file, m in names if m}
    return found


def _gaps(path: Path, tables: list[Table]) -> Iterator[Finding]:
    for before, after in pairwise(tables):
        if after.year > before.year + 1:
            message = f"{path.name}：{before.year} 年与 {after.year} 年之间缺少代码表"
            yield R_HIS_01.finding(
                Severity.warning, path.name, message, suggestion="请补齐；现按相邻两表之间的变更处理"
            )


def _steps(path: Path, tables: list[Table], texts: Texts, *, infer: bool) -> tuple[list[Step], list[Finding]]:
    diffs = _diffs_of(path) if tables else {}
    steps: list[Step] = []
    findings: list[Finding] = []
    for before, after in pairwise(tables):
        file = diffs.get(((before.year, before.month), (after.year, after.month)))
        changes = None
        if file is not None:
            changes, told = read_diff(texts.of(file), file=file.name)
            findings += told
        elif not infer:
            findings.append(_no_diff(before, after))
        steps.append(Step(before, after, changes, file.name if file else _name_of_diff(before, after)))
    return steps, findings


def _name_of_diff(before: Table, after: Table) -> str:
    """By years, or by months where a table is not of a year's end."""
    first, last = (table.file.removesuffix(".txt") for table in (before, after))
    return f"{first}-{last}.diff"


def _no_diff(before: Table, after: Table) -> Finding:
    name = _name_of_diff(before, after)
    return R_HIS_07.finding(
        Severity.blocking,
        name,
        f"没有变更表 {name}，不知道 {before.day} 的单位到 {after.day} 成了哪些单位",
        suggestion="请补上变更表；确实没有的，用 --infer 推断并标明",
    )


def _name_of(path: Path) -> str:
    resolved = path.resolve()
    return resolved.parent.name if resolved.name == "data" else resolved.name


def _licence(path: Path) -> str | None:
    """The first line of a licence that lies with the tables."""
    for place in (path, path.parent):
        for name in _LICENCES:
            if (place / name).is_file():
                text = (place / name).read_text(encoding="utf-8", errors="replace").strip()
                return text.splitlines()[0].strip()[:80] if text else None
    return None
