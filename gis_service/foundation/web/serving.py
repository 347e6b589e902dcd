"""The server around the application: what it does with slow peers, and how it goes down.

Told to stop, it finishes what is under way and refuses what comes anew; told twice, it stops at once.
"""

from __future__ import annotations

import asyncio
import gc
from time import monotonic
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from gis_service.foundation.web.traffic import Traffic, traffic_of

HEAD_S = 20  # for the head of a request to come in
KEEP_ALIVE_S = 5  # for the next request of a connection to begin
READER_S = 30  # for a reader to take what is sent, and longer the more it is
READER_BYTES_PER_S = 50_000
LOOK_EVERY_S = 5
MOST_CONNECTIONS = 1_000
GOODBYE_S = 30  # for requests under way when the service is told to stop
LAST_WORDS_S = 5  # for the connections then left


def serve(application: str, *, host: str, port: int) -> None:
    """Serve the application that a factory, given as `module:function`, makes; returns once it is stopped."""
    config = uvicorn.Config(application, factory=True, host=host, port=port, **OPTIONS)
    config.load()
    app = config.loaded_app
    assert isinstance(app, FastAPI)
    gc.freeze()  # what is made by now stays: looking for garbage among it holds up large answers
    Server(config, traffic_of(app)).run()


class Server(uvicorn.Server):
    """A server that goes down with manners, and then ends as one that did what it was told."""

    def __init__(self, config: uvicorn.Config, traffic: Traffic) -> None:
        super().__init__(config)
        self.traffic = traffic
        self._latest = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """SIGTERM or SIGINT."""
        if self.traffic.going_down:
            self.should_exit = self.force_exit = True
        self.traffic.going_down = True
        self._latest = monotonic() + GOODBYE_S

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end now."""
        if self.traffic.going_down and (self.traffic.under_way == 0 or monotonic() > self._latest):
            self.should_exit = True
        return await super().on_tick(counter)


class PatientForAWhile(H11Protocol):
    """One connection; broken off when its peer sends no whole head, or does not read what it asked for."""

    _look: asyncio.TimerHandle | None = None
    _idle_since = 0.0
    _allowed_until = float("inf")

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._idle_since = monotonic()
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """End watching."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """From here on the next head may come."""
        self._idle_since = monotonic()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """More is to be sent than the peer takes."""
        waiting = self.transport.get_write_buffer_size()
        self._allowed_until = monotonic() + READER_S + waiting / READER_BYTES_PER_S
        super().pause_writing()

    def resume_writing(self) -> None:
        """The peer has taken nearly all of it."""
        self._allowed_until = float("inf")
        super().resume_writing()

    def _look_again(self) -> None:
        now = monotonic()
        has_request = self.cycle is not None and not self.cycle.response_complete
        if now > self._allowed_until or not (has_request or now < self._idle_since + HEAD_S):
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_EVERY_S, self._look_again)


OPTIONS: dict[str, Any] = {
    "http": PatientForAWhile,
    "ws": "none",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,  # the application knows which proxies to believe
    "timeout_keep_alive": KEEP_ALIVE_S,
    "timeout_graceful_shutdown": LAST_WORDS_S,
    "limit_concurrency": MOST_CONNECTIONS,
}
