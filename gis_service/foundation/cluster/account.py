"""The system account the server runs as: PostgreSQL refuses root, so root steps down to another account."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.errors import DatabaseUnavailable

SERVER_ACCOUNTS = ("postgres", "nobody")
ROOT = 0
# Nothing of the caller's environment reaches the server: PGDATA or PROJ_DATA would mislead it.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """A system account that owns a cluster."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as the account already."""
        return self.uid == os.geteuid()

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        keep_open: Sequence[int] = (),
        text_in: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, out of reach of signals to our process group."""
        return subprocess.run(
            command,
            cwd=cwd,
            env=ENVIRONMENT,
            input=text_in,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            pass_fds=keep_open,
            user=None if self.is_ours else self.uid,
            group=None if self.is_ours else self.gid,
            extra_groups=None if self.is_ours else [],
        )

    def may_enter(self, folder: Path) -> bool:
        """Whether the account can reach `folder` and write in it."""
        if self.is_ours:
            return os.access(folder, os.W_OK | os.X_OK)
        question = ["test", "-w", str(folder), "-a", "-x", str(folder)]
        return self.run(question, cwd=Path("/")).returncode == 0

    def take(self, path: Path) -> None:
        """Make the account the owner of `path`; raises PermissionError where the file system forbids it."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(home: Path, folder: Path) -> Account:
    """Who owns, or is to own, the cluster in `folder` of `home`.

    An ordinary user: that user. Root: the owner of the cluster, else of the home, else a service account.
    """
    if os.geteuid() != ROOT:
        return named_account(os.geteuid())
    for place in (folder, home):
        if place.exists() and place.stat().st_uid != ROOT and _is_known(place.stat().st_uid):
            return named_account(place.stat().st_uid)
    for name in SERVER_ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        "数据库不能以 root 身份运行，而本机没有 postgres 或 nobody 账户",
        way_out="请安装 postgresql 软件包，或换用普通用户运行",
    )


def named_account(uid: int) -> Account:
    """The account with this number; PostgreSQL needs it to have a name.

    Raises:
        DatabaseUnavailable: the number is not in the list of accounts, as in some containers.
    """
    if not _is_known(uid):
        raise DatabaseUnavailable(
            f"用户编号 {uid} 在本机没有账户名，PostgreSQL 无法以其身份运行",
            way_out="请在 /etc/passwd 中登记该用户，或换用已有账户运行",
        )
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def name_of(uid: int) -> str:
    """The account's name for a message, or its number where it has none."""
    return pwd.getpwuid(uid).pw_name if _is_known(uid) else str(uid)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
