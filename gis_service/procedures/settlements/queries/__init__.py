"""Settlements of lines as they stand, and what the registers say of their lines."""

from gis_service.procedures.settlements.queries.agenda import pending_settlements
from gis_service.procedures.settlements.queries.facts import facts_of
from gis_service.procedures.settlements.queries.pieces import lines_ended_by, lines_there, pieces_around
from gis_service.procedures.settlements.queries.settlements import (
    Asked,
    Standing,
    require_in_reach,
    settlement_numbered,
    settlements_page,
    standing_of,
)
from gis_service.procedures.settlements.queries.telling import settlement_told, summary_told

__all__ = [
    "Asked",
    "Standing",
    "facts_of",
    "lines_ended_by",
    "lines_there",
    "pending_settlements",
    "pieces_around",
    "require_in_reach",
    "settlement_numbered",
    "settlement_told",
    "settlements_page",
    "standing_of",
    "summary_told",
]
