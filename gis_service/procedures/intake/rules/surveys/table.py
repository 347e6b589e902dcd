"""A survey table as it is judged: rows of text under known names, with a shape where the file had one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding, Rule, Severity

_BASIS = "GB/T 17796-2009 行政区域界线测绘规范；本服务约定"
R_SUR_01 = Rule("R-SUR-01", "勘界资料的列可以识别，各行可以读出", _BASIS, status="D")
R_SUR_10 = Rule("R-SUR-10", "资料所称的界线、单位、界桩在登记簿中", _BASIS, status="D")
R_SUR_02 = Rule("R-SUR-02", "用语在规定的取值之内", _BASIS, status="D")


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One row: its number in the file, cells by known name, and its shape in the system of the file."""

    number: int
    cells: Mapping[str, str]
    shape: BaseGeometry | None = None

    def get(self, name: str) -> str:
        """A cell; empty text where there is none."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """Rows of one file. `crs` is the system of shapes, as declared or told."""

    source: str
    sha256: str
    rows: tuple[SurveyRow, ...]
    crs: str | None = None


@dataclass(slots=True)
class Notes:
    """What is found on the way, each with its place in the file; rows that are refused are left out."""

    source: str
    findings: list[Finding] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def refuse(self, rule: Rule, row: int, subject: str, message: str, way_out: str, **more: Any) -> None:
        """A blocking finding: the row cannot be entered."""
        self.refused.add(row)
        self._add(rule, Severity.blocking, row, subject, message, way_out, **more)

    def warn(self, rule: Rule, row: int, subject: str, message: str, way_out: str, **more: Any) -> None:
        """Something to look at; the row is entered."""
        self._add(rule, Severity.warning, row, subject, message, way_out, **more)

    def tell(self, rule: Rule, row: int, subject: str, message: str, way_out: str = "") -> None:
        """Something done on the way."""
        self._add(rule, Severity.info, row, subject, message, way_out)

    def _add(
        self, rule: Rule, severity: Severity, row: int, subject: str, message: str, way_out: str, **more: Any
    ) -> None:
        place = f"{self.source} 第{row}行" if row else self.source
        named = f"第{row}行 {subject}".strip() if row else subject
        self.findings.append(rule.finding(severity, named, f"{place}：{message}", suggestion=way_out, **more))


@cache
def survey_words() -> Mapping[str, Any]:
    """The versioned data `columns.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text(encoding="utf-8"))


def limit(name: str) -> float:
    """One limit, in the unit its name ends with."""
    return float(survey_words()["limits"][name])


def spacing_m(level: str) -> float:
    """How far apart synthetic markers stand on a line of a level."""
    return float(survey_words()["spacing_km"][level]) * 1000


def plain(name: str) -> str:
    """A name of a column without what does not count: case, blanks, width, units in brackets."""
    word = unicodedata.normalize("NFKC", name).strip()
    return re.sub(r"\(.*?\)|[\s_]", "", word).lower()


@cache
def column_names(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Known names of `marker`, `point` or `trace` tables, with the names columns go by; the first is ours."""
    words = survey_words()
    known = {name: tuple(aliases) for name, aliases in (words.get(kind, {}) | words["position"]).items()}
    if kind == "marker":
        for number in range(1, int(limit("bearings")) + 1):
            for part, aliases in words["bearing"].items():
                known[f"bearing{number}_{part}"] = tuple(each.format(n=number) for each in aliases)
    return known


def recognised(kind: str, heads: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Which head is which known name, earlier aliases first; and the heads that nobody knows."""
    heads = list(heads)
    by_plain: dict[str, str] = {}
    for head in heads:
        by_plain.setdefault(plain(head), head)
    found: dict[str, str] = {}
    for name, aliases in column_names(kind).items():
        taken = next((by_plain[key] for alias in aliases if (key := plain(alias)) in by_plain), None)
        if taken is not None and taken not in found.values():
            found[name] = taken
    return found, [head for head in heads if head not in found.values()]


def meant(group: str, text: str) -> str | None:
    """The word of the register that a cell means; None where it is none of them."""
    word = text.strip().lower()
    for value, aliases in survey_words()["words"][group].items():
        if word in (alias.lower() for alias in (value, *aliases)):
            return str(value)
    return None


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().lower() in (word.lower() for word in survey_words()["words"]["yes"])


def first_words(kind: str) -> Sequence[str]:
    """The heads of a template or an export, in their order."""
    return [aliases[0] for aliases in column_names(kind).values()]
