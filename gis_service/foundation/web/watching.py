"""One line in the log and one count in the metrics for each request: by its route, not by what was asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis_service.foundation.web.metrics import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """What is seen of one request and its answer."""

    scope: Scope
    send_on: Send
    began: float = field(default_factory=perf_counter)
    status: int | None = None
    size: int = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.size += len(message.get("body", b""))
        await self.send_on(message)

    @property
    def route(self) -> str:
        """The template of the address, such as `/divisions/{reference}`."""
        return str(getattr(self.scope.get("route"), "path_format", NO_ROUTE))

    @property
    def method(self) -> str:
        return self.scope["method"] if self.scope["method"] in METHODS else "OTHER"

    def told(self, seconds: float) -> dict[str, Any]:
        """What the log may know; an account only by a hash of its id."""
        state = self.scope["state"]
        account = state.get("account_id")
        return {
            "request_id": state["request_id"],
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "problem": state.get("problem"),
            "duration_ms": round(seconds * 1000, 1),
            "bytes": self.size,
            "account": sha256(str(account).encode()).hexdigest()[:16] if account else None,
        }


class Watching:
    """ASGI middleware: notes each request when it has ended."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and note it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watched = _Watched(scope, send)
        try:
            await self.app(scope, receive, watched.send)
        finally:
            seconds = perf_counter() - watched.began
            told = watched.told(seconds)
            self.metrics.count(watched.method, watched.route, watched.status, told["problem"], seconds)
            log.info("request", extra=told)
