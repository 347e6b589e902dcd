"""Suggestions as they stand, what they are about, and what is left to answer."""

from gis_service.procedures.corrections.queries.agenda import pending_suggestions
from gis_service.procedures.corrections.queries.features import Known, known_feature
from gis_service.procedures.corrections.queries.suggestions import (
    SuggestionsAsked,
    asked_by,
    require_known_to,
    suggestion_numbered,
    suggestions_page,
    told_of,
)

__all__ = [
    "Known",
    "SuggestionsAsked",
    "asked_by",
    "known_feature",
    "pending_suggestions",
    "require_known_to",
    "suggestion_numbered",
    "suggestions_page",
    "told_of",
]
