"""Rules of resurveys: why there is one, how it stands, when it is done."""

from gis_service.procedures.resurveys.rules.causes import Cause, CauseFacts, causes
from gis_service.procedures.resurveys.rules.closing import R_BND_RESURVEYED, Closing, judge_closing
from gis_service.procedures.resurveys.rules.states import MOVES, STATE_WORDS, ResurveyState

RULES = (R_BND_RESURVEYED,)

__all__ = [
    "MOVES",
    "RULES",
    "R_BND_RESURVEYED",
    "STATE_WORDS",
    "Cause",
    "CauseFacts",
    "Closing",
    "ResurveyState",
    "causes",
    "judge_closing",
]
