"""Putting a backup back: into a home of its own, which is moved to its place when it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from gis_service.foundation.backup.database import LOGICAL, PHYSICAL, Server, server_of, snapshot_of
from gis_service.foundation.backup.making import DATABASE_FOLDER
from gis_service.foundation.backup.manifest import Form, Manifest
from gis_service.foundation.cluster import ClusterState, cluster_status, ensure_cluster
from gis_service.foundation.cluster.adopting import Replay, adopt_cluster
from gis_service.foundation.cluster.machine import Say
from gis_service.foundation.errors import Conflict, DatabaseUnavailable, InvalidInput
from gis_service.foundation.settings import Settings

LATEST = "latest"
_EXTENSIONS = re.compile(r" EXTENSION | TABLE DATA \S+ spatial_ref_sys ")
PLACES = {"checkpoints": "checkpoints_dir", "files": "files_dir", "editions": "editions_dir"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored: a backup, and the moment after it, if not that of the backup itself.

    `until` is a time, or LATEST for all that was archived; `archive` overrides where the backup says that is.
    """

    backup: Path
    manifest: Manifest
    until: datetime | str | None = None
    archive: Path | None = None

    @property
    def replay(self) -> Replay | None:
        """The log to be played after the backup's own.

        Raises:
            InvalidInput: the backup cannot be brought to another moment, or not to this one.
        """
        if self.until is None:
            return None
        archive = self.archive or self.manifest.archive
        if self.manifest.form is Form.logical:
            raise InvalidInput(
                "这份备份是导出的内容，只能恢复到备份的时刻", way_out="请去掉 --at，或改用物理备份"
            )
        if archive is None or not archive.is_dir():
            raise InvalidInput(
                "没有归档的日志，只能恢复到备份的时刻" if archive is None else f"没有归档目录 {archive}",
                way_out="请去掉 --at；有归档的，用 --wal 写出其目录",
            )
        if isinstance(self.until, datetime) and self.until < self.manifest.finished_at:
            raise InvalidInput(
                f"所要的时刻早于备份完成的时刻 {self.manifest.finished_at:%Y-%m-%d %H:%M:%S %Z}",
                way_out="请改用更早的备份",
            )
        return Replay(archive, self.until if isinstance(self.until, datetime) else None)


def refuse_unfit(home: Path, *, force: bool) -> None:
    """Refuse a home that holds anything, or, with `force`, one whose database runs.

    Raises:
        Conflict: says which.
    """
    if cluster_status(home).state in {ClusterState.running, ClusterState.unresponsive}:
        raise Conflict(f"{home} 的数据库正在运行，不能在其上恢复", way_out="请先运行 gis-service stop")
    if not force and home.is_dir() and any(home.iterdir()):
        raise Conflict(
            f"{home} 不是空目录，未作任何改动",
            way_out="请用 --to 写一个空目录，或加 --force（原目录改名保留）",
        )


def move_aside(home: Path, at: datetime) -> Path | None:
    """Give a home that holds something another name; None when there was nothing to move."""
    if not home.is_dir() or not any(home.iterdir()):
        return None
    aside = home.with_name(f"{home.name}.before-{at:%Y%m%dT%H%M%SZ}")
    home.rename(aside)
    return aside


def put_back(wanted: Wanted, home: Path, say: Say) -> str:
    """Restore files and database into an empty home, and start it; returns the URL of the database."""
    replay = wanted.replay
    _put_files(wanted.backup, Settings(home=home))
    if wanted.manifest.form is Form.physical:
        copy = wanted.backup / DATABASE_FOLDER / PHYSICAL
        major = wanted.manifest.facts.postgresql_major
        return adopt_cluster(home, copy, major=major, replay=replay, say=say)
    return _loaded(wanted, home, say)


def _put_files(backup: Path, settings: Settings) -> None:
    for name, setting in PLACES.items():
        if (backup / name).is_dir():
            shutil.copytree(backup / name, getattr(settings, setting))
    if (backup / "keys").is_dir():
        folder = settings.journal_key_file.parent
        shutil.copytree(backup / "keys", folder)
        for key in folder.iterdir():
            key.chmod(0o600)


def _loaded(wanted: Wanted, home: Path, say: Say) -> str:
    """A cluster of its own with the content of a dump; extensions are there, and belong to the superuser."""
    url = ensure_cluster(home, say=say)
    server = server_of(home, url)
    copy = wanted.backup / DATABASE_FOLDER / LOGICAL
    listed = _run(server, "pg_restore", ["--list", str(copy)])
    contents = home / "contents.list"
    wanted_lines = (line for line in listed.splitlines(keepends=True) if not _EXTENSIONS.search(line))
    contents.write_text("".join(wanted_lines), encoding="utf-8")
    options = ["--single-transaction", "--no-owner", "--role", _owner(server), f"--use-list={contents}"]
    _run(server, "pg_restore", [*options, f"--dbname={server.connection_words}", str(copy)])
    contents.unlink()
    return url


def _owner(server: Server) -> str:
    """Who owns the database; its tables are to belong to the same role."""
    asked = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    with snapshot_of(server) as session:
        return str(session.scalar(text(asked)))


def _run(server: Server, program: str, options: list[str]) -> str:
    done = subprocess.run(
        [server.binaries[program], *options],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise DatabaseUnavailable(f"{program} 没有完成：{last}", way_out="请按其说明处理后重试")
    return done.stdout
