"""What happened to boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Event


@dataclass(frozen=True, slots=True)
class BoundariesChanged(Event):
    """On `on`, under an act, extents of `divisions` changed and lines ended or began."""

    on: date
    instrument_id: UUID
    divisions: tuple[UUID, ...]
    lines_ended: tuple[UUID, ...]
    lines_begun: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LineRenamed(Event):
    """From `on`, under an act, a line is called otherwise; `divisions` lie along it, with all above them."""

    on: date
    instrument_id: UUID
    line: UUID
    divisions: tuple[UUID, ...]
