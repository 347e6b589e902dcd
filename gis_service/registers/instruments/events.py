"""What happened to instruments."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis_service.foundation.access import Classification
from gis_service.foundation.transaction import Event


@dataclass(frozen=True, slots=True)
class InstrumentReclassified(Event):
    """An act, and whatever stands by it, is kept more or less closely; it touches `divisions`."""

    instrument_id: UUID
    before: Classification
    after: Classification
    divisions: tuple[UUID, ...]
