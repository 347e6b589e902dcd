"""The database of a backup: copied by PostgreSQL's own programs while it serves."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn
from sqlalchemy import URL, NullPool, create_engine, func, make_url, select, table, text
from sqlalchemy.orm import Session

from gis_service.foundation.backup.manifest import Facts, JournalEnd
from gis_service.foundation.cluster.account import ENVIRONMENT
from gis_service.foundation.cluster.address import SUPERUSER
from gis_service.foundation.cluster.binaries import Binaries, choose, installed
from gis_service.foundation.cluster.machine import MIB, Machine, Say
from gis_service.foundation.cluster.place import find_place
from gis_service.foundation.database import Base, server_versions
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.journal.proof import head_of
from gis_service.foundation.revisions import revision_of

PHYSICAL = "base.tar.gz"
LOGICAL = "database.dump"
PIECE = 4 * MIB


@dataclass(frozen=True, slots=True)
class Server:
    """A database to be copied, by a role that may read all of it, and the programs that fit its server."""

    url: URL
    binaries: Binaries

    @property
    def connection_words(self) -> str:
        """For libpq, without the password."""
        query = {key: str(value) for key, value in self.url.query.items()}
        words = {"user": self.url.username, "host": self.url.host, "port": self.url.port}
        given = {key: str(value) for key, value in words.items() if value is not None}
        return make_dsn("", **{**given, **query, "dbname": self.url.database or ""})

    @property
    def environment(self) -> dict[str, str]:
        """For child processes; a password is not to be seen in the list of processes."""
        return ENVIRONMENT | ({"PGPASSWORD": str(self.url.password)} if self.url.password else {})


def server_at(url: str) -> Server:
    """Somebody else's server, with the newest programs here, which read every older server.

    Raises:
        DatabaseUnavailable: no programs here.
    """
    found = installed(Machine())
    if not found:
        raise DatabaseUnavailable(
            "本机没有 PostgreSQL 的备份程序（pg_dump）", way_out="请运行 make setup，或安装 postgresql-client"
        )
    return Server(make_url(url), found[0])


def server_of(home: Path, url: str) -> Server:
    """The private cluster of `home`, which runs at `url`, by the role that may read all of it."""
    return Server(make_url(url).set(username=SUPERUSER), choose(Machine(), major=find_place(home).major))


@contextmanager
def snapshot_of(server: Server) -> Iterator[Session]:
    """A session in which the database stands still."""
    engine = create_engine(server.url, poolclass=NullPool)
    try:
        with Session(engine) as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
    finally:
        engine.dispose()


def facts(session: Session) -> Facts:
    """What is told of a database in the manifest.

    Raises:
        DatabaseUnavailable: there are no registers in it.
    """
    revision = revision_of(session.connection())
    if revision is None:
        raise DatabaseUnavailable(
            "数据库中没有登记簿，无可备份", way_out="请先运行 gis-service database start"
        )
    head = head_of(session)
    if head is None:
        raise DatabaseUnavailable("登记日志的链头缺失", way_out="请运行 gis-service journal verify 查明")
    counted = {
        name: session.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(Base.metadata.tables)
        if session.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name})
    }
    postgresql, postgis = server_versions(session)
    return Facts(
        schema_revision=revision,
        postgresql=postgresql,
        postgis=postgis,
        journal=JournalEnd(journal_id=head.journal_id, position=head.position, hash=head.hash),
        rows=counted,
    )


def dump(server: Server, session: Session, into: Path, say: Say) -> None:
    """The content as the snapshot of `session` sees it, as a file of pg_dump."""
    exported = session.scalar(text("SELECT pg_export_snapshot()"))
    options = ["--format=custom", "--no-password", f"--snapshot={exported}"]
    _stream(server, "pg_dump", [*options, f"--dbname={server.connection_words}"], into / LOGICAL, say)


def base_backup(server: Server, into: Path, say: Say) -> str:
    """The files of the whole cluster with the write-ahead log they need; returns the oldest segment of it.

    A slot that lives as long as its connection keeps the log from being recycled under way.
    """
    with closing(psycopg2.connect(server.connection_words)) as keeper:
        keeper.autocommit = True
        with keeper.cursor() as cursor:
            slot = f"gis_backup_{keeper.info.backend_pid}"
            cursor.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", (slot,))
        options = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--no-password"]
        options += ["--compress=client-gzip:1", "--manifest-checksums=SHA256", "--label=gis-service"]
        words = [*options, f"--dbname={server.connection_words}"]
        _stream(server, "pg_basebackup", words, into / PHYSICAL, say)
    return _first_segment(into / PHYSICAL)


def _first_segment(archive: Path) -> str:
    with tarfile.open(archive, "r|gz") as tar:
        for member in tar:
            if member.name == "backup_label":
                label = tar.extractfile(member)
                found = re.search(rb"\(file ([0-9A-F]{24})\)", label.read() if label else b"")
                if found:
                    return found[1].decode()
    raise DatabaseUnavailable("备份程序没有写出起始日志段", way_out="请重试")


def _stream(server: Server, program: str, options: Sequence[str], into: Path, say: Say) -> None:
    """Let a program write to a file of ours, whatever account the server runs as."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with (
        into.open("wb") as file,
        subprocess.Popen(
            [server.binaries[program], *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=server.environment,
            cwd="/",
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        while piece := process.stdout.read(PIECE):
            file.write(piece)
            say(f"数据库 {file.tell() / MIB:.0f} MiB")
        words = process.stderr.read().decode(errors="replace")
        file.flush()
        os.fsync(file.fileno())
    if process.returncode != 0:
        last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
        raise DatabaseUnavailable(f"{program} 没有完成：{last}", way_out="请按其说明处理后重试；没有留下备份")
