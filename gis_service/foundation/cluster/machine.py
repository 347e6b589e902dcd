"""What the cluster asks of the machine it runs on; a test replaces one answer to bring about a fault."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]

MIB = 1024 * 1024
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
SHARED_MEMORY = Path("/dev/shm")
CRAMPED_SHARED_MEMORY_BYTES = 512 * MIB  # containers often get 64 MiB, too little for parallel queries


def quiet(_message: str) -> None:
    """Say nothing: the default of every `say`."""


def free_bytes(folder: Path) -> int:
    """Bytes an ordinary account may still write in the file system of `folder`."""
    return shutil.disk_usage(folder).free


def free_port() -> int:
    """A loopback TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_bytes() -> int:
    """Memory of the machine, or of the container around us when that is less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if not CONTAINER_LIMIT.is_file():
        return physical
    limit = CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    return min(physical, int(limit)) if limit.isdigit() else physical


def has_ample_shared_memory() -> bool:
    """Whether POSIX shared memory is large enough for parallel queries."""
    return SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).total >= CRAMPED_SHARED_MEMORY_BYTES


def binary_folders() -> tuple[str, ...]:
    """Patterns of folders with PostgreSQL servers: Debian's, Red Hat's, and the one on the path if any."""
    usual = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
    on_path = shutil.which("initdb")
    return usual if on_path is None else (*usual, str(Path(on_path).resolve().parent))


def short_folders() -> tuple[Path, ...]:
    """Where a short socket path may be made when the one below the home is too long."""
    return (Path(tempfile.gettempdir()), Path("/run/user") / str(os.geteuid()))


@dataclass(frozen=True, slots=True)
class Machine:
    """Places and measures of this machine.

    `outside` takes the data of a home that the server account cannot reach (only root may write there).
    """

    binaries: tuple[str, ...] = field(default_factory=binary_folders)
    outside: Path = Path("/var/lib/gis-service")
    short_folders: Callable[[], tuple[Path, ...]] = field(default=short_folders)
    free_bytes: Callable[[Path], int] = field(default=free_bytes)
    free_port: Callable[[], int] = field(default=free_port)
    memory_bytes: Callable[[], int] = field(default=memory_bytes)
