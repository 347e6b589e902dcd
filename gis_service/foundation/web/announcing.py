"""Headers every answer carries, problems and GeoJSON included: the request's id, the day it was answered for.

Endpoints that return a ready response bypass the framework's own header merging, so headers are announced
on the request and written here, in one place.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "X-Request-Id"
ON = "GIS-On"
STATEMENT = "GIS-Statement"

_ACCEPTABLE_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


def announce(request: Request, name: str, value: str) -> None:
    """Add a header to the answer of this request, whatever kind of answer it will be."""
    request.state.announced.append((name, value))


def announce_day(request: Request, day: date) -> None:
    """Tell (and remember, for links to further pages) which day the request is answered for."""
    request.state.on = day
    announce(request, ON, day.isoformat())


def announce_statement(request: Request, statement: str | None) -> None:
    """Tell what readers must know about the data; percent-encoded UTF-8, since headers are ASCII."""
    if statement:
        announce(request, STATEMENT, "UTF-8''" + quote(statement, safe=""))


def request_id(request: Request) -> str:
    """The id under which this request stands in the log."""
    return str(request.state.request_id)


class Announcing:
    """ASGI middleware: names each request and writes what was announced into the head of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = _id_for(Headers(scope=scope).get(REQUEST_ID))
        state["announced"] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in [(REQUEST_ID, state["request_id"]), *state["announced"]]:
                    headers.append(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _id_for(given: str | None) -> str:
    return given if given and _ACCEPTABLE_ID.fullmatch(given) else uuid4().hex
