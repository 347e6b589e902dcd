"""Sessions for requests: read-only for questions, one transaction for writes, committed before the answer.

A request waits for its turn at the database in the event loop, not in a thread: threads that wait for a
connection would be lacking to the requests that could give theirs back, and everything would stand still.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any
from urllib.parse import quote, unquote

from anyio import fail_after
from fastapi import Depends, Header, Query, Request
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.transaction import Actor, Transaction, transaction
from gis_service.foundation.web.deadlines import in_time_or_not_at_all
from gis_service.foundation.web.ground import ground_of

READ_TIMEOUT_MS = 20_000
WRITE_TIMEOUT_MS = 120_000
LOCK_TIMEOUT_MS = 30_000
IDLE_TIMEOUT_MS = 120_000  # between two statements of one transaction, such as while a change is computed
LONGEST_WAIT_S = 20
NOT_SIGNED_IN = "未登录"
_AS_SENT = quote(NOT_SIGNED_IN)


async def _turn(request: Request) -> AsyncIterator[None]:
    turns = ground_of(request).turns
    with _in_time():
        await turns.acquire_on_behalf_of(request)
    try:
        yield
    finally:
        turns.release_on_behalf_of(request)


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        with fail_after(LONGEST_WAIT_S):
            yield
    except TimeoutError as error:
        raise DatabaseUnavailable(
            f"服务繁忙，等候 {LONGEST_WAIT_S} 秒仍未轮到", way_out="请稍后重试，或减少同时发出的请求"
        ) from error


Turn = Annotated[None, Depends(_turn, scope="function")]


def _reading(request: Request, _: Turn) -> Iterator[Session]:
    with ground_of(request).sessions() as session:
        event.listen(session, "after_begin", _read_only)
        yield session


def _read_only(_session: Session, _transaction: Any, connection: Connection) -> None:
    connection.exec_driver_sql(
        f"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {READ_TIMEOUT_MS}; "
        f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}"
    )


async def _actor(
    x_actor: Annotated[
        str, Header(max_length=300, description="经办人姓名；非 ASCII 字符按 UTF-8 作百分号编码")
    ] = _AS_SENT,
    x_authority: Annotated[
        str, Header(max_length=300, description="经办机关；非 ASCII 字符按 UTF-8 作百分号编码")
    ] = _AS_SENT,
) -> Actor:
    return Actor(_read_header(x_actor), _read_header(x_authority))


def _read_header(text: str) -> str:
    """Percent-encoded UTF-8, or raw UTF-8 the server handed over as Latin-1; no control characters."""
    plain = unquote(text)
    with suppress(UnicodeError):  # not Latin-1, or no UTF-8 in disguise: take it as it reads
        plain = plain.encode("latin-1").decode("utf-8")
    return "".join(character for character in plain if character.isprintable()).strip() or NOT_SIGNED_IN


ActorHeader = Annotated[Actor, Depends(_actor)]


def _writing(
    request: Request,
    _: Turn,
    actor: ActorHeader,
    dry_run: Annotated[bool, Query(description="试运行：返回同样的结果，但不写入任何内容")] = False,
) -> Iterator[Transaction]:
    ground = ground_of(request)
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
Tx = Annotated[Transaction, Depends(_writing, scope="function")]
