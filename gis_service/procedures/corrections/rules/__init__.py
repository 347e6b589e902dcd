"""What suggestions are about, how they move, and by when they are answered: pure."""

from gis_service.procedures.corrections.rules.kinds import KIND_WORDS, Decision, Kind, NameMeaning
from gis_service.procedures.corrections.rules.states import MOVES, STATE_WORDS, SuggestionState
from gis_service.procedures.corrections.rules.terms import R_COR_01, Term, term

RULES = (R_COR_01,)

__all__ = [
    "KIND_WORDS",
    "MOVES",
    "RULES",
    "R_COR_01",
    "STATE_WORDS",
    "Decision",
    "Kind",
    "NameMeaning",
    "SuggestionState",
    "Term",
    "term",
]
