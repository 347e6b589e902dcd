"""The versioned statutory tables beside this module: materials, duties and clocks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.legal_days import months_after


@dataclass(frozen=True, slots=True)
class Duty:
    """What must follow an enacted change, and by when if the law says so."""

    id: str
    title: str
    legal_basis: str
    months: int | None

    def due_on(self, approved_on: date) -> date | None:
        """The last day in time, counted from the approval."""
        return None if self.months is None else months_after(approved_on, self.months)


@cache
def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def required_materials() -> Mapping[str, str]:
    """Kind → Chinese title of every document an application file holds (区划条例 Art 13)."""
    return {row["kind"]: row["title"] for row in _table("materials.toml")["material"]}


def largest_material_bytes() -> int:
    """The most bytes a document of an application file may have; a threshold of this service."""
    return int(_table("materials.toml")["limit"]["largest_mb"] * 1_000_000)


def duties() -> tuple[Duty, ...]:
    """Every duty that follows a change (区划条例 Arts 15–20, 界线条例 Art 9)."""
    rows = _table("duties.toml")["duty"]
    return tuple(Duty(row["id"], row["title"], row["legal_basis"], row.get("months")) for row in rows)


def completion_due(approved_on: date, *, extended: bool = False) -> date:
    """R-CHG-10: approval + 12 months, + 6 with the approver's consent (区划条例 Art 15)."""
    clock = _table("duties.toml")["clock"]
    months = clock["completion_months"] + (clock["extension_months"] if extended else 0)
    return months_after(approved_on, months)
