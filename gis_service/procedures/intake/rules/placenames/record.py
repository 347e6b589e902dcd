"""The flat record of a place name, as files, workbooks and programs hand it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

PLACE_DIGITS, STATISTICAL_DIGITS = 20, 12  # of a place-name code, of the code of a village
STATISTICAL = "统计用区划代码"  # the fact under which a code of twelve digits is kept


class NameChange(StrEnum):
    """What it means that a record gives another name than the register."""

    rename = "rename"
    correct = "correct"


@dataclass(frozen=True, slots=True)
class MinorityName:
    """A name written in a minority language; `language` by ISO 639-3."""

    text: str
    language: str
    roman: str | None = None


@dataclass(slots=True)
class PlaceRecord:
    """One feature with its names. None means: not said, and left as it is where the feature is known.

    `row` is its number in what was handed in. `geometry` is lon/lat in EPSG:4490, once it is located.
    """

    row: int
    name: str
    class_code: str | None = None
    divisions: tuple[str, ...] = ()
    code: str | None = None
    id: UUID | None = None
    revision: int | None = None
    name_id: UUID | None = None
    specific: str | None = None
    generic: str | None = None
    roman: str | None = None
    reading: str | None = None
    roman_source: str | None = None
    reading_source: str | None = None
    split_computed: bool = False
    former: tuple[str, ...] | None = None
    aliases: tuple[str, ...] | None = None
    short: tuple[str, ...] | None = None
    minority: tuple[MinorityName, ...] | None = None
    status: str | None = None
    process: str | None = None
    geometry: BaseGeometry | None = None
    role: str | None = None
    system: str = "CGCS2000"
    given: str | None = None
    accuracy_m: float | None = None
    method: str | None = None
    surveyed_on: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    synthetic: bool = False
    change: NameChange | None = None
    end: bool = False
    reason: str | None = None

    @property
    def statistical(self) -> str | None:
        """Its code of twelve digits, where it has one."""
        return self.facts.get(STATISTICAL)

    @property
    def subject(self) -> str:
        """How messages call it."""
        return self.name or self.code or self.statistical or "无名称"
