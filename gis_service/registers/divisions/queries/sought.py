"""Narrowing a list of divisions down to what somebody seeks, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries.standing import in_force, subtree
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType


@dataclass(frozen=True, slots=True)
class Sought:
    """Which divisions are sought. `within` includes the unit itself; `name` is part of a name."""

    level: DivisionLevel | None = None
    within: UUID | None = None
    name: str | None = None
    type: DivisionType | None = None


def listed(sought: Sought, *, on: date, after: str | None = None, limit: int | None = None) -> Select[Any]:
    """The ids of the versions sought on a day, by code; `after` pages by code."""
    wanted = select(DivisionVersion.id).where(in_force(on)).order_by(DivisionVersion.code).limit(limit)
    if sought.level is not None:
        wanted = wanted.where(DivisionVersion.level == sought.level.value)
    if sought.within is not None:
        wanted = wanted.where(DivisionVersion.division_id.in_(select(subtree(sought.within, on=on))))
    if sought.name is not None:
        wanted = wanted.where(DivisionVersion.name.contains(sought.name, autoescape=True))
    if sought.type is not None:
        wanted = wanted.where(DivisionVersion.type == sought.type.value)
    if after is not None:
        wanted = wanted.where(DivisionVersion.code > after)
    return wanted
