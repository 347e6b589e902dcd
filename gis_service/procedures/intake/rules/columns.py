"""R-INT-04: which columns hold codes and names; told when guessed, asked when in doubt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.rows import code_text, name_text, unpadded
from gis_service.procedures.intake.rules.thresholds import limit
from gis_service.registers.divisions.rules import DivisionLevel, level_of_code, specific_and_generic

R_INT_04 = Rule("R-INT-04", "来件有代码列和名称列，且认得清", "技术约定", status="M")

Table = Mapping[str, Sequence[Any]]
_SAMPLE = 500  # rows looked at when guessing; more change nothing


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns; None means: to be guessed (code, name), or there is none (the rest)."""

    code: str | None = None
    name: str | None = None
    prefecture_code: str | None = None
    prefecture_name: str | None = None
    province_code: str | None = None
    province_name: str | None = None
    superior_code: str | None = None


@cache
def _known_names() -> Mapping[str, Sequence[str]]:
    text = files(__package__).joinpath("column_names.toml").read_text(encoding="utf-8")
    return {role: [_plain(name) for name in names] for role, names in tomllib.loads(text).items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]", "", name).lower()


def choose_columns(
    table: Table, wanted: Columns, level: DivisionLevel | None
) -> tuple[Columns | None, list[Finding]]:
    """Columns to read by, with what was taken and why; None when a column is missing or in doubt.

    `table` maps column names to their values; `wanted` holds the columns named by the person.
    """
    findings = _missing(table, wanted)
    if findings:
        return None, findings
    code, told = (wanted.code, []) if wanted.code else _guess_code(table, level)
    findings += told
    name, told = (wanted.name, []) if wanted.name else _guess_name(table, code)
    findings += told
    if code is None or name is None:
        return None, findings
    chosen = replace(_with_superiors(table, wanted, taken={code, name}), code=code, name=name)
    if wanted.code is None or wanted.name is None:
        message = f"取“{code}”列为代码、“{name}”列为名称"
        findings.append(R_INT_04.finding(Severity.info, "字段", message, suggestion="不对时请指明列名"))
    return chosen, findings


def _missing(table: Table, wanted: Columns) -> list[Finding]:
    asked = [getattr(wanted, field.name) for field in fields(Columns)]
    return [
        R_INT_04.finding(
            Severity.blocking,
            "字段",
            f"没有名为“{column}”的列，来件的列有：{_listed(table)}",
            suggestion="请核对列名",
        )
        for column in asked
        if column is not None and column not in table
    ]


def _listed(table: Table) -> str:
    return "、".join(table) or "无"


def _guess_code(table: Table, level: DivisionLevel | None) -> tuple[str | None, list[Finding]]:
    named = [column for column in table if _plain(column) in _known_names()["code"]]
    least = limit("columns", "code_share")
    fitting = [column for column in named if _code_share(table[column], level) >= least]
    fitting = fitting or [column for column in table if _code_share(table[column], level) >= least]
    fitting = _distinct(table, fitting or named)
    return _the_one(table, fitting, "代码", "--code-column")


def _guess_name(table: Table, code: str | None) -> tuple[str | None, list[Finding]]:
    others = [column for column in table if column != code]
    named = [column for column in others if _plain(column) in _known_names()["name"]]
    fitting = [column for column in named if _name_share(table[column]) >= limit("columns", "name_share")]
    if not named:
        fitting = [
            column for column in others if _name_share(table[column]) >= limit("columns", "code_share")
        ]
    return _the_one(table, _distinct(table, fitting or named), "名称", "--name-column")


def _the_one(
    table: Table, fitting: Sequence[str], what: str, option: str
) -> tuple[str | None, list[Finding]]:
    if len(fitting) == 1:
        return fitting[0], []
    if fitting:
        why = f"像是{what}的列不止一个：{'、'.join(fitting)}"
    else:
        why = f"认不出{what}列，来件的列有：{_listed(table)}"
    way_out = f"请用 {option} 指明列名"
    return None, [R_INT_04.finding(Severity.blocking, "字段", why, suggestion=way_out)]


def _distinct(table: Table, columns: Sequence[str]) -> list[str]:
    """Of columns with the same values only the first."""
    seen: list[str] = []
    for column in columns:
        values = list(map(str, table[column]))
        if not any(values == list(map(str, table[other])) for other in seen):
            seen.append(column)
    return seen


def _code_share(values: Sequence[Any], level: DivisionLevel | None) -> float:
    sample = list(values[:_SAMPLE])
    levels = [level_of_code(unpadded(code_text(value)[0], level)[0]) for value in sample]
    fitting = [found for found in levels if found is not None and (level is None or found is level)]
    return len(fitting) / len(sample) if sample else 0.0


def _name_share(values: Sequence[Any]) -> float:
    sample = [value for value in values[:_SAMPLE] if isinstance(value, str)]
    fitting = [value for value in sample if specific_and_generic(name_text(value))[1]]
    return len(fitting) / len(sample) if sample else 0.0


def _with_superiors(table: Table, wanted: Columns, taken: set[str]) -> Columns:
    """Columns of superiors by their names alone; absent ones stay None."""
    roles = [field.name for field in fields(Columns) if field.name not in {"code", "name"}]
    found = {
        role: getattr(wanted, role)
        or next(
            (column for column in table if column not in taken and _plain(column) in _known_names()[role]),
            None,
        )
        for role in roles
    }
    return Columns(**found)
