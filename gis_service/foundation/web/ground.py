"""What one running service stands on. Made once by `main`, found again by every request; no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Act, Actor
from gis_service.foundation.agenda import Source, nothing_due
from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.standing import day_in_beijing
from gis_service.foundation.transaction import Event, Transaction, no_reaction

CONNECTIONS = 10  # connections kept open; more at once would only share the same processors


def nobody_is_known(_session: Session, _credential: Any, _at: datetime) -> Actor:
    """For a service without accounts: every credential is strange to it."""
    raise NotSignedIn("凭证无效", way_out="请重新登录")


@dataclass(frozen=True, slots=True)
class Ground:
    """Sessions, the clock (aware UTC), reactions, and the schema revision this version expects.

    `identify` tells who shows a credential, or raises NotSignedIn.
    `due` tells what procedures leave to do, as they are composed.
    `open_acts` need no account here, though the table of permissions asks for one.
    `turns` admits as many requests to the database at once as the pool keeps connections.
    """

    sessions: sessionmaker[Session]
    clock: Callable[[], datetime]
    react: Callable[[Transaction, Event], None] = no_reaction
    revision: str | None = None
    identify: Callable[[Session, Any, datetime], Actor] = nobody_is_known
    due: Source = nothing_due
    open_acts: frozenset[Act] = frozenset()
    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(CONNECTIONS))

    def this_day(self) -> date:
        """The day that a request without a date asks about."""
        return day_in_beijing(self.clock())


def stand_on(app: FastAPI, ground: Ground) -> None:
    """Let an application answer from `ground`."""
    app.state.ground = ground


def ground_of(request: Request) -> Ground:
    """What the application of this request stands on."""
    ground = request.app.state.ground
    assert isinstance(ground, Ground)
    return ground
