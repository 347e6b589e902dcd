"""Names of provinces and prefectures, for deliveries that give codes of superiors without their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gis_service.registers.divisions.rules.code_tables import reference

REFERENCE_DAY = "2024-12-31"  # of both tables; names and codes of older units may be missing


@cache
def names_of_superiors() -> Mapping[str, str]:
    """Code → full name of every province- and prefecture-level unit in the reference tables."""
    tables = ("provinces.csv", "superiors.csv")
    return {row["code"]: row["name"] for name in tables for row in reference(name)}
