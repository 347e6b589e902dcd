"""Readings of what is above public leave a trace too: an entry of their own, before the answer is sent.

Whoever puts a record into an answer notes it here. That is a wall of its own: it knows nothing of the
policies of the database, and lets nothing out that is above the clearance of who asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification
from gis_service.foundation.standing import stood_before
from gis_service.foundation.transaction import transaction

READ = "records.read"
NAMED = 50  # subjects that an entry names; how many there were is told besides
_NOTED = "gis_service.noted"


class NotForOutput(Exception):
    """Something above the clearance of who asks stood in an answer: a fault of the program, never told."""


@dataclass(slots=True)
class Noted:
    """What an answer holds above public: by what it is called, how closely it is kept, under which act."""

    classification: Classification = Classification.public
    subjects: set[str] = field(default_factory=set)
    instrument_id: UUID | None = None


def note_reading(
    session: Session, classification: Classification | str, subject: object, instrument_id: UUID | None = None
) -> None:
    """Note that an answer holds a record; one that is public needs no trace.

    Raises:
        NotForOutput: the actor is not cleared for it; the message holds nothing of the record.
    """
    level = Classification(classification)
    if level is Classification.public:
        return
    actor = stood_before(session)
    if actor is None or not actor.clearance.allows(level):
        raise NotForOutput("a record above the clearance of the actor was about to be told")
    noted = session.info.setdefault(_NOTED, Noted())
    noted.subjects.add(str(subject))
    if level.rank > noted.classification.rank:
        noted.classification, noted.instrument_id = level, instrument_id


def note_readings(session: Session, records: Iterable[tuple[Classification | str, object]]) -> None:
    """Note many records, each with its classification and what it is called."""
    for classification, subject in records:
        note_reading(session, classification, subject)


def noted_in(session: Session) -> Noted | None:
    """What was noted so far; None where the answer is public."""
    noted = session.info.get(_NOTED)
    assert noted is None or isinstance(noted, Noted)
    return noted


def record_noted(
    sessions: sessionmaker[Session], noted: Noted, *, actor: Actor, at: datetime, by: str
) -> None:
    """Journal all that an answer holds above public as one entry; `by` is the route or the command."""
    subjects = sorted(noted.subjects)
    record_reading(
        sessions,
        actor=actor,
        at=at,
        subject=subjects[0] if len(subjects) == 1 else f"{subjects[0]} 等 {len(subjects)} 项",
        instrument_id=noted.instrument_id,
        classification=noted.classification,
        subjects=subjects[:NAMED],
        count=len(subjects),
        by=by,
    )


def record_reading(
    sessions: sessionmaker[Session], *, actor: Actor, at: datetime, subject: str, **detail: Any
) -> None:
    """Journal that an actor read something, in a short transaction after the reading.

    To be called before anything is handed out: where this fails, nobody gets to see what he read.
    """
    with transaction(sessions, actor=actor, at=at) as tx:
        tx.journal(READ, subject, **detail)
