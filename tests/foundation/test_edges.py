"""The edges of the service: what is too large, too long, too slow or too much ends by itself, in words."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, event, func, select, text

from gis_service.foundation.database import session_factory
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Bounds, Rates, Settings
from gis_service.foundation.web import PROBLEM, Ground, Service, count_sign_in, guard, stand_on
from gis_service.foundation.web import sessions as web_sessions
from gis_service.foundation.web.acts import endpoints
from gis_service.foundation.web.deadlines import may_last
from gis_service.foundation.web.headers import DEFAULTS, OVER_HTTPS
from gis_service.foundation.web.limits import MOST_BODY_BYTES
from gis_service.foundation.web.rates import Ration
from gis_service.foundation.web.sessions import Tx
from gis_service.foundation.web.traffic import traffic_of
from tests.support.factories import NOW
from tests.support.web import behind_a_server, service


def guarded(*endpoints: Callable[..., Any], engine: Engine | None = None, **settings: Any) -> TestClient:
    """A small service behind all edges that answers GET and POST under the names of its endpoints."""
    app = Service()
    guard(app, Settings(home=Path("unused"), **settings))
    for endpoint in endpoints:
        app.add_api_route(f"/{endpoint.__name__}", endpoint, methods=["GET", "POST"])
    if engine is not None:
        stand_on(app, Ground(session_factory(engine), lambda: NOW))
    return TestClient(app, raise_server_exceptions=False)


def told(answer: Response, status: int, kind: str) -> dict[str, Any]:
    """A refusal of a kind, with everything a refusal has."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["detail"]
    assert problem["way_out"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert {name.lower() for name in DEFAULTS} <= set(answer.headers)
    return problem


async def taken(request: Request) -> int:
    return len(await request.body())


def asked() -> str:
    return "answered"


def every_route() -> list[tuple[str, str]]:
    """Method and a fitting address of every endpoint of the service."""
    values = {"number": "BG-2026-00001", "sheet_id": "0" * 32, "edge_id": "0" * 32}
    found = []
    for route in endpoints(service().routes):
        address = route.path
        for name in route.param_convertors:
            address = address.replace(f"{{{name}}}", values.get(name, "1"))
        found += [(method, address.replace(":path}", "}")) for method in sorted(route.methods)]
    assert len(found) > 25
    return found


@pytest.mark.parametrize(("method", "address"), every_route())
def test_every_route_is_behind_the_edges(client: TestClient, method: str, address: str) -> None:
    announced = {"Content-Length": str(200_000_000)}
    told(client.request(method, address, headers=announced, content=b"{}"), 413, "body-too-large")
    told(client.request(method, f"{address}?q={'x' * 9000}"), 414, "address-too-long")
    many = {f"X-Header-{number}": "x" for number in range(120)}
    told(client.request(method, address, headers=many), 431, "headers-too-large")
    told(client.request(method, address, headers={"Cookie": "x" * 40_000}), 431, "headers-too-large")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_carries_the_headers_that_shield_it(client: TestClient, method: str) -> None:
    for address in ("/healthz", "/nowhere", "/divisions?on=nonsense", "/openapi.json"):
        answer = client.request(method, address)
        for name, value in DEFAULTS.items():
            assert answer.headers[name] == value, (address, name)


def test_an_unexpected_error_is_shielded_too() -> None:
    def stumble() -> None:
        raise RuntimeError("secret")

    told(guarded(stumble).get("/stumble"), 500, "internal-error")


def test_pages_keep_their_own_policy(client: TestClient) -> None:
    assert "script-src 'self'" in client.get("/docs").headers["content-security-policy"]


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_what_is_answered_to_somebody_is_not_stored(header: str) -> None:
    client = guarded(asked)
    assert client.get("/asked", headers={header: "x"}).headers["cache-control"] == "no-store"
    assert "cache-control" not in client.get("/asked").headers


def test_https_is_asked_for_again_only_where_it_is_spoken() -> None:
    client = guarded(asked)
    assert not {name.lower() for name in OVER_HTTPS} & set(client.get("/asked").headers)
    answer = client.get("https://testserver/asked")
    assert {name: answer.headers[name] for name in OVER_HTTPS} == dict(OVER_HTTPS)


def test_a_body_is_taken_up_to_the_limit_whatever_it_says_of_itself() -> None:
    client = guarded(taken)
    assert client.post("/taken", content=b"x" * MOST_BODY_BYTES).json() == MOST_BODY_BYTES
    beyond = b"x" * (MOST_BODY_BYTES + 1)
    told(client.post("/taken", content=beyond), 413, "body-too-large")
    told(client.post("/taken", content=iter([beyond[:500_000], beyond[500_000:]])), 413, "body-too-large")


def test_a_json_body_that_is_too_large_is_told_as_such(client: TestClient) -> None:
    told(client.post("/changes", content=b'"' + b"x" * 1_100_000 + b'"'), 413, "body-too-large")


def test_an_announced_giant_is_refused_before_it_is_sent() -> None:
    """The client sends not one byte of its body and has its answer."""
    with behind_a_server(guarded(taken).app) as address, connected(address) as peer:
        peer.sendall(b"POST /taken HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert b"413" in peer.recv(200)


def connected(address: str) -> socket.socket:
    place = urlsplit(address)
    return socket.create_connection((place.hostname, place.port), timeout=10)


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    client = guarded(taken, bounds=Bounds(body_s=0.3))
    with behind_a_server(client.app) as address, connected(address) as peer:
        peer.sendall(b"POST /taken HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        began = time.monotonic()
        answer = peer.recv(4000)
        assert time.monotonic() - began < 5
        assert b"408" in answer.splitlines()[0]
        assert b"body-too-slow" in answer + peer.recv(4000)


def test_a_body_that_trickles_is_ended() -> None:
    """Each byte alone comes soon enough; all together they do not."""
    client = guarded(taken, bounds=Bounds(body_s=0.5))
    with behind_a_server(client.app) as address, connected(address) as peer:
        peer.sendall(b"POST /taken HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            peer.sendall(b"x")
            time.sleep(0.05)
            peer.setblocking(False)
            try:
                answer = peer.recv(4000)
            except BlockingIOError:
                continue
            finally:
                peer.setblocking(True)
            assert b"408" in answer
            return
    raise AssertionError("it was waited for")


def test_a_large_body_may_take_longer() -> None:
    """Three parts a fifth of a second apart outlast the time of an empty body, and are many bytes."""
    client = guarded(taken, bounds=Bounds(body_s=0.3, body_bytes_per_s=100_000))
    with behind_a_server(client.app) as address, connected(address) as peer:
        peer.sendall(b"POST /taken HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
        for _ in range(3):
            peer.sendall(b"x" * 100_000)
            time.sleep(0.2)
        assert b"200 OK" in peer.recv(4000)


def test_a_request_that_takes_too_long_is_answered() -> None:
    def dawdle() -> None:
        time.sleep(1)

    began = time.monotonic()
    answer = guarded(dawdle, bounds=Bounds(request_s=0.2)).get("/dawdle")
    told(answer, 503, "out-of-time")
    assert answer.headers["retry-after"]
    assert time.monotonic() - began < 5


def test_an_endpoint_may_say_that_it_takes_longer() -> None:
    def large() -> str:
        time.sleep(0.4)
        return "done"

    def larger() -> None:
        time.sleep(2)

    client = guarded(bounds=Bounds(request_s=0.2))
    assert isinstance(client.app, FastAPI)
    client.app.add_api_route("/large", large, openapi_extra=may_last(5))
    client.app.add_api_route("/larger", larger, openapi_extra=may_last(1))
    assert (client.get("/large").status_code, client.get("/large").json()) == (200, "done")
    assert "超过 1 秒" in told(client.get("/larger"), 503, "out-of-time")["detail"]


def test_what_was_answered_as_too_late_is_not_written(fresh_engine: Engine) -> None:
    ended = threading.Event()

    def write_slowly(tx: Tx) -> None:
        tx.journal("note", "某事")
        tx.session.flush()
        time.sleep(0.6)
        ended.set()

    client = guarded(write_slowly, engine=fresh_engine, bounds=Bounds(request_s=0.3))
    with behind_a_server(client.app) as address:
        told(httpx.post(f"{address}/write_slowly"), 503, "out-of-time")
        assert ended.wait(5)
        time.sleep(0.2)
    with session_factory(fresh_engine)() as session:
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 0


def test_a_commit_that_came_first_is_answered_however_late(fresh_engine: Engine) -> None:
    def write(tx: Tx) -> str:
        tx.journal("note", "某事")
        event.listen(tx.session, "after_commit", lambda _: time.sleep(0.6))
        return "written"

    answer = guarded(write, engine=fresh_engine, bounds=Bounds(request_s=0.3)).post("/write")
    assert (answer.status_code, answer.json()) == (200, "written")


def test_a_stuck_lock_is_told_and_nothing_is_written(
    fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(tx: Tx) -> None:
        tx.journal("note", "某事")
        tx.session.flush()
        tx.session.execute(text("LOCK TABLE division IN EXCLUSIVE MODE"))

    monkeypatch.setattr(web_sessions, "LOCK_TIMEOUT_MS", 100)
    client = guarded(change, engine=fresh_engine)
    with fresh_engine.begin() as other:
        other.execute(text("LOCK TABLE division IN EXCLUSIVE MODE"))
        answer = client.post("/change")
        assert "占用" in told(answer, 503, "registers-busy")["detail"]
        assert answer.headers["retry-after"]
    with session_factory(fresh_engine)() as session:
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 0
    assert client.post("/change").status_code == 200


def test_a_transaction_that_stands_idle_is_ended(
    fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ponder(tx: Tx) -> None:
        tx.session.execute(text("SELECT 1"))
        time.sleep(0.5)
        tx.journal("note", "某事")
        tx.session.flush()

    monkeypatch.setattr(web_sessions, "IDLE_TIMEOUT_MS", 100)
    told(guarded(ponder, engine=fresh_engine).post("/ponder"), 503, "database-unavailable")


def test_more_requests_than_can_be_borne_are_sent_away() -> None:
    client = guarded(asked, bounds=Bounds(at_once=0))
    told(client.get("/asked"), 503, "overloaded")


def test_requests_are_counted_in_and_out() -> None:
    def count() -> int:
        return traffic_of(app).under_way

    client = guarded(count, taken)
    app: FastAPI = client.app  # type: ignore[assignment]
    assert [client.get("/count").json() for _ in range(3)] == [1, 1, 1]
    client.post("/taken", content=b"x" * 2_000_000)
    traffic = traffic_of(app)
    assert (traffic.under_way, traffic.unanswered) == (0, 0)


def test_reading_and_writing_have_budgets_of_their_own() -> None:
    client = guarded(asked, rates=Rates(reading="3/minute", writing="2/minute"))
    assert [client.get("/asked").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [client.post("/asked").status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get("/asked")
    assert "60 秒内至多 3 次" in told(answer, 429, "too-many-requests")["detail"]
    assert 1 <= int(answer.headers["retry-after"]) <= 120
    assert answer.headers["ratelimit-policy"] == '"reading";q=3;w=60'
    assert answer.headers["ratelimit"].startswith('"reading";r=0;t=')


def test_a_budget_is_there_again_after_its_time() -> None:
    client = guarded(asked, rates=Rates(reading="1/second"))
    assert [client.get("/asked").status_code for _ in range(2)] == [200, 429]
    time.sleep(2.1)
    assert client.get("/asked").status_code == 200


def test_whether_the_process_lives_may_always_be_asked() -> None:
    def readyz() -> str:
        return "ready"

    client = guarded(readyz, rates=Rates(reading="1/minute"))
    assert [client.get("/readyz").status_code for _ in range(3)] == [200] * 3


def test_a_credential_has_a_budget_wherever_it_is_shown() -> None:
    client = guarded(asked, rates=Rates(reading="2/minute"), trusted_proxies=("testclient",))

    def ask(address: str, token: str) -> int:
        headers = {"X-Forwarded-For": address, "Authorization": f"Bearer {token}"}
        return client.get("/asked", headers=headers).status_code

    assert [ask(f"10.0.0.{number}", "a") for number in range(3)] == [200, 200, 429]
    assert ask("10.0.0.9", "b") == 200


def test_an_address_is_believed_only_from_a_trusted_proxy() -> None:
    client = guarded(asked, rates=Rates(reading="2/minute"))
    forged = [
        client.get("/asked", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(3)
    ]
    assert forged == [200, 200, 429]


def test_all_addresses_of_one_subscriber_share_a_budget() -> None:
    client = guarded(asked, rates=Rates(reading="2/minute"), trusted_proxies=("testclient",))

    def ask(address: str) -> int:
        return client.get("/asked", headers={"X-Forwarded-For": address}).status_code

    assert [ask(f"2001:db8::{number:x}") for number in range(3)] == [200, 200, 429]
    assert ask("2001:db8:1::1") == 200


def test_signing_in_has_the_smallest_budget() -> None:
    app = Service()
    guard(app, Settings(home=Path("unused"), rates=Rates(signing_in="2/minute")))
    app.add_api_route("/sign-in", asked, methods=["POST"], dependencies=[Depends(count_sign_in)])
    client = TestClient(app)
    assert [client.post("/sign-in").status_code for _ in range(2)] == [200, 200]
    assert "登录" in told(client.post("/sign-in"), 429, "too-many-requests")["detail"]


def test_a_store_of_rates_that_is_away_limits_nobody(caplog: pytest.LogCaptureFixture) -> None:
    client = guarded(asked, rates=Rates(reading="1/minute", storage="redis://:secret@127.0.0.1:1"))
    assert [client.get("/asked").status_code for _ in range(3)] == [200] * 3
    assert "store of rates is away" in caplog.text
    assert "secret" not in caplog.text


def test_an_unknown_store_of_rates_is_refused_without_telling_its_password() -> None:
    with pytest.raises(InvalidInput) as refused:
        Ration(Rates(storage="nosuch://:secret@host"))
    assert "secret" not in str(refused.value)


def test_the_contract_names_what_the_edges_refuse() -> None:
    for path, methods in service().openapi()["paths"].items():
        for operation in methods.values():
            assert {"408", "413", "414", "429", "431", "503"} <= set(operation["responses"]), path
