"""A real server of its own process: how it treats slow peers, and how it goes down."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import psutil
import pytest
from sqlalchemy import create_engine, text

PROGRAM = """
import sys, time
from pathlib import Path
from fastapi import Response
from gis_service.foundation.settings import Settings
from gis_service.foundation.web import Service, guard, serving

def app():
    made = Service()
    guard(made, Settings(home=Path("unused")))
    made.add_api_route("/slow", lambda: time.sleep(1.5) or "ended")
    made.add_api_route("/readyz", lambda: "ready")
    made.add_api_route("/healthz", lambda: "alive")
    made.add_api_route("/large", lambda: Response(b"x" * 10_000_000))
    return made

serving.LOOK_EVERY_S, serving.HEAD_S, serving.READER_S = 0.1, 0.5, 0.5
serving.READER_BYTES_PER_S = 5_000_000
serving.serve("__main__:app", host="127.0.0.1", port=int(sys.argv[1]))
"""


@dataclass
class Served:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


@pytest.fixture
def served() -> Iterator[Served]:
    with running([sys.executable, "-c", PROGRAM]) as served:
        yield served


@contextmanager
def running(command: list[str], environment: dict[str, str] | None = None) -> Iterator[Served]:
    """A process that serves on a free port, given as its last argument."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, str(port)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    served = Served(process, port)
    try:
        eventually(lambda: process.poll() is not None or answers(served))
        yield served
    finally:
        process.kill()
        process.communicate()


def answers(served: Served) -> bool:
    try:
        return httpx.get(f"{served.address}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def eventually(claim: Callable[[], object], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def test_what_is_under_way_ends_and_what_comes_anew_is_refused(served: Served) -> None:
    answers_got: list[httpx.Response] = []
    asking = Thread(target=lambda: answers_got.append(httpx.get(f"{served.address}/slow", timeout=10)))
    asking.start()
    time.sleep(0.5)
    served.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    ready = httpx.get(f"{served.address}/readyz")
    assert (ready.status_code, ready.json()["type"]) == (503, "/problems/going-down")
    assert ready.headers["connection"] == "close"
    assert httpx.get(f"{served.address}/healthz").status_code == 200
    asking.join()
    assert answers_got[0].json() == "ended"
    assert served.process.wait(10) == 0


def test_an_idle_server_stops_at_once_also_with_connections_kept(served: Served) -> None:
    with httpx.Client() as kept:
        assert kept.get(f"{served.address}/readyz").status_code == 200
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert time.monotonic() - began < 4


def test_told_twice_it_does_not_wait(served: Served) -> None:
    with served.connected() as peer:
        peer.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0


@pytest.mark.parametrize("head", [b"", b"GET /readyz HTTP/1.1\r\n", b"GET /read"])
def test_a_head_that_does_not_come_is_not_waited_for(served: Served, head: bytes) -> None:
    with served.connected() as peer:
        peer.sendall(head)
        assert ended(peer, within_s=5)


def test_a_head_that_trickles_is_ended(served: Served) -> None:
    """Every byte comes soon after the one before."""
    with served.connected() as peer:
        began = time.monotonic()
        while time.monotonic() - began < 8:
            try:
                peer.sendall(b"x")
                time.sleep(0.05)
            except OSError:
                return
    raise AssertionError("it was waited for")


def test_a_reader_that_does_not_read_is_let_go(served: Served) -> None:
    """The server's end is asked: what lies in the kernel's buffers would be read for minutes yet."""
    with served.connected() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: holds(served, peer))
        eventually(lambda: not holds(served, peer))


def holds(served: Served, peer: socket.socket) -> bool:
    """Whether the server keeps its end of a connection open."""
    ends = psutil.Process(served.process.pid).net_connections(kind="tcp4")
    return peer.getsockname() in [tuple(end.raddr) for end in ends if end.raddr]


def test_a_reader_that_reads_gets_all(served: Served) -> None:
    assert len(httpx.get(f"{served.address}/large", timeout=30).content) == 10_000_000


def test_the_server_does_not_say_what_it_is(served: Served) -> None:
    assert "server" not in httpx.get(f"{served.address}/readyz").headers


def ended(peer: socket.socket, within_s: float) -> bool:
    peer.settimeout(within_s)
    try:
        return peer.recv(100) == b""
    except ConnectionError:
        return True


def test_the_service_itself_goes_down_without_a_half_written_change(
    make_database: Callable[[], str], tmp_path: Path
) -> None:
    url = make_database()
    command = [sys.executable, "-m", "gis_service.cli", "serve", "--port"]
    environment = {**os.environ, "GIS_DATABASE_URL": url, "GIS_HOME": str(tmp_path)}
    with running(command, environment) as served:
        assert httpx.get(f"{served.address}/readyz").json()["status"] == "ready"
        served.process.send_signal(signal.SIGTERM)
        _, told = served.process.communicate(timeout=20)
        assert served.process.returncode == 0
    assert re.search(r'"route": "/readyz".*"status": 200', told)
    engine = create_engine(url)
    with engine.connect() as connection:
        left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        assert connection.scalar(text(left)) == 1, "only we ourselves"
    engine.dispose()
