"""Rows of a list of changes below the county, and which of them belong to one change."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules import DivisionLevel, level_of_code

R_TWN_01 = Rule("R-TWN-01", "乡级变更清单各行可读，代码为九位", "GB/T 10114-2003", status="D")
R_TWN_02 = Rule("R-TWN-02", "乡级单位的上级县级单位当日在册", "行政区划管理条例 第九条", status="D")

_LONGEST = 50  # characters of a name
_YEAR = re.compile(r"(?P<year>\d{4})(?:\.0*$|年|[-/.]\d|$)")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit before and after; without an old code it began, without a new one it ended."""

    line: int
    year: int
    old: tuple[str, str] | None
    new: tuple[str, str] | None
    reason: str
    number: str | None
    group: int

    @property
    def subject(self) -> str:
        """How findings name this row."""
        units = (" ".join(unit) for unit in (self.old, self.new) if unit is not None)
        return f"第{self.line}行 {'→'.join(units)}"

    @property
    def kept(self) -> bool:
        """Whether the unit stays what it is by code, so that only its name may differ."""
        return self.old is not None and self.new is not None and self.old[0] == self.new[0]


@dataclass(frozen=True)
class ChangeList:
    """A whole list, as it was read."""

    name: str
    rows: tuple[Row, ...]
    sha256: str
    superiors: Mapping[str, str] = field(default_factory=dict)  # county-level units to be taken for known

    @cached_property
    def years(self) -> dict[int, list[Row]]:
        """The rows of each year, the years in order."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in sorted(self.rows, key=lambda row: (row.year, row.line)):
            found[row.year].append(row)
        return dict(found)


def plain_code(text: str) -> str:
    """Nine digits, from numbers, full-width digits and codes of twelve digits that end in 000."""
    plain = re.sub(r"\s|^'", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"(?<=\d)\.0+$", "", plain)
    return plain[:9] if len(plain) == 12 and plain.isdigit() and plain.endswith("000") else plain


def plain_year(text: str) -> str:
    """The year, of 2018年, 2018.0 or a day too."""
    found = _YEAR.match(unicodedata.normalize("NFKC", text).strip())
    return found["year"] if found else text.strip()


def read_row(
    line: int, cells: dict[str, str], reason: str, number: str | None, group: int
) -> tuple[Row | None, list[Finding]]:
    """One row, mended where it is plain what is meant; a finding where it is not."""
    old, new = _unit(cells, "old"), _unit(cells, "new")
    year = cells["year"].strip()
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return None, [_bad(line, cells, f"年份“{year}”不是四位数字")]
    row = Row(line, int(year), old, new, reason, number, group)
    told: list[Finding] = []
    if new is not None and not new[0] and old is not None:  # a rename that kept the code
        row = replace(row, new=(old[0], new[1]))
        told.append(_mended(row, "新代码空白而有新名称，按代码不变、只改名称处理"))
    elif new is not None and not _is_township(new[0]) and not new[1]:  # words where a code should stand
        row = replace(row, new=None, reason=f"{reason}，{new[0]}")
        told.append(_mended(row, f"新代码处写有“{new[0]}”，按撤销处理，该语记入缘由"))
    for unit in (row.old, row.new):
        if unit is not None and not (_is_township(unit[0]) and 0 < len(unit[1]) <= _LONGEST):
            return None, [*told, _bad(line, cells, f"“{unit[0][:20]} {unit[1][:20]}”不是九位代码和名称")]
    if row.old is None and row.new is None:
        return None, [_bad(line, cells, "没有单位")]
    return row, told


def _unit(cells: dict[str, str], side: str) -> tuple[str, str] | None:
    code, name = cells[f"{side}_code"].strip(), cells[f"{side}_name"].strip()
    return (code, name) if code or name else None


def _is_township(code: str) -> bool:
    return level_of_code(code) is DivisionLevel.township


def _bad(line: int, cells: dict[str, str], why: str) -> Finding:
    shown = "，".join(cell[:40] for cell in cells.values() if cell)
    return R_TWN_01.finding(
        Severity.blocking,
        f"第{line}行",
        f"第{line}行（{shown}）：{why}",
        suggestion="请改正后重新提交；或用 --partial 略过不合格的行",
    )


def _mended(row: Row, what: str) -> Finding:
    return R_TWN_01.finding(Severity.warning, row.subject, f"{row.subject}：{what}", suggestion="请核对原文")


def groups_of(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows of each change: those under one reason and one document."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.group].append(row)
    return dict(found)


def waves_of(rows: list[Row]) -> list[list[Row]]:
    """The rows of a year in turns: what changes a unit that began in the same year comes after that.

    A code that only changes hands has another name on either side, and needs no turn of its own.
    """
    waves: list[list[Row]] = []
    left = rows
    while left:
        coming = {row.new for row in left if row.new is not None and row.new != row.old}
        wave = [row for row in left if row.old is None or row.old not in coming]
        wave = wave or left  # a circle: all at once
        waves.append(wave)
        taken = {id(row) for row in wave}
        left = [row for row in left if id(row) not in taken]
    return waves
