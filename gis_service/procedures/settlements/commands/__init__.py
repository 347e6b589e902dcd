"""Opening settlements of lines after a change, and doing what they ask for."""

from gis_service.procedures.settlements.commands.extending import extend_settlement
from gis_service.procedures.settlements.commands.moving import (
    file_settlement,
    finish_task,
    reopen_task,
    settle,
    waive_task,
)
from gis_service.procedures.settlements.commands.opening import open_settlements, withdraw_settlements

__all__ = [
    "extend_settlement",
    "file_settlement",
    "finish_task",
    "open_settlements",
    "reopen_task",
    "settle",
    "waive_task",
    "withdraw_settlements",
]
