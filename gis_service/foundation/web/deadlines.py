"""An end to the time of a request: answered when it is over, and then certainly nothing is written.

The work itself runs in a thread, which nobody can stop; so its commit and the end of its time race for one
place, and only one of them gets it.
"""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis_service.foundation.web.problems import OUT_OF_TIME, RETRY_AFTER_S, Refused, problem

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Deadline:
    """Who came first in one request: its commit, or the end of its time."""

    _lock: Lock = field(default_factory=Lock)
    _first: str = ""

    def is_first(self, who: Literal["commit", "end"]) -> bool:
        """Whether `who` came first; asked again, the answer stays."""
        with self._lock:
            self._first = self._first or who
            return self._first == who


_of_this_request: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def in_time_or_not_at_all(*_: Any) -> None:
    """Before a commit: refuse it once the request has been answered as too late.

    Raises:
        Refused: nobody waits for this commit any more.
    """
    deadline = _of_this_request.get()
    if deadline is not None and not deadline.is_first("commit"):
        raise Refused(OUT_OF_TIME, "请求已超时，没有写入", way_out="请重试")


_LONGER = "x-longest-seconds"


def may_last(seconds: int) -> dict[str, Any]:
    """The `openapi_extra` of an endpoint that may work longer than the others; `|` joins it with more."""
    return {_LONGER: seconds}


def _longest(scope: Scope) -> float:
    """How long the endpoint may work; 0 where it says nothing, or none has been found."""
    extra = getattr(scope.get("route"), "openapi_extra", None) or {}
    return float(extra.get(_LONGER, 0))


class Deadlines:
    """ASGI middleware: a request without an answer after `seconds`, or what its endpoint may take, gets 503.

    An answer that has begun may take its time: only its reader can make it long.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self._left_behind = set[asyncio.Future[None]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, in time."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply, deadline = _Reply(send), Deadline()
        token = _of_this_request.set(deadline)
        work = asyncio.ensure_future(self.app(scope, receive, reply.send))
        _of_this_request.reset(token)
        try:
            await asyncio.wait({work}, timeout=self.seconds)
            allowed = max(self.seconds, _longest(scope))
            if allowed > self.seconds and not work.done():
                await asyncio.wait({work}, timeout=allowed - self.seconds)
            if not (work.done() or reply.started) and deadline.is_first("end"):
                reply.is_wanted = False
                self._leave(work)
                await self._too_late(scope, allowed)(scope, receive, send)
                return
            await work
        except asyncio.CancelledError:
            work.cancel()
            raise

    def _leave(self, work: asyncio.Future[None]) -> None:
        self._left_behind.add(work)
        work.add_done_callback(self._ended)

    def _ended(self, work: asyncio.Future[None]) -> None:
        self._left_behind.discard(work)
        error = None if work.cancelled() else work.exception()
        log.warning("a request ended after its time", extra={"error": type(error).__name__} if error else {})

    def _too_late(self, scope: Scope, allowed: float) -> Response:
        return problem(
            Request(scope),
            OUT_OF_TIME,
            f"请求处理超过 {allowed:g} 秒，已停止，没有写入任何内容",
            way_out="请缩小范围或分次办理；持续出现时请联系管理员",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )


@dataclass(slots=True)
class _Reply:
    """The way back to the client, until somebody else has answered."""

    send_on: Send
    started: bool = False
    is_wanted: bool = True

    async def send(self, message: Message) -> None:
        if self.is_wanted:
            self.started = True
            await self.send_on(message)
