"""What happened to divisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Event


@dataclass(frozen=True, slots=True)
class DivisionsChanged(Event):
    """On `on`, under an act, units ended and began; `touched` also names their neighbours and superiors."""

    on: date
    instrument_id: UUID
    ended: tuple[UUID, ...]
    begun: tuple[UUID, ...]
    touched: tuple[UUID, ...]
