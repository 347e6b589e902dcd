"""The days on which anything about units and their faces changes: between two of them nothing does."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from gis_service.registers.boundaries.models import Membership
from gis_service.registers.divisions.models import DivisionVersion


def days_of_change(session: Session, *, after: date | None = None) -> list[date]:
    """Every day (after a day) on which a unit or a membership begins or ends, in order."""
    bounds = (
        select(bound(column).label("day"))
        for column in (DivisionVersion.valid, Membership.valid)
        for bound in (func.lower, func.upper)
    )
    days = union(*bounds).subquery()
    wanted = select(days.c.day).where(days.c.day.is_not(None)).order_by(days.c.day)
    return list(session.scalars(wanted if after is None else wanted.where(days.c.day > after)))
