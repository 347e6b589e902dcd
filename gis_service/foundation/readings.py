"""Readings of what is above public leave a trace too: an entry of their own, before the answer is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import Actor, transaction

READ = "records.read"


def record_reading(
    sessions: sessionmaker[Session], *, actor: Actor, at: datetime, subject: str, **detail: Any
) -> None:
    """Journal that an actor read something, in a short transaction after the reading.

    To be called before anything is handed out: where this fails, nobody gets to see what he read.
    """
    with transaction(sessions, actor=actor, at=at) as tx:
        tx.journal(READ, subject, **detail)
