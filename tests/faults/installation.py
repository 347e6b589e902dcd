"""A real installation: a durable private cluster, and servers in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from gis_service.foundation.cluster import Machine, ensure_cluster, temporary_home
from gis_service.foundation.cluster.place import find_place
from gis_service.foundation.errors import DatabaseUnavailable

UP_WITHIN_S = 120.0
ENDS_WITHIN_S = 60.0
STEP_S = 0.05
UNHURRIED = {"GIS_RATE_READING": "off", "GIS_RATE_WRITING": "off", "GIS_RATE_SIGN_IN": "off"}


@dataclass
class Server:
    """One web server of the installation, on a port that it keeps over its deaths."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        """Whether its process is alive."""
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Whether it may be sent work."""
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@dataclass
class Installation:
    """A home with everything that runs on it."""

    home: Path
    servers: list[Server]
    commands: set[subprocess.Popen[str]] = field(default_factory=set)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return find_place(self.home).data

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIS_")}
        return kept | {"GIS_HOME": str(self.home)} | UNHURRIED

    def bring_up(self) -> None:
        """Start whatever does not run, as a supervisor would, and wait until all is ready."""
        deadline = time.monotonic() + UP_WITHIN_S
        while not self._is_up():
            assert time.monotonic() < deadline, self.log_tail()
            time.sleep(STEP_S)

    def _is_up(self) -> bool:
        try:
            ensure_cluster(self.home)
        except DatabaseUnavailable:
            return False  # killed again while it started
        for server in self.servers:
            if not server.runs:
                self._start(server)
        return all(server.is_ready() for server in self.servers)

    def _start(self, server: Server) -> None:
        command = [sys.executable, "-m", "gis_service.cli", "serve", "--port", str(server.port)]
        with (self.home / "servers.log").open("ab") as log:
            server.process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command as an operator does; it may be killed like everything else."""
        command = [sys.executable, "-m", "gis_service.cli", *map(str, words)]
        with subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self.commands.add(process)
            out, err = process.communicate()
            self.commands.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def terminate_servers(self) -> list[int]:
        """Ask all servers to end in order; their exit codes."""
        processes = [server.process for server in self.servers if server.process is not None]
        for process in processes:
            process.send_signal(signal.SIGTERM)
        return [process.wait(timeout=ENDS_WITHIN_S) for process in processes]

    def log_tail(self) -> str:
        """What servers said of errors in themselves, and the last words of the database."""
        said = (self.home / "servers.log").read_text(encoding="utf-8", errors="replace")
        unexpected = re.findall(r'^\{.*"message": "request failed".*$', said, re.MULTILINE)
        database = find_place(self.home).log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(each[-3000:] for each in [*unexpected, database])

    def close(self) -> None:
        """Let no process of it outlive it; the cluster is removed with the home."""
        for process in [*self.commands, *(server.process for server in self.servers if server.process)]:
            process.kill()
            process.wait()


@contextmanager
def installed(servers: int) -> Iterator[Installation]:
    """An installation that is gone afterwards."""
    with temporary_home() as home:
        machine = Machine()
        installation = Installation(home, [Server(machine.free_port()) for _ in range(servers)])
        try:
            yield installation
        finally:
            installation.close()
