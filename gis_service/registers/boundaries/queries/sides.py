"""Who holds faces on a day, in which chains of units, and which lines run between them: each asked once.

What was read is kept in memory by the state of the registers, the day and the reader's sight. Which state a
transaction sees, the database is asked every time; a state never changes, so nothing kept is ever stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import product
from threading import Lock
from typing import TypeVar
from uuid import UUID

from sqlalchemy import any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.register_states import State, state_of
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.boundaries.queries.chains import Chain, chains_within
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_among
from gis_service.registers.divisions.rules import DivisionLevel

DAYS = 8  # kept at once: days, readers who may see different things, and the state before a write
MOST = 100_000  # facts kept of a day, some 50 MB; of more, those read so far are let go

Key = TypeVar("Key")
Value = TypeVar("Value")
Faces = tuple[UUID, UUID | None]
Sides = tuple[UUID, UUID]
Pair = frozenset[UUID]


class SidesOnDay:
    """What stands on both sides of edges on a day, in one state of the registers, as one reader sees it.

    What is not there, or not for the reader, is known too, so that it is not asked for again. Threads may
    ask at once: what they read is the same.
    """

    def __init__(self, on: date) -> None:
        self.on = on
        self._holders: dict[UUID, UUID | None] = {}
        self._chains: dict[UUID, Chain | None] = {}
        self._lines: dict[Pair, LineInForce | None] = {}
        self._between: dict[Sides, LineInForce | None] = {}

    @property
    def size(self) -> int:
        """How many facts are known."""
        return len(self._holders) + len(self._chains) + len(self._lines) + len(self._between)

    def holders(self, session: Session, faces: Iterable[UUID]) -> dict[UUID, UUID]:
        """The lowest-level unit that holds each face; faces that none holds are left out."""
        return _known(self._holders, set(faces), lambda missing: _holders(session, missing, on=self.on))

    def chains(self, session: Session, units: Iterable[UUID]) -> dict[UUID, Chain]:
        """The chain of each unit, the province first. Nothing is noted as read."""
        return _known(self._chains, set(units), lambda missing: chains_within(session, missing, on=self.on))

    def lines(self, session: Session, sides: Iterable[Sides]) -> dict[Sides, LineInForce]:
        """The line between each two lowest-level units: at the highest level on which they part."""
        wanted = {(here, there) for here, there in sides if here != there}
        return _known(self._between, wanted, lambda missing: self._found(session, missing))

    def _found(self, session: Session, sides: set[Sides]) -> dict[Sides, LineInForce]:
        chains = self.chains(session, {unit for pair in sides for unit in pair})
        pairs = {
            (here, there): _parting(chains[here], chains[there])
            for here, there in sides
            if {here, there} <= chains.keys()
        }
        of_units = {pair for several in pairs.values() for pair in several}
        lines = _known(self._lines, of_units, lambda missing: _lines(session, missing, on=self.on))
        found = {pair: _highest([lines[each] for each in pairs[pair] if each in lines]) for pair in pairs}
        return {pair: line for pair, line in found.items() if line is not None}


class _Kept:
    """Days by state; those asked for longest ago go first."""

    def __init__(self) -> None:
        self._days: OrderedDict[tuple[State, date], SidesOnDay] = OrderedDict()
        self._looking = Lock()

    def of(self, session: Session, on: date) -> SidesOnDay:
        state = state_of(session)
        if state is None:  # it has written, or sees what others commit meanwhile
            return SidesOnDay(on)
        with self._looking:
            day = self._days.pop((state, on), None)
            if day is None or day.size > MOST:
                day = SidesOnDay(on)
            self._days[state, on] = day
            while len(self._days) > DAYS:
                self._days.popitem(last=False)
        return day


_kept = _Kept()


def sides_on(session: Session, on: date) -> SidesOnDay:
    """What stands on both sides of edges on a day, as the transaction of a session sees it."""
    return _kept.of(session, on)


def lines_between(session: Session, faces: Iterable[Faces], *, on: date) -> dict[Faces, LineInForce]:
    """The line that runs between two faces on a day; pairs between which none runs are left out.

    For what the service itself concludes: nothing is noted as read.
    """
    wanted, day = set(faces), sides_on(session, on)
    holders = day.holders(session, {face for pair in wanted for face in pair if face is not None})
    sides = {
        (left, right): (holders[left], holders[right])
        for left, right in wanted
        if right is not None and {left, right} <= holders.keys()
    }
    lines = day.lines(session, sides.values())
    return {key: lines[pair] for key, pair in sides.items() if pair in lines}


def _known(
    known: dict[Key, Value | None], wanted: set[Key], ask: Callable[[set[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    missing = {key for key in wanted if key not in known}  # a difference of sets walks all that is known
    if missing:
        found = ask(missing)
        known.update({key: found.get(key) for key in missing})
    asked = {key: known[key] for key in wanted}
    return {key: value for key, value in asked.items() if value is not None}


def _holders(session: Session, faces: set[UUID], *, on: date) -> dict[UUID, UUID]:
    wanted = select(Membership.face_id, Membership.division_id).where(
        Membership.face_id == any_(cast(list(faces), ARRAY(PG_UUID(as_uuid=True)))),
        holds_on(Membership.valid, on),
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _lines(session: Session, pairs: set[Pair], *, on: date) -> dict[Pair, LineInForce]:
    units = {unit for pair in pairs for unit in pair}
    return {frozenset((line.first_id, line.second_id)): line for line in lines_among(session, units, on=on)}


def _parting(one: Chain, other: Chain) -> list[Pair]:
    """The pairs of units of two chains between which their line may run."""
    shared = {unit.id for unit in one} & {unit.id for unit in other}
    return [
        frozenset((here.id, there.id))
        for here, there in product(one, other)
        if here.id not in shared and there.id not in shared
    ]


def _highest(lines: list[LineInForce]) -> LineInForce | None:
    return min(lines, key=lambda line: DivisionLevel(line.level).rank, default=None)
