"""Rules of settling lines: what happened to them, what is left to do, when it is done."""

from gis_service.procedures.settlements.rules.settling import (
    R_CHG_SETTLED,
    LineFacts,
    judge_settling,
    judge_task,
)
from gis_service.procedures.settlements.rules.states import MOVES, STATE_WORDS, SettlementState, TaskState
from gis_service.procedures.settlements.rules.tasks import (
    FOLLOWS_WORDS,
    Fact,
    Follows,
    Task,
    basis_at,
    clock_basis,
    due_after,
    ran_out_before,
    tasks,
    tasks_after,
)
from gis_service.procedures.settlements.rules.touched import Piece, Runs, Touched, touched_by

RULES = (R_CHG_SETTLED,)

__all__ = [
    "FOLLOWS_WORDS",
    "MOVES",
    "RULES",
    "R_CHG_SETTLED",
    "STATE_WORDS",
    "Fact",
    "Follows",
    "LineFacts",
    "Piece",
    "Runs",
    "SettlementState",
    "Task",
    "TaskState",
    "Touched",
    "basis_at",
    "clock_basis",
    "due_after",
    "judge_settling",
    "judge_task",
    "ran_out_before",
    "tasks",
    "tasks_after",
    "touched_by",
]
