"""How many requests are under way: no more than can be borne, and none anew while the service goes down."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis_service.foundation.web.problems import GOING_DOWN, OVERLOADED, RETRY_AFTER_S, ProblemKind, problem

ALIVE = "/healthz"  # asked by those who would restart the process; always answered


@dataclass(slots=True)
class Traffic:
    """The requests of one process that are under way; `at_once` may be unanswered at the same time."""

    at_once: int
    under_way: int = 0
    unanswered: int = 0
    going_down: bool = False


def traffic_of(app: FastAPI) -> Traffic:
    """The traffic of an application."""
    traffic = app.state.traffic
    assert isinstance(traffic, Traffic)
    return traffic


class Admission:
    """ASGI middleware: lets requests in while there is room, and counts them out."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self.app = app
        self.traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or ask it to come back later."""
        if scope["type"] != "http" or scope["path"] == ALIVE:
            await self.app(scope, receive, send)
        elif self.traffic.going_down:
            told = "服务正在停止，不再受理新的请求", "请稍后重试"
            await _later(scope, GOING_DOWN, *told)(scope, receive, send)
        elif self.traffic.unanswered >= self.traffic.at_once:
            told = f"同时在办的请求已达 {self.traffic.at_once} 个", "请稍后重试，或减少同时发出的请求"
            await _later(scope, OVERLOADED, *told)(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        traffic, is_answered = self.traffic, False
        traffic.under_way += 1
        traffic.unanswered += 1

        async def send_counted(message: Message) -> None:
            nonlocal is_answered
            if not is_answered:
                is_answered = True
                traffic.unanswered -= 1
            await send(message)

        try:
            await self.app(scope, receive, send_counted)
        finally:
            traffic.under_way -= 1
            traffic.unanswered -= 0 if is_answered else 1


def _later(scope: Scope, kind: ProblemKind, detail: str, way_out: str) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_S), "Connection": "close"}
    return problem(Request(scope), kind, detail, way_out=way_out, headers=headers)
