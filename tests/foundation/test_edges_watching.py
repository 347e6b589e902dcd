"""What the service tells of itself, in its log and its figures: enough to run it, nothing about anybody."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.foundation import logs
from gis_service.foundation.cluster import check_database
from gis_service.foundation.database import open_engine
from gis_service.foundation.errors import DatabaseUnavailable, InvalidInput
from gis_service.foundation.settings import Rates, Settings, read_settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web import Reading
from tests.foundation.test_edges import asked, guarded
from tests.support.changes import a_proposal
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import composed, stand

SECRET = "hunter2-geheim"


@pytest.fixture
def told() -> Iterator[StringIO]:
    """What would stand on standard error, logged as the service logs."""
    written = StringIO()
    loggers = [logging.getLogger(name) for name in (None, "gis_service", "uvicorn")]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    logs.configure(Settings(home=Path("unused")), written)
    yield written
    for logger, handlers, level in before:
        logger.handlers = handlers
        logger.setLevel(level)


def lines(told: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.getvalue().splitlines()]


def test_each_request_is_one_line_by_its_route(client: TestClient, told: StringIO) -> None:
    client.get(f"/divisions/{SECRET}?on=2020-06-05", headers={"X-Request-Id": "case-0042"})
    [line] = [line for line in lines(told) if line["message"] == "request"]
    assert line["route"] == "/divisions/{reference}"
    assert (line["method"], line["status"], line["problem"]) == ("GET", 422, "invalid-input")
    assert (line["request_id"], line["account"], line["level"]) == ("case-0042", None, "INFO")
    assert line["duration_ms"] > 0
    assert line["bytes"] > 0
    assert line["time"].startswith("20")


def test_nothing_a_request_holds_stands_in_the_log(client: TestClient, told: StringIO) -> None:
    headers = {
        "Authorization": f"Bearer {SECRET}",
        "Cookie": f"session={SECRET}",
        "X-Actor": SECRET,
        "User-Agent": SECRET,
        "Referer": f"http://{SECRET}/",
    }
    for answer in (
        client.get(f"/divisions?on={SECRET}&q={SECRET}", headers=headers),
        client.get(f"/{SECRET}/{SECRET}", headers=headers),
        client.post("/changes", json=a_proposal(title=SECRET), headers=headers),
        client.post("/changes", content=f'{{"{SECRET}"'.encode(), headers=headers),
        client.request(SECRET.upper().replace("-", ""), "/divisions", headers=headers),
    ):
        assert answer.status_code >= 200
    assert len(lines(told)) >= 5
    assert SECRET not in told.getvalue().lower()
    assert "testclient" not in told.getvalue()


def test_an_account_is_told_by_a_hash_only(told: StringIO) -> None:
    def known(request: Request) -> None:
        request.state.account_id = SECRET

    guarded(known).get("/known")
    [line] = lines(told)
    assert re.fullmatch("[0-9a-f]{16}", line["account"])


def test_errors_are_told_by_type_and_place_and_never_in_words(engine: Engine, told: StringIO) -> None:
    def stumble() -> None:
        try:
            {}[SECRET]
        except KeyError as error:
            raise RuntimeError(f"about {SECRET}") from error

    def break_in_the_database(session: Reading) -> None:
        session.execute(text("SELECT 1 FROM nowhere WHERE :secret = ''"), {"secret": SECRET})

    client = guarded(stumble, break_in_the_database, engine=engine)
    for name in ("stumble", "break_in_the_database"):
        assert client.get(f"/{name}").status_code == 500
    assert SECRET not in told.getvalue()
    first, second = (line for line in lines(told) if "exc_info" in line)
    assert re.search(r"RuntimeError at .*stumble ← KeyError at .*stumble", first["exc_info"])
    assert (second["error"], second["sqlstate"]) == ("ProgrammingError", "42P01")


def test_loggers_of_others_tell_no_values(told: StringIO) -> None:
    other = logging.getLogger("somebody.else")
    other.warning("connection to %s lost", SECRET, extra={"seen": SECRET})
    other.warning(f"postgresql://gis:{SECRET}@db/gis is away")
    try:
        raise ValueError(SECRET)
    except ValueError:
        other.exception("it broke")
    logging.getLogger("uvicorn.error").error("Traceback (most recent call last):\n"
        f'  File "a.py", line 3, in go\n    x\nValueError: {SECRET}\n')  # fmt: skip
    assert SECRET not in told.getvalue()
    seen = [line for line in lines(told) if line["logger"] in {other.name, "uvicorn.error"}]
    assert [line["message"] for line in seen] == [
        "connection to %s lost",
        "postgresql://gis:***@db/gis is away",
        "it broke",
        "ValueError at a.py:3 go",
    ]


def test_at_a_terminal_lines_are_plain(told: StringIO) -> None:
    logs.configure(Settings(home=Path("unused"), log_format="text"), told)
    guarded(asked).get("/asked")
    [line] = told.getvalue().splitlines()
    assert re.search(r"INFO gis_service\S+ request .*route=/asked status=200", line)


def test_the_level_decides_what_is_told(told: StringIO) -> None:
    logs.configure(Settings(home=Path("unused"), log_level="WARNING"), told)
    guarded(asked).get("/asked")
    assert told.getvalue() == ""


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def counted(sessions: sessionmaker[Session]) -> TestClient:
    """A service with figures of its own."""
    return stand(composed(Settings(home=Path("unused"), rates=Rates(reading="9/day"))), sessions)


def test_requests_are_counted_by_route_and_status(counted: TestClient) -> None:
    for _ in range(2):
        counted.get("/divisions?on=2020-06-05")
    counted.get("/divisions/999999")
    counted.get(f"/{SECRET}")
    seen = figures(counted)
    assert seen["gis_requests_total", "GET", "/divisions", "2xx"] == 2
    assert seen["gis_requests_total", "GET", "/divisions/{reference}", "4xx"] == 1
    assert seen["gis_requests_total", "GET", "none", "4xx"] == 1
    assert seen["gis_request_seconds_count", "GET", "/divisions"] == 2
    assert seen["gis_refusals_total", "no-such-address"] == 1
    assert seen[("gis_requests_under_way",)] == 1
    assert not any(SECRET in label for name in seen for label in name)


def test_who_asks_too_often_is_counted(counted: TestClient) -> None:
    for _ in range(8):
        counted.get("/divisions")
    assert figures(counted)[("gis_journal_position",)] >= 0
    assert counted.get("/metrics").status_code == 429
    registry = counted.app.state.metrics.registry  # type: ignore[attr-defined]
    assert registry.get_sample_value("gis_refusals_total", {"kind": "too-many-requests"}) == 1


def test_the_registers_are_measured(counted: TestClient, sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        tx.journal("note", "某事")
    seen = figures(counted)
    assert seen[("gis_database_up",)] == 1
    assert seen[("gis_journal_position",)] >= 1
    assert seen[("gis_data_age_seconds",)] == 0
    assert seen["gis_table_rows", "division"] >= 0
    assert seen["gis_database_turns", "all"] == 10
    assert seen["gis_database_connections", "in_use"] >= 1
    assert seen[("gis_disk_free_bytes",)] > 0
    assert any(name[0] == "gis_service_info" for name in seen)


def test_figures_are_told_when_the_database_is_away() -> None:
    engine = open_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    client = stand(composed(Settings(home=Path("unused"))), sessionmaker(engine))
    assert figures(client)[("gis_database_up",)] == 0


def test_each_service_has_figures_of_its_own() -> None:
    one, other = (composed(Settings(home=Path("unused"))) for _ in range(2))
    assert one.state.metrics.registry is not other.state.metrics.registry


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(f"postgresql://gis:{SECRET}@db/gis\n", encoding="utf-8")
    settings = read_settings({"GIS_DATABASE_URL_FILE": str(file)})
    assert settings.database_url == f"postgresql+psycopg2://gis:{SECRET}@db/gis"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "environment",
    [
        {"GIS_DATABASE_URL_FILE": "nowhere/at/all"},
        {"GIS_DATABASE_URL_FILE": "x", "GIS_DATABASE_URL": f"postgresql://gis:{SECRET}@db/gis"},
        {"GIS_RATE_READING": "often"},
        {"GIS_RATE_WRITING": "0/minute"},
        {"GIS_TRUSTED_PROXIES": "10.0.0.1,proxy"},
        {"GIS_REQUEST_SECONDS": "-1"},
        {"GIS_LOG_FORMAT": "xml"},
        {"GIS_LOG_LEVEL": "loud"},
    ],
    ids=lambda environment: next(iter(environment)),
)
def test_a_setting_that_cannot_be_understood_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings(environment)
    assert next(iter(environment)) in refused.value.message
    assert refused.value.way_out
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql+psycopg2://gis:{SECRET}@127.0.0.1:1/gis",
        f"postgresql+psycopg2://gis:{SECRET}@nowhere.invalid/gis",
        f"postgresql+nosuchdriver://gis:{SECRET}@127.0.0.1/gis",
        f"gis:{SECRET}@127.0.0.1/gis",
        f"postgresql+psycopg2://127.0.0.1:1/gis?password={SECRET}&sslmode=bogus",
    ],
)
def test_no_refusal_of_a_database_tells_its_password(address: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        check_database(address)
    assert SECRET not in str(refused.value)


def test_no_command_tells_the_password_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIS_HOME", str(tmp_path))
    monkeypatch.setenv("GIS_DATABASE_URL", f"postgresql://gis:{SECRET}@127.0.0.1:1/gis")
    for command in ("database status", "database status --json", "database start"):
        done = CliRunner().invoke(app, command.split(), catch_exceptions=False)
        assert done.output
        assert SECRET not in done.output, command
    served = subprocess.run(
        [sys.executable, "-m", "gis_service.cli", "serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert served.stdout + served.stderr
    assert SECRET not in served.stdout + served.stderr
