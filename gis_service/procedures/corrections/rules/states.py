"""How a suggestion moves from asking to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SuggestionState(StrEnum):
    """How a suggestion stands."""

    open = "open"
    accepted = "accepted"
    adjusted = "adjusted"
    rejected = "rejected"
    withdrawn = "withdrawn"


STATE_WORDS: Mapping[SuggestionState, str] = {
    SuggestionState.open: "待处理",
    SuggestionState.accepted: "已采纳",
    SuggestionState.adjusted: "调整后采纳",
    SuggestionState.rejected: "未采纳",
    SuggestionState.withdrawn: "已撤回",
}
_ANSWERS = frozenset(SuggestionState) - {SuggestionState.open}
MOVES: Mapping[SuggestionState, frozenset[SuggestionState]] = {
    SuggestionState.open: _ANSWERS,
    **{each: frozenset[SuggestionState]() for each in _ANSWERS},
}
