"""Sessions for requests: read-only for questions, one transaction for writes, committed before the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from anyio import CancelScope, CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Query, Request
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from gis_service.foundation.access import ANONYMOUS, Actor
from gis_service.foundation.readings import noted_in, record_noted
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.foundation.web.deadlines import in_time_or_not_at_all
from gis_service.foundation.web.ground import Ground, ground_of
from gis_service.foundation.web.identity import Acting
from gis_service.foundation.web.turns import Turn

READ_TIMEOUT_MS = 20_000
WRITE_TIMEOUT_MS = 120_000
LOCK_TIMEOUT_MS = 30_000
IDLE_TIMEOUT_MS = 120_000  # between two statements of one transaction, such as while a change is computed


async def _reading(request: Request, actor: Acting) -> AsyncIterator[Session]:
    ground = ground_of(request)
    session = ground.sessions()  # asks the database for nothing yet
    stand_before(session, actor, at=ground.clock(), on_terms=_read_only)
    try:
        yield session
    finally:  # also where the answer is a refusal, which may tell of records too
        if session.in_transaction() or noted_in(session) is not None:
            with CancelScope(shield=True):
                await run_sync(_end_reading, request, session, actor, limiter=CapacityLimiter(1))


def _end_reading(request: Request, session: Session, actor: Actor) -> None:
    """Give the connection back; in a thread that waits for no other, which might wait for this connection."""
    try:
        session.close()
    finally:
        _leave_trace(request, session, actor)


def _leave_trace(request: Request, session: Session, actor: Actor) -> None:
    """Journal what the answer holds above public; it is not sent where that fails."""
    noted = noted_in(session)
    if noted is None:
        return
    ground = ground_of(request)
    path = getattr(request.scope.get("route"), "path", request.url.path)
    record_noted(ground.sessions, noted, actor=actor, at=ground.clock(), by=f"{request.method} {path}")


def _reading_in_public(request: Request, _: Turn) -> Iterator[Session]:
    ground = ground_of(request)
    with ground.sessions() as session:
        stand_before(session, ANONYMOUS, at=ground.clock(), on_terms=_read_only)
        yield session


def _read_only(connection: Connection) -> str:
    """All statements of an answer see one state, and wait for no writer."""
    inside = connection.in_nested_transaction()  # sees what the one around it sees
    still = "" if inside else "ISOLATION LEVEL REPEATABLE READ, "
    return (
        f"SET TRANSACTION {still}READ ONLY; SET LOCAL statement_timeout = {READ_TIMEOUT_MS}; "
        f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}; "
    )


def _writing(
    request: Request,
    actor: Acting,
    dry_run: Annotated[bool, Query(description="试运行：返回同样的结果，但不写入任何内容")] = False,
) -> Iterator[Transaction]:
    with working(ground_of(request), actor, dry_run=dry_run) as tx:
        yield tx


@contextmanager
def working(ground: Ground, actor: Actor, *, dry_run: bool = False) -> Iterator[Transaction]:
    """A transaction of a request: bounded in time, and committed in time or not at all."""
    with transaction(
        ground.sessions, actor=actor, at=ground.clock(), react=ground.react, dry_run=dry_run
    ) as tx:
        event.listen(tx.session, "after_begin", _limited)
        event.listen(tx.session, "before_commit", in_time_or_not_at_all)
        yield tx


def _limited(_session: Session, _transaction: Any, connection: Connection) -> None:
    connection.exec_driver_sql(
        f"SET LOCAL statement_timeout = {WRITE_TIMEOUT_MS}; SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; "
        f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}"
    )


# scope="function" ends the work before the answer is sent. With the default scope a commit could fail after
# the client has read 200.
Reading = Annotated[Session, Depends(_reading, scope="function")]
PublicReading = Annotated[Session, Depends(_reading_in_public, scope="function")]  # whoever asks
Tx = Annotated[Transaction, Depends(_writing, scope="function")]
