"""How a resurvey stands, and which moves there are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ResurveyState(StrEnum):
    """How a resurvey stands."""

    open = "open"
    done = "done"
    withdrawn = "withdrawn"


STATE_WORDS: Mapping[ResurveyState, str] = {
    ResurveyState.open: "待修测",
    ResurveyState.done: "已修测",
    ResurveyState.withdrawn: "已撤回",
}
MOVES: Mapping[ResurveyState, frozenset[ResurveyState]] = {
    ResurveyState.open: frozenset({ResurveyState.done, ResurveyState.withdrawn}),
    ResurveyState.done: frozenset(),
    ResurveyState.withdrawn: frozenset(),
}
