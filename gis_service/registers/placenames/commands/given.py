"""What is handed in to be entered: a feature with its names and shapes, before any of it is on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from uuid_utils.compat import uuid7

from gis_service.registers.placenames.models import NameKind, NameProcess, NameStatus, ShapeRole


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to enter; without `status` it has the first one of its process."""

    text: str
    kind: NameKind = NameKind.standard
    language: str = "zho"
    specific: str | None = None
    generic: str | None = None
    reading: str | None = None
    reading_source: str | None = None
    roman: str | None = None
    roman_source: str | None = None
    used: str | None = None
    note: str | None = None
    process: NameProcess = NameProcess.census
    status: NameStatus | None = None
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True)
class NewShape:
    """A geometry to enter, lon/lat degrees in the storage CRS; `given` as it was written, in `system`."""

    role: ShapeRole
    geom: BaseGeometry
    system: str = "CGCS2000"
    given: str | None = None
    method: str | None = None
    accuracy_m: float | None = None
    surveyed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewFeature:
    """A feature to enter. `division_ids` are the units it lies in, first the one it is listed under."""

    names: tuple[NewName, ...]
    class_code: str
    division_ids: tuple[UUID, ...] = ()
    shapes: tuple[NewShape, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    is_synthetic: bool = False
    id: UUID = field(default_factory=uuid7)
