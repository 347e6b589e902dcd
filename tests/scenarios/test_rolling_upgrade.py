"""The database is migrated while programs of the version before serve: they go on, or say why they cannot."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from gis_service import schema
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.revisions import leave_word, revision_of
from gis_service.schema import newest_revision, upgrade
from tests.support.changes import a_proposal, draw_city
from tests.support.web import client_on

NEXT = "aaaaaaaaaaaa"
MIGRATION = '''"""add a remark to instruments."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None
oldest_program = {oldest!r}


def upgrade() -> None:
    op.add_column("instrument", sa.Column("remark", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("instrument", "remark")
'''
Newer = Callable[[str | None], None]


@pytest.fixture
def url(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture
def owner(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def office(url: str) -> Iterator[TestClient]:
    """A program of the version before, which serves."""
    engine = open_engine(url)
    sessions = session_factory(engine)
    draw_city(sessions)
    yield client_on(sessions)
    engine.dispose()


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newer:
    """Turn this program into a newer one, with a migration that bears with programs as old as is said."""

    def become(oldest: str | None) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        migration = MIGRATION.format(revision=NEXT, down=newest_revision(), oldest=oldest)
        (folder / "versions" / "next.py").write_text(migration, encoding="utf-8")
        monkeypatch.setattr(schema, "MIGRATIONS", folder)

    return become


@contextmanager
def working(office: TestClient) -> Iterator[Future[list[float]]]:
    """Somebody who reads and writes all the while; how long each request took."""
    stop = Event()

    def work() -> list[float]:
        took = []
        while not stop.is_set():
            begun = time.monotonic()
            proposal = a_proposal(title=f"调整之{len(took)}")
            assert office.get("/divisions?on=2020-01-01").status_code == 200
            assert office.post("/changes", json=proposal).status_code == 201
            assert office.get("/readyz").status_code == 200
            took.append(time.monotonic() - begun)
        return took

    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(work)
        try:
            yield future
        finally:
            stop.set()


@contextmanager
def long_reading(engine: Engine) -> Iterator[None]:
    """A transaction that keeps the migration from its lock."""
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM instrument"))
        yield
        connection.rollback()


def test_programs_of_the_version_before_go_on_while_the_schema_grows(
    office: TestClient, owner: Engine, newer: Newer
) -> None:
    newer(newest_revision())
    with working(office) as work:
        time.sleep(0.5)
        assert upgrade(owner)
        time.sleep(0.5)
    assert len(work.result()) > 1
    assert office.get("/readyz").json()["schema_revision"] == NEXT


def test_a_program_that_cannot_serve_on_the_newer_schema_says_so(
    office: TestClient, owner: Engine, newer: Newer
) -> None:
    newer(None)
    assert upgrade(owner)
    answer = office.get("/readyz")
    assert answer.status_code == 503
    assert NEXT in answer.json()["detail"]


def test_a_program_started_on_a_newer_schema_serves_if_it_may_and_never_touches_it(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :next"), {"next": NEXT})
        leave_word(connection, [NEXT])
    with pytest.raises(DatabaseUnavailable, match="比本程序新"):
        upgrade(owner)
    own = newest_revision()
    assert own is not None
    with owner.begin() as connection:
        leave_word(connection, [own, NEXT])
    assert not upgrade(owner)
    with owner.connect() as connection:
        assert revision_of(connection) == NEXT


def test_a_migration_waits_for_its_lock_without_holding_up_others_for_long(
    office: TestClient, owner: Engine, newer: Newer
) -> None:
    newer(newest_revision())
    with working(office) as work, ThreadPoolExecutor(1) as threads:
        with long_reading(owner):
            migration = threads.submit(upgrade, owner)
            time.sleep(3)
            assert not migration.done()
        assert migration.result(timeout=60)
    longest = max(work.result())
    assert longest < 5, f"a request took {longest:.1f} s"


def test_a_migration_that_never_gets_its_lock_changes_nothing_and_names_the_way_out(
    office: TestClient, owner: Engine, newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer(newest_revision())
    monkeypatch.setattr(schema, "PAUSES_S", (0.1,))
    with long_reading(owner), pytest.raises(DatabaseUnavailable, match="试了 1 次") as refusal:
        upgrade(owner)
    assert "未结束的事务" in refusal.value.way_out
    assert office.get("/readyz").json()["schema_revision"] != NEXT
    assert upgrade(owner)
