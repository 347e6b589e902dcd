"""Whom SIGKILL hits: always processes of one installation, found in the moment of the kill."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

import psutil

from gis_service.foundation.cluster.processes import postmaster_of, working_in
from tests.faults.installation import Installation

Choose = Callable[[Installation, random.Random], set[int]]


def _one_server(installation: Installation, chance: random.Random) -> set[int]:
    running = sorted(_servers(installation))
    return {chance.choice(running)} if running else set()


def _all_servers(installation: Installation, _chance: random.Random) -> set[int]:
    return _servers(installation)


def _postmaster(installation: Installation, _chance: random.Random) -> set[int]:
    postmaster = postmaster_of(installation.data, working_in(installation.data))
    return {postmaster} if postmaster else set()


def _one_backend(installation: Installation, chance: random.Random) -> set[int]:
    backends = working_in(installation.data) - _postmaster(installation, chance)
    return {chance.choice(sorted(backends))} if backends else set()


def _whole_database(installation: Installation, _chance: random.Random) -> set[int]:
    return set(working_in(installation.data))


def _one_command(installation: Installation, chance: random.Random) -> set[int]:
    running = sorted(process.pid for process in tuple(installation.commands) if process.poll() is None)
    return {chance.choice(running)} if running else set()


def _everything(installation: Installation, chance: random.Random) -> set[int]:
    """As when the power fails, but for what the kernel has not written yet."""
    commands = {process.pid for process in tuple(installation.commands)}
    return _servers(installation) | _whole_database(installation, chance) | commands


def _servers(installation: Installation) -> set[int]:
    return {process.pid for server in installation.servers if (process := server.process) and server.runs}


VICTIMS: Mapping[str, Choose] = {
    "one server": _one_server,
    "all servers": _all_servers,
    "the postmaster": _postmaster,
    "one process of PostgreSQL": _one_backend,
    "all processes of PostgreSQL": _whole_database,
    "a command": _one_command,
    "everything": _everything,
}


def kill(pids: set[int]) -> int:
    """SIGKILL to all and to the children of each; how many were hit."""
    hit = 0
    for pid in pids | _children(pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            hit += 1
    return hit


def _children(pids: set[int]) -> set[int]:
    """Worker processes of a server; what a killed postmaster leaves behind is left to end by itself."""
    found: set[int] = set()
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.name() != "postgres":
                found |= {child.pid for child in process.children(recursive=True)}
    return found
