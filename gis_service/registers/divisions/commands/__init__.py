"""The writers of the register of divisions. Called by procedures only."""

from gis_service.registers.divisions.commands.chronicling import (
    Bound,
    Chronicle,
    PastDescent,
    PastVersion,
    chronicle,
)
from gis_service.registers.divisions.commands.linking import Descent, link
from gis_service.registers.divisions.commands.rewriting import NewDivision, end, establish, rewrite
from gis_service.registers.divisions.commands.seating import Seat, record_seat

__all__ = [
    "Bound",
    "Chronicle",
    "Descent",
    "NewDivision",
    "PastDescent",
    "PastVersion",
    "Seat",
    "chronicle",
    "end",
    "establish",
    "link",
    "record_seat",
    "rewrite",
]
