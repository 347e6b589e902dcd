"""Which server processes really work in a data directory: asked of the kernel, not of a pid file."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
PROGRAM = "postgres"


def working_in(data: Path) -> frozenset[int]:
    """Process ids of every PostgreSQL process whose working directory is `data`.

    PostgreSQL's processes all stay in their data directory. Those of other accounts are invisible to an
    ordinary user, but only the owner's can run there.
    """
    try:
        wanted = data.stat()
    except FileNotFoundError:
        return frozenset()
    return frozenset(int(entry.name) for entry in PROC.iterdir() if _works_in(entry, wanted))


def postmaster_of(data: Path, processes: frozenset[int]) -> int | None:
    """The living postmaster: the one the pid file names, if it is among `processes`."""
    try:
        first_line = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.strip().isdigit() and int(first_line) in processes else None


def _works_in(entry: Path, wanted: os.stat_result) -> bool:
    if not entry.name.isdigit():
        return False
    try:
        if (entry / "comm").read_text(encoding="utf-8", errors="replace").strip() != PROGRAM:
            return False
        return os.path.samestat((entry / "cwd").stat(), wanted)
    except OSError:  # ended meanwhile, a zombie, or another account's
        return False
