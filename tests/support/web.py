"""The service in tests: a client on the registers of the test, and a count of SQL statements."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from gis_service.agenda import due
from gis_service.foundation.access import Actor
from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.settings import Rates, Settings
from gis_service.foundation.web import Credential, Ground, stand_on
from gis_service.main import create_app
from gis_service.reactions import react
from gis_service.schema import newest_revision
from tests.support.factories import NOW, REGISTRAR

UNRATED = Rates(reading=None, writing=None, signing_in=None)  # tests ask faster than any office
# what keeps transactions, and says before whom they stand
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SELECT set_config('role'")


_HOME = TemporaryDirectory(prefix="gis-service-")  # gone when the tests end


@cache
def service() -> FastAPI:
    """The whole service, composed once."""
    return create_app(Settings(home=Path(_HOME.name), rates=UNRATED))


def composed(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """A whole service of one's own; its contract, which drawing up takes a second, is that of `service`."""
    app = create_app(settings, engine)
    app.openapi_schema = service().openapi()
    return app


def client_on(sessions: sessionmaker[Session], actor: Actor | None = REGISTRAR) -> TestClient:
    """A client of the whole service on given sessions; unexpected errors are answered, not raised."""
    return stand(service(), sessions, actor)


def stand(app: FastAPI, sessions: sessionmaker[Session], actor: Actor | None = REGISTRAR) -> TestClient:
    """A client of an application on given sessions, who acts as `actor`; None is somebody of the public."""
    stand_on(app, Ground(sessions, lambda: NOW, react, newest_revision(), known_by_token, due))
    client = TestClient(app, raise_server_exceptions=False)
    if actor is not None:
        client.headers["Authorization"] = f"Bearer {token_of(actor)}"
    return client


ACTORS: dict[str, Actor] = {}  # who is who in tests that are not about signing in, by token


def token_of(actor: Actor) -> str:
    """A token by which this actor is known to services of tests."""
    token = f"test-{sha256(repr(actor).encode()).hexdigest()}"
    ACTORS[token] = actor
    return token


def known_by_token(_session: Session, credential: Credential, _at: datetime) -> Actor:
    """Who shows a token of `token_of`."""
    if credential.token not in ACTORS:
        raise NotSignedIn("凭证无效", way_out="请重新登录")
    return ACTORS[credential.token]


@contextmanager
def behind_a_server(app: FastAPI) -> Iterator[str]:
    """The address of a real server on this machine that answers with `app`."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class Statements(list[str]):
    """The SQL statements that were sent, in order."""

    @contextmanager
    def counted(self) -> Iterator[Statements]:
        """Only those sent inside the block."""
        self.clear()
        yield self


@contextmanager
def recorded(engine: Engine) -> Iterator[Statements]:
    """Every statement sent through an engine while the block runs, but for the keeping of transactions."""
    sent = Statements()

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(BOOKKEEPING):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", record)
    yield sent
    event.remove(engine, "before_cursor_execute", record)
