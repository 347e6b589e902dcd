"""What one running service stands on. Made once by `main`, found again by every request; no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import Event, Transaction, no_reaction

CONNECTIONS = 10  # connections kept open; more at once would only share the same processors
BEIJING = timezone(timedelta(hours=8))  # "today" is the day in Beijing, wherever the machine stands


@dataclass(frozen=True, slots=True)
class Ground:
    """Sessions, the clock (aware UTC), reactions, and the schema revision this version expects.

    `turns` admits as many requests to the database at once as the pool keeps connections.
    """

    sessions: sessionmaker[Session]
    clock: Callable[[], datetime]
    react: Callable[[Transaction, Event], None] = no_reaction
    revision: str | None = None
    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(CONNECTIONS))

    def this_day(self) -> date:
        """The day that a request without a date asks about."""
        return self.clock().astimezone(BEIJING).date()


def stand_on(app: FastAPI, ground: Ground) -> None:
    """Let an application answer from `ground`."""
    app.state.ground = ground


def ground_of(request: Request) -> Ground:
    """What the application of this request stands on."""
    ground = request.app.state.ground
    assert isinstance(ground, Ground)
    return ground
