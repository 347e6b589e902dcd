"""Codes that a new unit under a superior may get."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries.standing import holdings_below
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType, Proposal, propose_codes

_DIGITS = {DivisionLevel.township: 9, DivisionLevel.village: 12}


def free_codes(
    session: Session, superior: DivisionVersion, type_: DivisionType, *, on: date, count: int
) -> list[Proposal]:
    """Free codes of a type under a unit in force on a day, the best first.

    Raises:
        InvalidInput: no unit of this type hangs on such a superior.
    """
    prefix = superior.code.rstrip("0") if superior.code.endswith("00") else superior.code
    digits = _DIGITS.get(type_.level, 6)
    holders = holdings_below(session, prefix if digits == 6 else superior.code, digits=digits)
    return propose_codes(type_, superior.code, on=on, holders=holders, count=count)
