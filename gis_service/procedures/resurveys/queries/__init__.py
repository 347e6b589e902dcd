"""Resurveys as they stand, and what they leave to do."""

from gis_service.procedures.resurveys.queries.agenda import pending_resurveys
from gis_service.procedures.resurveys.queries.resurveys import (
    ResurveysAsked,
    require_in_reach,
    resurvey_numbered,
    resurveys_page,
    told_of,
)

__all__ = [
    "ResurveysAsked",
    "pending_resurveys",
    "require_in_reach",
    "resurvey_numbered",
    "resurveys_page",
    "told_of",
]
