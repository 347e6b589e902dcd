"""What judges where a seat lies."""

from gis_service.procedures.seats.rules.relocation import (
    R_SEAT_01,
    Office,
    SeatFacts,
    SeatProblem,
    UnitNamed,
    judge_seat,
)

RULES = (R_SEAT_01,)

__all__ = ["RULES", "R_SEAT_01", "Office", "SeatFacts", "SeatProblem", "UnitNamed", "judge_seat"]
