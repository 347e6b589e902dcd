"""A real PostGIS for the session, built by the migrations; every test is rolled back by savepoint."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.cluster import temporary_cluster
from gis_service.foundation.database import open_engine
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.schema import upgrade
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import Statements, client_on, recorded

# What takes longest, longest first: begun at the end, it would leave the other workers idle.
LONGEST = (
    "contract/test_answers.py",
    "access/test_matrix.py",
    "faults/test_killed_at_random.py",
    "intake/test_large_history.py",
    "scenarios/test_history_over_time.py",
    "foundation/test_cluster_life.py",
    "accounts/test_pages_in_browser.py",
    "benchmarks/test_benchmarks.py",
    "cli/test_backup_commands.py",
    "cli/test_main_job.py",
)
GIVEN_SERVER = os.environ.get("GIS_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server to make databases on: the one named by GIS_TEST_DATABASE_URL, or a private cluster."""
    if GIVEN_SERVER:
        yield GIVEN_SERVER
        return
    with temporary_cluster() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """All clients ask in one event loop, as a server has; to start one takes longer than most requests."""
    with start_blocking_portal() as TestClient.portal:
        yield
    TestClient.portal = None


def _url(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def _on_server(server_url: str, *statements: str) -> None:
    engine = open_engine(_url(server_url, "postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def template(server_url: str, worker_id: str) -> str:
    """The name of a migrated, empty database of this worker, from which others are copied in a moment."""
    name = f"gis_service_test_template_{worker_id}"
    _on_server(
        server_url,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name}",
    )
    engine = open_engine(_url(server_url, name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def make_database(server_url: str, template: str) -> Iterator[Callable[[], str]]:
    """Make a database of one's own, for tests that really commit; returns its URL."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        _on_server(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        made.append(name)
        return _url(server_url, name)

    yield make
    if GIVEN_SERVER:  # a private cluster goes as a whole, and every drop would wait for a checkpoint
        _on_server(server_url, *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in made))


@pytest.fixture(scope="session")
def engine(make_database: Callable[[], str]) -> Iterator[Engine]:
    """The database that tests share, each inside a transaction that is rolled back."""
    engine = open_engine(make_database())
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions whose commits only release a savepoint; all is undone after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        made = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        event.listen(made, "after_begin", _as_owner)
        yield made
        outer.rollback()


def _as_owner(_session: Session, _transaction: Any, connection: Connection) -> None:
    """Tests look at everything, whoever the service last worked for within the same outer transaction."""
    connection.execute(text("SET LOCAL ROLE NONE"))


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session for reading."""
    with sessions() as session:
        yield session


@pytest.fixture
def tx(sessions: sessionmaker[Session]) -> Iterator[Transaction]:
    """A transaction by the test registrar, without reactions."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        yield tx


@pytest.fixture
def fresh_engine(make_database: Callable[[], str]) -> Iterator[Engine]:
    """An engine on an empty migrated database of one's own."""
    engine = open_engine(make_database())
    yield engine
    engine.dispose()


@pytest.fixture
def client(sessions: sessionmaker[Session]) -> TestClient:
    """A client of the whole service, which sees what the test has registered."""
    return client_on(sessions)


@pytest.fixture
def statements(engine: Engine) -> Iterator[Statements]:
    """The SQL statements that reach the shared database."""
    with recorded(engine) as sent:
        yield sent


@pytest.fixture
def now() -> datetime:
    """The record time of tests."""
    return NOW


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use: a `database` server, a `browser` for a page. Longest files come first."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "server_url" in names or "test_cluster" in item.nodeid:
            item.add_marker("database")
        if "browser" in names or "page" in names:
            item.add_marker("browser")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Whose turn it is: the longest files first, all others in the order drawn by lot."""
    return next((at for at, file in enumerate(LONGEST) if str(item.path).endswith(file)), len(LONGEST))
