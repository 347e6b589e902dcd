"""One process at a time makes, starts or stops the cluster of a home."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_service.foundation.cluster.machine import Say
from gis_service.foundation.cluster.trouble import from_system
from gis_service.foundation.errors import DatabaseUnavailable

PATIENCE_S = 300.0
STEP_S = 0.02


@contextmanager
def only_one(path: Path, say: Say, *, patience_s: float = PATIENCE_S) -> Iterator[int]:
    """Hold the lock on `path`; yields its descriptor.

    A child that inherits the descriptor keeps the lock when this process is killed: so an initdb that goes on
    alone is waited for. The lock ends with its last holder, never with a file left behind.

    Raises:
        DatabaseUnavailable: the file cannot be made, or the lock is not had within `patience_s` seconds.
    """
    descriptor = _acquire(path, say, time.monotonic() + patience_s)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(path: Path, say: Say, deadline: float) -> int:
    waiting = False
    while True:
        descriptor = _open(path)
        if _try_lock(descriptor) and _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)
        if not waiting:
            say("另一个进程正在准备数据库，请稍候……")
            waiting = True
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                "另一个进程长时间占用数据库的启动锁",
                way_out=f"请用 fuser -v {path} 查看是哪个进程，结束它后重试",
            )
        time.sleep(STEP_S)


def _open(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if os.geteuid() == 0:
            home = path.parent.stat()
            os.fchown(descriptor, home.st_uid, home.st_gid)
    except OSError as error:
        raise from_system(error, f"无法在 {path.parent} 写入") from error
    return descriptor


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the locked file is the one `path` names now (the home may have been removed)."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
