"""The past as traces ask about it: from the database, or from memory where its state was read before.

What is kept is the whole past as one reader saw it in one state of the registers. Which state a transaction
sees, the database is asked every time; a state never changes, so nothing kept is ever stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.register_states import State, state_of
from gis_service.registers.divisions.queries.chronicles import Chronicle, read_chronicle
from gis_service.registers.divisions.queries.spans import Span, spans_of
from gis_service.registers.divisions.queries.tracing import Known, known_around, leaves_of, placed_on

STATES = 4  # kept at once: readers who may see different things, and the state before a write
MOST_VERSIONS = 100_000  # kept of one state, about 1 kB each; the past of more is asked of the database

_COUNTED = text("SELECT count(*) FROM (SELECT FROM division_version LIMIT :most) counted")


class Past(Protocol):
    """What a trace asks."""

    def leaves_of(self, units: Iterable[UUID], *, on: date) -> dict[UUID, list[list[UUID]]]:
        """The lowest units under each of these on a day, as chains up to it."""

    def known_around(self, units: Iterable[UUID], *, on: date, to: date) -> Known:
        """What is needed to follow units from one day to another, and to tell of it."""

    def known_back(self, known: Known, units: set[UUID], *, reached: Iterable[UUID]) -> Known:
        """What is needed to follow units back that were, or were not, reached by what is known."""

    def placed_on(self, units: Iterable[UUID], *, on: date) -> dict[UUID, tuple[str, UUID | None]]:
        """Level and superior of these units, and of all above them, on a day."""

    def spans_of(self, units: Iterable[UUID]) -> dict[UUID, list[Span]]:
        """Every version of these units, oldest first."""


class PastAsked:
    """The past, asked of the database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def leaves_of(self, units: Iterable[UUID], *, on: date) -> dict[UUID, list[list[UUID]]]:
        """As `Past` says."""
        return leaves_of(self._session, units, on=on)

    def known_around(self, units: Iterable[UUID], *, on: date, to: date) -> Known:
        """As `Past` says."""
        return known_around(self._session, units, on=on, to=to)

    def known_back(self, known: Known, units: set[UUID], *, reached: Iterable[UUID]) -> Known:
        """As `Past` says; what leads back from what was reached was read together with what leads there."""
        if units <= set(reached):
            return known.reversed()
        return known_around(self._session, units, on=known.to, to=known.on, with_names=False)

    def placed_on(self, units: Iterable[UUID], *, on: date) -> dict[UUID, tuple[str, UUID | None]]:
        """As `Past` says."""
        return placed_on(self._session, units, on=on)

    def spans_of(self, units: Iterable[UUID]) -> dict[UUID, list[Span]]:
        """As `Past` says."""
        return spans_of(self._session, units, with_superior=False)


class _Kept:
    """Chronicles by state, None of a state that is too large; those asked for longest ago go first."""

    def __init__(self) -> None:
        self._chronicles: OrderedDict[State, Chronicle | None] = OrderedDict()
        self._last: State | None = None
        self._looking, self._reading = Lock(), Lock()

    def of(self, session: Session) -> Chronicle | None:
        """What is kept of the state that a transaction sees; read when it is asked for once more.

        While one thread reads, the others do not wait: they ask the database.
        """
        state = state_of(session)
        if state is None:
            return None
        with self._looking:
            if state in self._chronicles:
                self._chronicles.move_to_end(state)
                return self._chronicles[state]
            is_new, self._last = state != self._last, state
        if is_new or not self._reading.acquire(blocking=False):
            return None
        try:
            return self._keep(state, _read(session))
        finally:
            self._reading.release()

    def _keep(self, state: State, chronicle: Chronicle | None) -> Chronicle | None:
        with self._looking:
            self._chronicles[state] = chronicle
            while len(self._chronicles) > STATES:
                self._chronicles.popitem(last=False)
        return chronicle


def _read(session: Session) -> Chronicle | None:
    """The whole past, unless it is too large to be kept."""
    counted = session.scalar(_COUNTED, {"most": MOST_VERSIONS + 1}) or 0
    return read_chronicle(session) if counted <= MOST_VERSIONS else None


_kept = _Kept()


def past_of(session: Session) -> Past:
    """The past as the transaction of a session sees it."""
    return _kept.of(session) or PastAsked(session)
