"""Proving the journal: every entry is read, its line made and hashed anew here, not by the database.

A superuser could have replaced the database's own functions; PostgreSQL is asked only to print values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.journal.chain import (
    Breach,
    Break,
    Chain,
    Link,
    cut_off,
    hash_of,
    line_of,
)
from gis_service.foundation.journal.models import JournalHead
from gis_service.foundation.standing import full_sight

CHUNK = 2000  # entries in memory at a time

# The columns as PostgreSQL prints them, whatever the settings of the session.
_PRINTED = text(
    """
    SELECT position, hash, previous_hash, (to_json(at AT TIME ZONE 'UTC') #>> '{}') || 'Z' AS at,
        actor, account_id::text, authority, command, subject, instrument_id::text,
        before::text, after::text, detail::text
    FROM journal_entry ORDER BY position
    """
)

Watch = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What proving came to: the journal, how far its chain holds, and where it first does not."""

    journal_id: UUID | None
    position: int
    hash: str
    first_break: Break | None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.first_break is None


@contextmanager
def snapshot(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that sees all of the journal and its head as of one moment, while others go on writing."""
    with sessions() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        with full_sight(session):
            yield session


def head_of(session: Session) -> JournalHead | None:
    """Where the journal ends by its own account; None when that has been removed or doubled."""
    heads = session.scalars(select(JournalHead)).all()
    return heads[0] if len(heads) == 1 else None


def lines(session: Session) -> Iterator[tuple[Link, str]]:
    """Every entry in order: what the chain needs of it, and its canonical line."""
    rows = session.execute(_PRINTED, execution_options={"yield_per": CHUNK}).mappings()
    for row in rows:
        line = line_of(row["position"], row)
        yield Link(row["position"], row["previous_hash"], hash_of(line), row["hash"]), line


def prove(session: Session, known: Mapping[int, str] | None = None, watch: Watch | None = None) -> Proof:
    """Follow the chain to its end and compare that with the head; `known` are hashes certain from elsewhere.

    `watch` is handed the entries and their number, and passes them on. Wants a `snapshot`.
    """
    head = head_of(session)
    if head is None:
        return Proof(None, 0, "", Break(0, Breach.head, "链头缺失或不止一行"))
    chain = Chain(hash_of(str(head.journal_id)), known or {})
    watched = watch(lines(session), head.position) if watch else lines(session)
    broken = next(filter(None, (chain.follow(link) for link, _ in watched)), None)
    return Proof(head.journal_id, chain.position, chain.hash, broken or _ending(chain, head))


def _ending(chain: Chain, head: JournalHead) -> Break | None:
    last = max([head.position, *chain.known])
    if chain.position < last:
        return cut_off(chain.position, last)
    if chain.position > head.position:
        extra = head.position + 1
        return Break(extra, Breach.inserted, f"第 {extra} 条起多余：链头止于第 {head.position} 条")
    if chain.hash != head.hash:
        return Break(head.position, Breach.head, "链头的校验值被改动")
    return None
