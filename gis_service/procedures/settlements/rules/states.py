"""How a settlement and its tasks stand, and which moves there are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SettlementState(StrEnum):
    """How the settlement of a line stands."""

    open = "open"
    settled = "settled"
    filed = "filed"
    withdrawn = "withdrawn"


STATE_WORDS: Mapping[SettlementState, str] = {
    SettlementState.open: "待定",
    SettlementState.settled: "已定界",
    SettlementState.filed: "已备案",
    SettlementState.withdrawn: "已撤销",
}
_S = SettlementState
MOVES: Mapping[SettlementState, frozenset[SettlementState]] = {
    _S.open: frozenset({_S.settled, _S.withdrawn}),
    _S.settled: frozenset({_S.open, _S.filed, _S.withdrawn}),
    _S.filed: frozenset(),
    _S.withdrawn: frozenset({_S.open}),
}


class TaskState(StrEnum):
    """How a task stands."""

    pending = "待办"
    done = "完成"
    waived = "不需要"
