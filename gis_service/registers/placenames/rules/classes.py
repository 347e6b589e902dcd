"""R-CLS-01: classes of features by GB/T 18521, prefix codes: a longer code lies below each of its prefixes.

The table is `data/placenames/classes.csv`. It is what public data show and not complete, so that a code of
a known main class (two digits) that it does not list warns, and one of no main class at all is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis_service.foundation.findings import Finding, Rule, Severity

DATA = Path(__file__).resolve().parents[4] / "data" / "placenames"
LONGEST, MAIN = 5, 2  # digits of a whole code and of a main class

R_CLS_01 = Rule(
    "R-CLS-01", "地名类别代码在册，其各级前缀有效", "GB/T 18521-2001；第二次全国地名普查", status="D"
)


@dataclass(frozen=True, slots=True)
class FeatureClass:
    """A class; `mark` is that of its source."""

    code: str
    name: str
    mark: str
    source: str


@cache
def classes() -> Mapping[str, FeatureClass]:
    """Every class of the table, by code."""
    with (DATA / "classes.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: FeatureClass(**row) for row in csv.DictReader(file)}


def class_of(code: str) -> FeatureClass | None:
    """The nearest class of the table that a code is, or lies below; None where it is of no main class."""
    if not (code.isascii() and code.isdigit() and MAIN <= len(code) <= LONGEST):
        return None
    return next((classes()[code[:n]] for n in range(len(code), MAIN - 1, -1) if code[:n] in classes()), None)


@cache
def judge_class(code: str) -> tuple[Finding, ...]:
    """What is wrong with a class code."""
    found = class_of(code)
    if found is None:
        message = f"地名类别代码“{code[:20]}”不属于任何已知门类"
        advice = "请填五位地名类别代码，前两位为 11—13 或 21—27"
        return (R_CLS_01.finding(Severity.blocking, code, message, suggestion=advice),)
    if len(code) < LONGEST or (found.code != code and len(found.code) == MAIN):
        message = f"地名类别代码“{code}”只知属“{found.name}”，类别表未列"
        return (R_CLS_01.finding(Severity.warning, code, message, suggestion="请核对类别"),)
    return ()
