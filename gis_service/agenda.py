"""What the procedures leave to do: one table of those that are asked, read in a breath."""

from __future__ import annotations

from itertools import chain

from sqlalchemy.orm import Session

from gis_service.foundation.access import Actor
from gis_service.foundation.agenda import Pending, Source, Wanted
from gis_service.procedures.changes.queries import pending_of_cases
from gis_service.procedures.corrections.queries import pending_suggestions
from gis_service.procedures.disputes.queries.agenda import pending_disputes
from gis_service.procedures.resurveys.queries import pending_resurveys
from gis_service.procedures.settlements.queries import pending_settlements

SOURCES: tuple[Source, ...] = (
    pending_of_cases,
    pending_settlements,
    pending_resurveys,
    pending_disputes,
    pending_suggestions,
)


def due(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """Everything pending that is asked for, as far as the actor may know of it."""
    return list(chain.from_iterable(source(session, actor, wanted) for source in SOURCES))
