"""Which moves a case may make: a small dictionary, and one function that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from gis_service.foundation.errors import IllegalMove

State = TypeVar("State", bound=StrEnum)


def require_move(
    moves: Mapping[State, frozenset[State]],
    current: State,
    target: State,
    *,
    subject: str,
    words: Mapping[State, str],
) -> None:
    """Raise `IllegalMove` unless `current` → `target` is in `moves`; `words` gives the Chinese states."""
    if target in moves[current]:
        return
    allowed = "、".join(words[state] for state in sorted(moves[current])) or "无（已办结）"
    raise IllegalMove(
        f"{subject}现为“{words[current]}”，不能转为“{words[target]}”",
        way_out=f"可转为：{allowed}",
    )
