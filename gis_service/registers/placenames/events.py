"""What happened to features and their names."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis_service.foundation.transaction import Event


@dataclass(frozen=True, slots=True)
class FeaturesChanged(Event):
    """Names, classes, units or shapes of these features were written; whatever is kept of them is to follow.

    `instrument_id` is the act under which it was done.
    """

    feature_ids: tuple[UUID, ...]
    instrument_id: UUID
