"""Asking for corrections, taking them back, deciding them."""

from gis_service.procedures.corrections.commands.deciding import Decided, decide_suggestion
from gis_service.procedures.corrections.commands.suggesting import (
    Suggested,
    suggest_correction,
    withdraw_suggestion,
)

__all__ = ["Decided", "Suggested", "decide_suggestion", "suggest_correction", "withdraw_suggestion"]
