"""Before which actor a transaction of the database stands: its role there, and what its rows are shown by.

Every transaction works as a role that owns nothing; the walls of `gis_service/walls/` read who it is for.
Whoever says nothing here sees what is public and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Act, Actor, Reach

# Neither owns anything. The first sees what the walls show; the second every row, to compute and not to tell.
WORK_ROLE, SIGHT_ROLE = ROLES = ("gis_service_work", "gis_service_sight")
BEIJING = timezone(timedelta(hours=8))  # "today" is the day in Beijing, wherever the machine stands
# Of the operators && and @> that indexes of geometries, periods and arrays answer; and of the statistics by
# which the planner knows how many periods hold a day, without which it reads the whole index for every row.
LEAKPROOF = (
    "geometry_overlaps(geometry, geometry)",
    "pg_catalog.range_overlaps(anyrange, anyrange)",
    "pg_catalog.range_contains_elem(anyrange, anyelement)",
    "pg_catalog.daterange_subdiff(date, date)",
    "pg_catalog.arrayoverlap(anyarray, anyarray)",
)
EVERYWHERE = "everywhere"
_BEFORE, _STANDS = "gis_service.actor", "gis_service.stands"

_STAND = (
    "SELECT set_config('role', %(role)s, true), set_config('gis.account', %(account)s, true),"
    " set_config('gis.day', %(day)s, true), set_config('gis.clearance', %(clearance)s, true),"
    " set_config('gis.cases', %(cases)s, true), set_config('gis.classified', %(classified)s, true),"
    " set_config('gis.journal', %(journal)s, true)"
)
_ROLE_NOW = text("SELECT current_setting('role')")
_STEP_INTO = text("SELECT set_config('role', :role, true)")


def day_in_beijing(at: datetime) -> date:
    """The day that a moment falls on in Beijing."""
    return at.astimezone(BEIJING).date()


def _no_terms(_connection: Connection) -> str:
    return ""


def stand_before(
    session: Session | sessionmaker[Session],
    actor: Actor,
    *,
    at: datetime,
    on_terms: Callable[[Connection], str] = _no_terms,
) -> None:
    """Have every transaction of a session, or of all that a factory makes, work for `actor`.

    `on_terms` tells the statements with which a transaction begins, each ended by a semicolon: how long it
    may last, what it may do. All goes to the server at once.
    """
    told = _told(actor, day_in_beijing(at))
    if isinstance(session, Session):
        session.info[_STANDS] = True

    def _stand(begun: Session, _transaction: Any, connection: Connection) -> None:
        begun.info[_BEFORE] = actor
        connection.exec_driver_sql(on_terms(connection) + _STAND, told)

    event.listen(session, "after_begin", _stand)


def stood_before(session: Session) -> Actor | None:
    """The actor that a session works for; None where nobody said."""
    actor = session.info.get(_BEFORE)
    assert actor is None or isinstance(actor, Actor)
    return actor


def stand_before_nobody(sessions: sessionmaker[Session]) -> None:
    """Have every session of a factory begin without sight, unless it was said before whom it stands."""

    def _stand(begun: Session, _transaction: Any, connection: Connection) -> None:
        if _STANDS not in begun.info:
            connection.exec_driver_sql(f"SET LOCAL ROLE {WORK_ROLE}")

    event.listen(sessions, "after_begin", _stand)


def _told(actor: Actor, day: date) -> dict[str, str]:
    return {
        "role": WORK_ROLE,
        "account": str(actor.account_id or ""),
        "day": str(day),
        "clearance": actor.clearance.value,
        "cases": _written(actor.reach(Act.read_cases)),
        "classified": _written(actor.reach(Act.read_classified)),
        "journal": _written(actor.reach(Act.read_journal)),
    }


def _written(reach: Reach) -> str:
    """A reach as the walls read it: `everywhere`, or an array of the ids of divisions."""
    return EVERYWHERE if reach.everywhere else "{" + ",".join(sorted(map(str, reach.roots))) + "}"


@contextmanager
def full_sight(session: Session) -> Iterator[None]:
    """Let a command that computes the registers see every fact, whoever acts; nothing of it may be told.

    A merger computed from the rows one actor may know of would tear the registers for all others. A role of
    its own, for which the walls are open: conditions that always hold would mislead the planner of queries.
    Whatever ends the block, what follows in the transaction sees no more than before.
    """
    before = session.scalar(_ROLE_NOW)
    session.execute(_STEP_INTO, {"role": SIGHT_ROLE})
    broken: tuple[type[Exception], ...] = (DBAPIError, PendingRollbackError)
    try:
        yield
        broken = ()
    finally:
        with suppress(*broken):  # after a failure: a broken transaction shows nothing any more
            session.execute(_STEP_INTO, {"role": before})
