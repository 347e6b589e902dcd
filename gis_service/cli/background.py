"""A service that goes on in the background: started once, found again, stopped by its own pid only."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from gis_service.foundation.errors import Conflict
from gis_service.foundation.settings import Settings

START_SECONDS = 30.0
STOP_SECONDS = 45.0  # what is under way may end first
PORTS_TO_TRY = 50


def is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start_service(settings: Settings) -> str:
    """The address of the running service; starts one, on the next free port, where none runs.

    Raises:
        Conflict: no free port, or the service does not come up; names its log.
    """
    running = _running(settings)
    if running is not None:
        return _address(running[1])
    port = next((p for p in range(settings.port, settings.port + PORTS_TO_TRY) if is_free(p)), None)
    if port is None:
        raise Conflict(f"{settings.port} 起的 {PORTS_TO_TRY} 个端口都被占用", way_out="用 GIS_PORT 指定端口")
    log = settings.home / "service.log"
    with log.open("ab") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "gis_service.cli", "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            env=settings.for_children(),
        )
    _note(settings).write_text(json.dumps({"pid": child.pid, "port": port}), encoding="utf-8")
    _wait_until_up(child, port, log)
    return _address(port)


def _wait_until_up(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        if _answers(port):
            return
        time.sleep(0.1)
    raise Conflict("服务没有启动成功", way_out=f"请看日志 {log}")


def stop_service(settings: Settings) -> bool:
    """Stop the background service, if it is ours and runs."""
    running = _running(settings)
    if running is None:
        return False
    pid, _ = running
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_ours(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    _note(settings).unlink(missing_ok=True)
    return True


def _running(settings: Settings) -> tuple[int, int] | None:
    """Pid and port of our service, if the note is true: the pid may belong to somebody else by now."""
    try:
        noted = json.loads(_note(settings).read_text(encoding="utf-8"))
        pid, port = int(noted["pid"]), int(noted["port"])
    except (OSError, ValueError, KeyError):
        return None
    return (pid, port) if _is_ours(pid) and _answers(port) else None


def _is_ours(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"gis_service.cli" in command and b"serve" in command


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1.0) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _note(settings: Settings) -> Path:
    return settings.home / "service.json"


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"
