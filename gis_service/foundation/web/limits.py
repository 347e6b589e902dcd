"""How large a request may be, and how slowly its body may come: refused before it is taken into memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from anyio import fail_after
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis_service.foundation.settings import Bounds
from gis_service.foundation.web.problems import (
    ADDRESS_TOO_LONG,
    BODY_TOO_LARGE,
    BODY_TOO_SLOW,
    HEADERS_TOO_LARGE,
    ProblemKind,
    Refused,
    refusal_of,
)

MOST_BODY_BYTES = 1_000_000
_LARGER = "x-largest-body"
_BODILESS = {"GET", "HEAD", "OPTIONS", "TRACE", "DELETE"}


def body_up_to(size_bytes: int) -> dict[str, Any]:
    """The `openapi_extra` of an endpoint that takes larger bodies than the others."""
    return {_LARGER: size_bytes}


class Limits:
    """ASGI middleware: bounds on address, headers and body of every request."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app = app
        self.bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is too large; hand on any other, with a body that has an end."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        too_large = self._head_too_large(scope)
        if too_large is not None:
            await refusal_of(Request(scope), too_large)(scope, receive, send)
            return
        await self.app(scope, BoundedBody(scope, receive, self.bounds).receive, send)

    def _head_too_large(self, scope: Scope) -> Refused | None:
        bounds, headers = self.bounds, scope["headers"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > bounds.address_bytes:
            told = f"请求地址超过 {bounds.address_bytes} 字节"
            return _refused(ADDRESS_TOO_LONG, told, "请减少参数，或分几次查询")
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > bounds.headers or size > bounds.headers_bytes:
            told = f"请求头超过 {bounds.headers} 个或 {bounds.headers_bytes} 字节"
            return _refused(HEADERS_TOO_LARGE, told, "请去掉不需要的请求头和 Cookie")
        if scope["method"] in _BODILESS and (_announced(scope) or 0) > MOST_BODY_BYTES:
            return _refused(BODY_TOO_LARGE, *_too_large(MOST_BODY_BYTES))
        return None


@dataclass(slots=True)
class BoundedBody:
    """The body of one request, as it comes in; it may last longer the more of it has come."""

    scope: Scope
    receive_on: Receive
    bounds: Bounds
    size: int = 0
    began: float = field(default_factory=monotonic)

    async def receive(self) -> Message:
        """The next part.

        Raises:
            Refused: announced or found to be larger than the endpoint takes, or too slow in coming.
        """
        most = _largest_body(self.scope)
        if (_announced(self.scope) or 0) > most:
            raise _refused(BODY_TOO_LARGE, *_too_large(most))
        message = await self._next_in_time()
        self.size += len(message.get("body", b""))
        if self.size > most:
            raise _refused(BODY_TOO_LARGE, *_too_large(most))
        return message

    async def _next_in_time(self) -> Message:
        allowed = self.bounds.body_s + self.size / self.bounds.body_bytes_per_s
        try:
            with fail_after(allowed - (monotonic() - self.began)):
                return await self.receive_on()
        except TimeoutError as error:
            told = f"请求内容在 {allowed:.0f} 秒内没有传完", "请检查网络后重新传送"
            raise _refused(BODY_TOO_SLOW, *told) from error


def _largest_body(scope: Scope) -> int:
    """What the endpoint takes; which one it is has been found before any body is read."""
    extra = getattr(scope.get("route"), "openapi_extra", None) or {}
    return int(extra.get(_LARGER, MOST_BODY_BYTES))


def _announced(scope: Scope) -> int | None:
    """The size the headers tell; None where they tell none, or none that can be read."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(told) if told.isdigit() and len(told) < 20 else None


def _too_large(most: int) -> tuple[str, str]:
    return f"请求内容超过上限 {most / 1_000_000:g} MB", "请核对所传的内容，或拆分后再传"


def _refused(kind: ProblemKind, detail: str, way_out: str) -> Refused:
    return Refused(kind, detail, way_out=way_out, headers={"Connection": "close"})
