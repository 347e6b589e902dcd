"""One unit of work: a session, who acts, when, and what must follow. Committed once, here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Act, Actor, require
from gis_service.foundation.database import conflict_of
from gis_service.foundation.journal.writing import append, forget_undone, plain
from gis_service.foundation.standing import day_in_beijing, stand_before

__all__ = ["Actor", "Event", "Transaction", "no_reaction", "transaction"]


class Event:
    """A fact in the past tense; each register defines its own as frozen dataclasses."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What every command gets as its first argument. Commands never commit.

    `at` is the record time; no command reads a clock of its own.
    """

    session: Session
    actor: Actor
    at: datetime
    react: Callable[[Transaction, Event], None]
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the transaction, in Beijing: who holds which role on it decides what he may do."""
        return day_in_beijing(self.at)

    def require(self, act: Act) -> None:
        """Refuse what the actor may do nowhere; where he may, is asked of the register of authorities."""
        require(self.actor, act)

    def journal(
        self,
        command: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        instrument_id: UUID | None = None,
        **detail: Any,
    ) -> None:
        """Have an entry written at the end of the transaction that holds the fact it records.

        `before` and `after` tell what the command changed; `before` is None where something began.
        """
        self.entries.append(
            {
                "at": self.at,
                "actor": self.actor.name,
                "account_id": self.actor.account_id,
                "authority": self.actor.authority,
                "command": command,
                "subject": subject,
                "instrument_id": instrument_id,
                "before": plain(before),
                "after": plain(after),
                "detail": plain(detail),
            }
        )

    def publish(self, event: Event) -> None:
        """Let follow what must follow; a failing reaction fails the whole change."""
        self.react(self, event)


def no_reaction(_tx: Transaction, _event: Event) -> None:
    """For work that has no audience, such as a register test."""


@contextmanager
def transaction(
    sessions: sessionmaker[Session],
    *,
    actor: Actor,
    at: datetime,
    react: Callable[[Transaction, Event], None] = no_reaction,
    dry_run: bool = False,
) -> Iterator[Transaction]:
    """Commit when the block ends well, undo everything when it does not, or when it is a dry run.

    Raises:
        Conflict: a database constraint refused the change (translated by its name).
    """
    with sessions() as session:
        try:
            tx = Transaction(session, actor, at, react)
            stand_before(session, actor, at=at)
            forget_undone(session, tx.entries)
            yield tx
            session.flush()
            append(session, tx.entries)
            if dry_run:
                session.rollback()
            else:
                session.commit()
        except IntegrityError as error:
            session.rollback()
            raise conflict_of(error) from error
