"""The web edge: commits before it answers, refuses in one shape, reads parameters strictly."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from anyio import CapacityLimiter
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, func, select, text

from gis_service.foundation import errors
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.findings import Rule, RuleViolated, Severity
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Settings
from gis_service.foundation.web import (
    PROBLEM,
    Announcing,
    Ground,
    OnDate,
    PageByText,
    Reading,
    Service,
    Tx,
    WantedShape,
    answer_problems,
    operation_id,
    read_bbox,
    read_day,
    stand_on,
)
from gis_service.foundation.web import turns as web_turns
from gis_service.foundation.web.problems import STATUS, kind_of
from gis_service.main import app_from_environment, create_app
from gis_service.schema import metadata
from gis_service.walls import FUNCTIONS
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import behind_a_server, known_by_token, token_of


def serving(
    engine: Engine | None, *endpoints: Callable[..., Any], at: datetime = NOW, turns: int = 5
) -> TestClient:
    """A small service that answers GET (or POST, for endpoints that write) under the endpoint's name."""
    app = Service(generate_unique_id_function=operation_id)
    answer_problems(app)
    app.add_middleware(Announcing)
    for endpoint in endpoints:
        writes = "tx" in inspect.signature(endpoint).parameters
        app.add_api_route(f"/{endpoint.__name__}", endpoint, methods=["POST" if writes else "GET"])
    if engine is not None:
        ground = Ground(
            session_factory(engine), lambda: at, identify=known_by_token, turns=CapacityLimiter(turns)
        )
        stand_on(app, ground)
    return TestClient(app, raise_server_exceptions=False)


def entries(engine: Engine) -> int:
    with session_factory(engine)() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def note(tx: Tx) -> dict[str, str]:
    tx.journal("note", "某事")
    return {"by": tx.actor.name, "authority": tx.actor.authority}


def refused_at_commit(tx: Tx) -> dict[str, bool]:
    """A deferred constraint is judged when the transaction commits, not before."""
    tx.session.execute(
        text("CREATE TEMP TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP")
    )
    tx.session.execute(text("INSERT INTO once VALUES (1), (1)"))
    return {"done": True}


def test_a_failing_commit_is_known_before_the_answer(fresh_engine: Engine) -> None:
    answer = serving(fresh_engine, refused_at_commit).post("/refused_at_commit")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["type"] == "/problems/conflict"


def test_what_is_answered_has_been_committed(fresh_engine: Engine) -> None:
    headers = {"Authorization": f"Bearer {token_of(REGISTRAR)}"}
    answer = serving(fresh_engine, note).post("/note", headers=headers)
    assert answer.json() == {"by": REGISTRAR.name, "authority": REGISTRAR.authority}
    assert entries(fresh_engine) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer unknown"},
        {"Authorization": "Basic dTpw"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + 20_000 * "x"},
        {"Cookie": "gis_session=unknown"},
    ],
)
def test_a_credential_that_does_not_hold_is_refused(fresh_engine: Engine, headers: dict[str, str]) -> None:
    """Nobody is silently taken for somebody of the public who believes to be signed in."""
    answer = serving(fresh_engine, note).post("/note", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert entries(fresh_engine) == 0


def test_a_dry_run_answers_alike_and_writes_nothing(fresh_engine: Engine) -> None:
    client = serving(fresh_engine, note)
    assert client.post("/note?dry_run=true").json() == client.post("/note").json()
    assert entries(fresh_engine) == 1


def test_nothing_is_written_when_the_endpoint_refuses(fresh_engine: Engine) -> None:
    def refuse(tx: Tx) -> None:
        tx.journal("note", "某事")
        tx.session.flush()
        raise errors.IllegalMove("已办结")

    assert serving(fresh_engine, refuse).post("/refuse").status_code == 409
    assert entries(fresh_engine) == 0


def test_questions_cannot_write(fresh_engine: Engine) -> None:
    def write(session: Reading) -> None:
        session.execute(text("INSERT INTO division VALUES (gen_random_uuid())"))
        session.commit()

    client = serving(fresh_engine, write)
    assert client.get("/write").status_code == 500
    with fresh_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM division")) == 0


def test_a_question_that_takes_too_long_is_stopped(engine: Engine) -> None:
    def dawdle(session: Reading) -> None:
        session.execute(text("SET LOCAL statement_timeout = 10"))
        session.execute(text("SELECT pg_sleep(5)"))

    answer = serving(engine, dawdle).get("/dawdle")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/query-too-slow"
    assert "limit" in answer.json()["way_out"]


def test_a_database_that_is_away_is_told_as_such() -> None:
    def ask(session: Reading) -> int | None:
        return session.scalar(text("SELECT 1"))

    engine = open_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    answer = serving(engine, ask).get("/ask")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["type"] == "/problems/database-unavailable"
    assert "127.0.0.1" not in answer.text


def test_a_value_the_database_cannot_hold_is_a_bad_request(engine: Engine) -> None:
    def overflow(session: Reading) -> Any:
        return session.scalar(text("SELECT CAST('99999999999' AS int)"))

    assert serving(engine, overflow).get("/overflow").status_code == 422


def refusals() -> list[type[errors.ServiceError]]:
    classes = (found for _, found in inspect.getmembers(errors, inspect.isclass))
    return [found for found in classes if issubclass(found, errors.ServiceError)]


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_its_own_line_in_the_table(refusal: type[errors.ServiceError]) -> None:
    assert refusal in STATUS


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("没有"), 404),
        (errors.Conflict("不符"), 409),
        (errors.IllegalMove("不能"), 409),
        (errors.InvalidInput("不通"), 422),
        (errors.NotSignedIn("没有登录"), 401),
        (errors.DatabaseUnavailable("不在"), 503),
        (errors.IdentityProviderUnavailable("不在"), 503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refusals_become_problems(error: errors.ServiceError, status: int) -> None:
    error.way_out = "这样做"

    def refuse() -> None:
        raise error

    answer = serving(None, refuse).get("/refuse")
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    told = answer.json()
    assert told["type"] == kind_of(error).type
    assert (told["status"], told["detail"], told["way_out"]) == (status, error.message, "这样做")
    assert told["request_id"] == answer.headers["x-request-id"]


def test_violated_rules_are_told_one_by_one() -> None:
    rule = Rule("R-X-01", "某规则", "某法第一条")
    finding = rule.finding(Severity.blocking, "甲区", "重名", place={"type": "Point", "coordinates": [1, 2]})

    def judge() -> None:
        raise RuleViolated("不合规则", [finding])

    answer = serving(None, judge).get("/judge")
    assert answer.status_code == 422
    assert answer.json()["findings"] == [finding.as_json()]


def test_a_refusal_of_a_narrower_kind_is_told_as_its_kind() -> None:
    class AlreadyDone(errors.IllegalMove):
        """A kind the table does not know."""

    assert kind_of(AlreadyDone("已办")).name == "illegal-move"


def test_unexpected_errors_tell_nothing_and_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    def stumble() -> None:
        raise RuntimeError("secret place in the code")

    with caplog.at_level(logging.ERROR):
        answer = serving(None, stumble).get("/stumble", headers={"X-Request-Id": "case-0042"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert "secret" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "case-0042"
    told = [record for record in caplog.records if record.exc_info and record.name.startswith("gis_service")]
    assert [vars(record)["request_id"] for record in told] == ["case-0042"]


def test_addresses_that_do_not_exist_are_problems_too() -> None:
    answer = serving(None).get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert answer.json()["type"] == "/problems/no-such-address"


def test_wrong_methods_are_problems_that_name_the_right_one() -> None:
    def ask() -> int:
        return 1

    answer = serving(None, ask).delete("/ask")
    assert (answer.status_code, answer.headers["content-type"]) == (405, PROBLEM)
    assert answer.headers["allow"] == "GET"
    assert "GET" in answer.json()["way_out"]


def test_an_odd_request_id_is_replaced() -> None:
    answer = serving(None).get("/nowhere", headers={"X-Request-Id": "x" * 100})
    assert len(answer.headers["x-request-id"]) == 32


def day(on: OnDate) -> date:
    return on


@pytest.mark.parametrize(
    ("at", "today"),
    [
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "2026-01-01"),
    ],
)
def test_no_date_means_today_in_beijing(engine: Engine, at: datetime, today: str) -> None:
    answer = serving(engine, day, at=at).get("/day")
    assert answer.json() == answer.headers["gis-on"] == today


def test_a_given_date_is_used_and_told(engine: Engine) -> None:
    answer = serving(engine, day).get("/day?on=2020-06-05")
    assert answer.json() == answer.headers["gis-on"] == "2020-06-05"


def test_what_cannot_be_read_is_told_in_chinese_with_a_way_out(engine: Engine) -> None:
    answer = serving(engine, day).get("/day?on=2020-02-30")
    assert answer.status_code == 422
    [finding] = answer.json()["findings"]
    assert (finding["subject"], finding["severity"]) == ("on", "blocking")
    assert finding["message"] == "历法中没有 2020-02-30 这一天"
    assert finding["suggestion"] == "请核对月份和日数"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "2020",
        "2020-6-5",
        "20200605",
        "1591315200",
        "2020-02-30",
        "2021-02-29",
        "0001-01-01",
        "0000-01-01",
        "9999-12-31",
        "2020-06-05T00:00:00",
        "２０２０-06-05",
        "今天",
        "' OR 1=1 --",
        "-2020-01-01",
    ],
)
def test_odd_dates_are_refused(written: str) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        read_day(written)
    assert refused.value.way_out


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "nan,31,119,32",
        "118,31,inf,32",
        "119,31,118,32",
        "118,32,119,31",
        "118,31,118,32",
        "31,118,32,119",
        "-181,0,0,1",
        "0,-91,1,0",
        "1e400,0,1,1",
    ],
)
def test_odd_rectangles_are_refused(written: str) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        read_bbox(written)
    assert refused.value.way_out


def test_a_rectangle_is_west_south_east_north() -> None:
    assert read_bbox(" 118, 31.5 ,119.5,32") == (118.0, 31.5, 119.5, 32.0)


def numbers(page: PageByText, on: OnDate) -> dict[str, Any]:
    """The numbers 1 to 5, by key."""
    rows = [number for number in range(1, 6) if page.after is None or number > int(page.after)]
    shown, following = page.cut(rows[: page.one_more], str)
    return {"on": on, "items": list(shown), "next": following}


def test_pages_follow_each_other_by_key_and_keep_their_day(engine: Engine) -> None:
    client = serving(engine, numbers)
    pages, address = [], "/numbers?limit=2"
    while address:
        answer = client.get(address)
        pages.append(answer.json()["items"])
        address = answer.json()["next"]
        assert ("link" in answer.headers) == bool(address)
        assert not address or f"on={answer.headers['gis-on']}" in address
    assert pages == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1e9", "1000000000", "9" * 5000, "x", ""])
def test_odd_limits_are_refused(engine: Engine, limit: str) -> None:
    assert serving(engine, numbers).get("/numbers", params={"limit": limit}).status_code == 422


def shape(shape: WantedShape) -> str:
    return shape


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("*/*", "", "json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "json"),
        ("application/json", "", "json"),
        ("application/geo+json", "", "geojson"),
        ("Application/GEO+JSON; q=0.9, application/json;q=0.5", "", "geojson"),
        ("application/geo+json;q=0.1, application/json", "", "json"),
        ("application/geo+json;q=0", "", "json"),
        ("application/geo+json;q=nan", "", "json"),
        ("application/geo+json", "?format=json", "json"),
        ("application/json", "?format=geojson", "geojson"),
        (",;;=,", "", "json"),
    ],
)
def test_the_shape_of_the_answer_is_negotiated(accept: str, query: str, expected: str) -> None:
    answer = serving(None, shape).get(f"/shape{query}", headers={"Accept": accept})
    assert answer.json() == expected
    assert answer.headers["vary"] == "Accept"


def test_more_readers_than_connections_wait_their_turn(engine: Engine) -> None:
    def ask(session: Reading) -> int | None:
        return session.scalar(text("SELECT 1 FROM pg_sleep(0.02)"))

    one_connection = create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=5)
    client = serving(one_connection, ask, turns=1)
    with behind_a_server(client.app) as address, ThreadPoolExecutor(60) as readers:
        answers = list(readers.map(lambda _: urlopen(f"{address}/ask").status, range(60)))
    assert answers == [200] * 60
    one_connection.dispose()


def test_a_reader_whose_turn_does_not_come_is_asked_to_return(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(session: Reading) -> int | None:
        return session.scalar(text("SELECT 1"))

    monkeypatch.setattr(web_turns, "LONGEST_WAIT_S", 0.05)
    answer = serving(engine, ask, turns=0).get("/ask")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "繁忙" in answer.json()["detail"]


def test_the_service_brings_its_database_up_to_date_when_it_starts(fresh_engine: Engine) -> None:
    with fresh_engine.begin() as connection:
        tables = ", ".join(("alembic_version", *metadata.tables))
        functions = ", ".join(
            ["refuse_rewriting, chain_journal_entry, advance_journal_head, tell_register_state", *FUNCTIONS]
        )
        connection.execute(text(f"DROP TABLE {tables} CASCADE; DROP FUNCTION {functions}"))
    with TestClient(create_app(Settings(home=Path("unused")), fresh_engine)) as client:
        assert client.get("/readyz").json()["status"] == "ready"


def test_the_service_opens_the_database_its_settings_name(make_database: Callable[[], str]) -> None:
    settings = Settings(home=Path("unused"), database_url=make_database())
    with TestClient(create_app(settings)) as client:
        assert client.get("/divisions").json()["items"] == []


def test_the_service_does_not_start_without_its_database() -> None:
    settings = Settings(home=Path("unused"), database_url="postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    with (
        pytest.raises(errors.DatabaseUnavailable),
        TestClient(create_app(settings)),
    ):
        raise AssertionError("it started")


def test_a_server_composes_the_service_from_its_environment(
    monkeypatch: pytest.MonkeyPatch, make_database: Callable[[], str]
) -> None:
    monkeypatch.setenv("GIS_DATABASE_URL", make_database())
    with TestClient(app_from_environment()) as client:
        assert client.get("/readyz").status_code == 200


def test_a_service_without_its_ground_says_nothing_of_its_inside() -> None:
    def ask(session: Reading) -> int | None:
        return session.scalar(text("SELECT 1"))

    assert serving(None, ask).get("/ask").status_code == 500


def test_a_refused_method_is_told_every_method_there_is(client: TestClient) -> None:
    answer = client.put("/changes")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert "GET, POST" in answer.json()["way_out"]


@pytest.mark.parametrize(("method", "allowed"), [("GET", "POST"), ("DELETE", "POST"), ("POST", None)])
def test_an_address_that_is_spelt_out_is_no_name_of_a_record(
    client: TestClient, method: str, allowed: str | None
) -> None:
    """Both `/changes/check` and `/changes/{number}` fit; what is spelt out comes first."""
    answer = client.request(method, "/changes/check")
    assert answer.headers.get("allow") == allowed
    assert answer.status_code == (405 if allowed else 422)


@pytest.mark.parametrize(
    "asked", ["on=2020-06-05&on=2020-06-04", "limit=1&limit=1", "level=county&level=province"]
)
def test_a_parameter_that_is_sent_twice_is_refused(client: TestClient, asked: str) -> None:
    """Whichever of the two was taken, the answer would look right."""
    answer = client.get(f"/divisions?{asked}")
    assert answer.status_code == 422
    assert asked.partition("=")[0] in answer.json()["detail"]
