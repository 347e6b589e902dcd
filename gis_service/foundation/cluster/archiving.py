"""Keeping the write-ahead log of the private cluster for good: what a restore to any moment needs.

Each finished segment, and an unfinished one after a minute, is copied whole, never over another.
"""

from __future__ import annotations

import shlex
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gis_service.foundation.cluster.account import Account, account_for
from gis_service.foundation.cluster.address import SUPERUSER, read_address
from gis_service.foundation.cluster.binaries import choose
from gis_service.foundation.cluster.conf import ARCHIVE_CONF_FILE, lines
from gis_service.foundation.cluster.machine import Machine
from gis_service.foundation.cluster.place import Place, find_place
from gis_service.foundation.cluster.writing import write_private
from gis_service.foundation.errors import Conflict, DatabaseUnavailable, InvalidInput

LONGEST_WAIT_S = 60  # so much of the latest work is lost at most with the disk of the database

# An equal segment that is there already is one whose copying the server did not live to note.
COPY = (
    "if test -e {place}; then cmp -s %p {place}; "
    "else cp %p {beside} && sync {beside} && mv {beside} {place} && sync {folder}; fi"
)


@dataclass(frozen=True, slots=True)
class Archive:
    """How archiving stands. `folder` is None where it is off; `needs_restart` until the server can begin."""

    folder: Path | None
    needs_restart: bool = False
    kept: int = 0
    newest_at: datetime | None = None
    failed: int = 0
    failed_at: datetime | None = None


def begin_archiving(home: Path, folder: Path | None = None) -> Archive:
    """Keep the log in `folder` from now on; without one, beside the data.

    Raises:
        InvalidInput: the folder cannot be made, or the server's account cannot write there.
        Conflict: it holds the log of another cluster.
    """
    place = find_place(home)
    account = account_for(place.home, place.folder)
    wanted = _made(folder.absolute() if folder else place.folder / "archive", account)
    _refuse_foreign(wanted, place)
    values = {"archive_command": copy_command(wanted), "archive_timeout": f"{LONGEST_WAIT_S}s"}
    note = f"# archive: {wanted}\n"
    write_private(place.data / ARCHIVE_CONF_FILE, note + lines(values), like=place.folder)
    return _reloaded(home)


def end_archiving(home: Path) -> Archive:
    """Keep no more of the log; what is kept stays."""
    (find_place(home).data / ARCHIVE_CONF_FILE).unlink(missing_ok=True)
    return _reloaded(home)


def archive_of(home: Path) -> Archive:
    """How archiving stands at the cluster of `home`, which runs."""
    place = find_place(home)
    folder = archive_folder(place)
    if folder is None:
        return Archive(None)
    asked = (
        "SELECT current_setting('archive_mode') = 'off', archived_count, last_archived_time, "
        "failed_count, last_failed_time FROM pg_stat_archiver"
    )
    [row] = _asked(place, asked)
    return Archive(folder, *row)


def archive_folder(place: Place) -> Path | None:
    """Where the log is kept, by the cluster's own configuration; None where it is not."""
    try:
        first = (place.data / ARCHIVE_CONF_FILE).read_text(encoding="utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return Path(first.removeprefix("# archive: "))


def forget_before(home: Path, segment: str) -> None:
    """Remove from the archive what no backup needs any more: all before `segment`."""
    place = find_place(home)
    folder = archive_folder(place)
    if folder is None:
        return
    binaries = choose(Machine(), major=place.major)
    account = account_for(place.home, place.folder)
    done = account.run([binaries["pg_archivecleanup"], str(folder), segment], cwd=Path("/"))
    if done.returncode != 0:
        raise DatabaseUnavailable(f"归档 {folder} 未能清理：{done.stderr.strip()}", way_out="请检查其权限")


def copy_command(folder: Path) -> str:
    """What the server runs for every finished segment: `%p` is where it is, `%f` its name."""
    quoted = {
        "place": f"{shlex.quote(str(folder))}/%f",
        "beside": f"{shlex.quote(str(folder))}/.%f",
        "folder": shlex.quote(str(folder)),
    }
    return COPY.format(**quoted)


def _made(folder: Path, account: Account) -> Path:
    if "%" in str(folder) or "\n" in str(folder):
        raise InvalidInput(f"归档目录 {folder} 的路径中不能有 % 或换行", way_out="请换一个目录")
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            account.take(folder)
    except OSError as error:
        raise InvalidInput(f"无法建立归档目录 {folder}：{error.strerror}", way_out="请换一个目录") from error
    if not account.may_enter(folder):
        raise InvalidInput(
            f"系统账户 {account.name} 不能写入归档目录 {folder}",
            way_out=f"请执行 chown {account.name} '{folder}'，并放开其上级目录的通行权限",
        )
    return folder


def _refuse_foreign(folder: Path, place: Place) -> None:
    """A note in the archive names its cluster: two that mix their logs could restore neither."""
    [(identifier,)] = _asked(place, "SELECT system_identifier::text FROM pg_control_system()")
    note = folder / "CLUSTER"
    if note.is_file() and note.read_text(encoding="ascii").strip() != identifier:
        raise Conflict(f"归档目录 {folder} 属于另一个数据库集群", way_out="请换一个空目录")
    write_private(note, f"{identifier}\n", like=folder)


def _reloaded(home: Path) -> Archive:
    place = find_place(home)
    _asked(place, "SELECT pg_reload_conf()")
    return archive_of(home)


def _asked(place: Place, question: str) -> list[tuple[Any, ...]]:
    address = read_address(place)
    if address is None:
        raise DatabaseUnavailable("数据库没有启动", way_out="请运行 gis-service database start")
    with closing(address.connect(role=SUPERUSER, database="postgres")) as server, server.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
