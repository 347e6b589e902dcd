"""Names of provinces and prefectures, for deliveries that give codes of superiors without their names."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

REFERENCE_DAY = "2024-12-31"  # of both tables; names and codes of older units may be missing


@cache
def names_of_superiors() -> Mapping[str, str]:
    """Code → full name of every province- and prefecture-level unit in the reference tables."""
    folder = files("gis_service.registers.divisions").joinpath("reference")
    names = ("provinces.csv", "superiors.csv")
    tables = [folder.joinpath(name).read_text(encoding="utf-8") for name in names]
    return {row["code"]: row["name"] for table in tables for row in csv.DictReader(table.splitlines())}
