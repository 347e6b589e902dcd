"""The rows of units whose record is put right, and of all that moves with them or stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import table_of
from gis_service.foundation.replaced import Replaced
from gis_service.foundation.rows import rows_of
from gis_service.procedures.changes.rules import Correction, Record, units_of
from gis_service.registers.boundaries.models import BoundaryLine, Membership
from gis_service.registers.divisions.models import Certainty, DivisionVersion, Lineage

VERSIONS, LINKS, HOLDINGS = table_of(DivisionVersion), table_of(Lineage), table_of(Membership)
TABLES = {table.name: table for table in (VERSIONS, LINKS, HOLDINGS, table_of(BoundaryLine))}


def record_for(session: Session, corrections: Iterable[Correction]) -> Record:
    """Everything that corrections may replace, and what they are judged against."""
    corrections = list(corrections)
    together = {
        (each.unit.id, day): moving_together(session, each.unit.id, day, stated.on or day)
        for each in corrections
        for stated, day in ((each.begun, each.unit.valid.start), (each.ended, each.unit.valid.end))
        if stated is not None and day is not None
    }
    units = {each.unit.id for each in corrections}.union(*together.values())
    said = [each.changes for each in corrections]
    codes = {changes["code"] for changes in said if "code" in changes}
    superiors = {changes["superior_id"] for changes in said if "superior_id" in changes}
    return _record(session, units, codes, superiors, together)


def record_around(session: Session, replaced: Iterable[Replaced]) -> Record:
    """What replaced rows are judged against when they are taken back."""
    replaced = list(replaced)
    rows = [row for each in replaced for row in (each.before, each.after) if row and "superior_id" in row]
    codes = {row["code"] for row in rows}
    return _record(session, set(units_of(replaced)), codes, {row["superior_id"] for row in rows}, {})


def _record(
    session: Session,
    units: set[UUID],
    codes: set[str],
    superiors: set[UUID | None],
    together: dict[tuple[UUID, date], frozenset[UUID]],
) -> Record:
    own = rows_of(session, VERSIONS, VERSIONS.c.division_id.in_(units))
    codes = codes | {row["code"] for row in own}
    hanging = select(VERSIONS.c.division_id).where(VERSIONS.c.superior_id.in_(units))
    holding = select(VERSIONS.c.division_id).where(VERSIONS.c.code.in_(codes))
    above = {row["superior_id"] for row in own} | superiors
    around = units | {unit for unit in above if unit} | {*session.scalars(hanging), *session.scalars(holding)}
    sides = or_(LINKS.c.predecessor_id.in_(units), LINKS.c.successor_id.in_(units))
    return Record(
        tuple(rows_of(session, VERSIONS, VERSIONS.c.division_id.in_(around))),
        tuple(rows_of(session, LINKS, sides)),
        tuple(rows_of(session, HOLDINGS, HOLDINGS.c.division_id.in_(units))),
        together,
    )


def moving_together(session: Session, unit: UUID, day: date, moved_to: date) -> frozenset[UUID]:
    """All units of which a day must change along with that of one unit."""
    found, ahead = {unit}, {unit}
    while ahead:
        ahead = set(_next(session, ahead, day, moved_to)) - found
        found |= ahead
    return frozenset(found)


def _next(session: Session, units: set[UUID], day: date, moved_to: date) -> Iterator[UUID]:
    yield from _linked(session, units, day)
    yield from _handing_on(session, VERSIONS, "code", units, day)
    yield from _handing_on(session, HOLDINGS, "face_id", units, day)
    if moved_to > day:
        yield from _hanging(session, _bounded_there(session, units, day, begins=True), day, begins=True)
    elif moved_to < day:
        yield from _hanging(session, _bounded_there(session, units, day, begins=False), day, begins=False)


def _linked(session: Session, units: set[UUID], day: date) -> Iterator[UUID]:
    """Who came out of whom that day; what superiors are told of their inferiors moves nobody."""
    sides = (LINKS.c.predecessor_id, LINKS.c.successor_id)
    wanted = select(*sides).where(
        or_(*(side.in_(units) for side in sides)),
        LINKS.c.on_date == day,
        LINKS.c.certainty != Certainty.derived.value,
    )
    for row in session.execute(wanted):
        yield from row


def _handing_on(session: Session, table: Table, what: str, units: set[UUID], day: date) -> Iterator[UUID]:
    """Who handed a code or a face to one of these units that day, or took it over."""
    begins, ends = func.lower(table.c.valid) == day, func.upper(table.c.valid) == day
    own = table.c.division_id.in_(units)
    for mine, others in ((begins, ends), (ends, begins)):
        handed = select(table.c[what]).where(own, mine)
        yield from session.scalars(select(table.c.division_id).where(table.c[what].in_(handed), others))


def _bounded_there(session: Session, units: set[UUID], day: date, *, begins: bool) -> set[UUID]:
    """Those of these units that come into being, or are no more, from a day on."""
    bound: Any = func.min(func.lower(VERSIONS.c.valid))
    if not begins:
        bound = func.max(func.coalesce(func.upper(VERSIONS.c.valid), func.date("infinity")))
    wanted = select(VERSIONS.c.division_id).where(VERSIONS.c.division_id.in_(units))
    return set(session.scalars(wanted.group_by(VERSIONS.c.division_id).having(bound == day)))


def _hanging(session: Session, units: set[UUID], day: date, *, begins: bool) -> Iterator[UUID]:
    """What hung on these units from that day on, or up to it."""
    bound = func.lower(VERSIONS.c.valid) if begins else func.upper(VERSIONS.c.valid)
    wanted = select(VERSIONS.c.division_id).where(VERSIONS.c.superior_id.in_(units), bound == day)
    yield from session.scalars(wanted)
