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
from gis_service.registers.divisions.commands.superseding import correct, take_back

__all__ = [
    "Bound",
    "Chronicle",
    "Descent",
    "NewDivision",
    "PastDescent",
    "PastVersion",
    "Seat",
    "chronicle",
    "correct",
    "end",
    "establish",
    "link",
    "record_seat",
    "rewrite",
    "take_back",
]
