"""What judges where a seat lies."""

from gis_service.procedures.seats.rules.relocation import (
    PROBLEMS,
    R_CHG_06,
    R_SEAT_01,
    Office,
    SeatFacts,
    UnitNamed,
    judge_seat,
)

RULES = (R_SEAT_01, R_CHG_06)

__all__ = ["PROBLEMS", "RULES", "R_SEAT_01", "Office", "SeatFacts", "UnitNamed", "judge_seat"]
