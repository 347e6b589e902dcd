"""R-PUB-01: the fields of a census record, and which of them nobody may leave out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity

R_PUB_01 = Rule(
    "R-PUB-01", "公布的地名普查必填项齐全，坐标以度分秒表示、秒取两位小数", "第二次全国地名普查", status="P"
)
_ALWAYS = frozenset({"valid_to"})  # told by the period: 现今 where there is no end
_EMPTY: tuple[Any, ...] = (None, "", [], (), {})


@dataclass(frozen=True, slots=True)
class CensusField:
    """A field of the record; `key` where the flat record holds it, else it stands in `facts`."""

    name: str
    key: str | None = None
    mandatory: bool = False


@cache
def census_fields() -> tuple[CensusField, ...]:
    """Every field in its order."""
    told = tomllib.loads(files(__package__).joinpath("census.toml").read_text(encoding="utf-8"))
    return tuple(CensusField(**row) for row in told["fields"])


@cache
def _mandatory() -> tuple[CensusField, ...]:
    return tuple(f for f in census_fields() if f.mandatory and f.key not in _ALWAYS)


def missing_fields(record: Mapping[str, Any]) -> list[str]:
    """The mandatory fields that a flat record leaves empty."""
    facts = record.get("facts") or {}
    return [f.name for f in _mandatory() if (record.get(f.key) if f.key else facts.get(f.name)) in _EMPTY]


def judge_fields(subject: str, record: Mapping[str, Any], *, severity: Severity) -> list[Finding]:
    """One finding that names all mandatory fields a record leaves empty."""
    missing = missing_fields(record)
    if not missing:
        return []
    message = f"缺少普查必填项：{'、'.join(missing)}"
    return [R_PUB_01.finding(severity, subject, message, suggestion="公布前请补全")]
