"""What the names of units are over time: those of the versions of the unit, and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

from gis_service.foundation.periods import Period

IN_FORCE, GIVEN_UP, GONE = "现行", "停用", "注销"


class UnitVersion(NamedTuple):
    """A version of a unit, as the register of divisions tells it."""

    name: str
    code: str
    level: str
    type: str | None
    valid: Period
    begun_by: UUID
    ended_by: UUID | None


@dataclass(frozen=True, slots=True)
class Spell:
    """For how long a unit had one name, or was of one class; it `gives_way` to the next without a gap."""

    value: str
    valid: Period
    begun_by: UUID
    ended_by: UUID | None
    gives_way: bool

    @property
    def status(self) -> str:
        """Where the name stands now: in force, given up for another, or gone with its unit."""
        if self.valid.end is None:
            return IN_FORCE
        return GIVEN_UP if self.gives_way else GONE


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("units.toml").read_text(encoding="utf-8"))


def class_of_unit(version: UnitVersion) -> str:
    """The class code of the feature that a unit is."""
    told = _table()
    return str(told["types"].get(version.type) or told["levels"][version.level])


def name_spells(versions: Sequence[UnitVersion]) -> list[Spell]:
    """The names of a unit one after another; its versions in the order of time."""
    return _spells(versions, lambda version: version.name)


def class_spells(versions: Sequence[UnitVersion]) -> list[Spell]:
    """The classes of a unit one after another."""
    return _spells(versions, class_of_unit)


def _spells(versions: Sequence[UnitVersion], of: Callable[[UnitVersion], str]) -> list[Spell]:
    found: list[Spell] = []
    for version in versions:
        value, valid = of(version), version.valid
        last = found.pop() if found and found[-1].valid.end == valid.start else None
        if last is not None and last.value == value:
            whole = Period(last.valid.start, valid.end)
            found.append(Spell(value, whole, last.begun_by, version.ended_by, gives_way=False))
            continue
        if last is not None:
            found.append(replace(last, gives_way=True))
        found.append(Spell(value, valid, version.begun_by, version.ended_by, gives_way=False))
    return found
