"""The private cluster on bad days: real faults on real servers, each to end in repair or clear words."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from gis_service.foundation.cluster import (
    ClusterState,
    Machine,
    Over,
    cluster_status,
    ensure_cluster,
    stop_cluster,
    temporary_home,
)
from gis_service.foundation.cluster.machine import MIB, quiet
from gis_service.foundation.cluster.place import find_place
from gis_service.foundation.cluster.processes import working_in
from gis_service.foundation.cluster.server import settle
from gis_service.foundation.errors import DatabaseUnavailable

pytestmark = pytest.mark.database

START = "import sys; from pathlib import Path; from gis_service.foundation.cluster import ensure_cluster; "
START += "print(ensure_cluster(Path(sys.argv[1]), durable=False), flush=True)"


@pytest.fixture(scope="module")
def kept_home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture
def home_with_data(kept_home: Path) -> Path:
    """A home whose server writes through to the disk: what was committed must outlive any fault."""
    ask(ensure_cluster(kept_home), "CREATE TABLE IF NOT EXISTS kept AS SELECT '三山区' AS name")
    return kept_home


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(question))
        return [tuple(row) for row in result] if result.returns_rows else []


def assert_whole(home: Path) -> None:
    """The cluster starts, and the data are there."""
    assert ask(ensure_cluster(home), "SELECT DISTINCT name FROM kept") == [("三山区",)]


def eventually(claim: Callable[[], object], *, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.005)


def kill_postmaster(home: Path) -> None:
    pid = cluster_status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


@contextmanager
def foreign_process(home: Path) -> Iterator[int]:
    """A living process of the server's account that has nothing to do with the server."""
    owner = (home / "postgres").stat()
    other = {} if os.geteuid() == owner.st_uid else {"user": owner.st_uid, "group": owner.st_gid}
    with subprocess.Popen(["sleep", "60"], extra_groups=[] if other else None, **other) as process:  # type: ignore[call-overload]
        yield process.pid
        assert process.poll() is None, "the foreign process must be left alone"
        process.kill()


def rewrite_pid(lock_file: Path, pid: int) -> None:
    _, _, rest = lock_file.read_text().partition("\n")
    lock_file.write_text(f"{pid}\n{rest}")


def test_a_killed_postmaster_is_replaced_and_nothing_is_lost(home_with_data: Path) -> None:
    kill_postmaster(home_with_data)
    assert_whole(home_with_data)


def test_a_pid_file_that_names_a_foreign_process_does_not_stop_the_start(home_with_data: Path) -> None:
    kill_postmaster(home_with_data)
    folder = home_with_data / "postgres"
    eventually(lambda: not working_in(folder / "data"))
    with foreign_process(home_with_data) as pid:
        rewrite_pid(folder / "data" / "postmaster.pid", pid)
        rewrite_pid(folder / ".s.PGSQL.5432.lock", pid)
        assert_whole(home_with_data)


@pytest.mark.parametrize("remnant", ["", "garbage\n"])
def test_an_unreadable_pid_file_does_not_stop_the_start(home_with_data: Path, remnant: str) -> None:
    kill_postmaster(home_with_data)
    data = home_with_data / "postgres" / "data"
    eventually(lambda: not working_in(data))
    (data / "postmaster.pid").write_text(remnant)
    assert_whole(home_with_data)


@contextmanager
def orphaned_backend(home: Path) -> Iterator[int]:
    """A backend that outlives its killed postmaster, because it is held up."""
    url = make_url(ensure_cluster(home))
    connection = psycopg2.connect(host=url.query["host"], user=url.username, dbname=url.database)
    pid = connection.info.backend_pid
    os.kill(pid, signal.SIGSTOP)
    try:
        kill_postmaster(home)
        yield pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        connection.close()


def test_backends_that_outlive_their_postmaster_are_waited_for(home_with_data: Path) -> None:
    said: list[str] = []
    with orphaned_backend(home_with_data) as pid:
        start = threading.Thread(target=lambda: ensure_cluster(home_with_data, say=said.append))
        start.start()
        eventually(lambda: any("请稍候" in words for words in said))
        assert start.is_alive()
        assert cluster_status(home_with_data).state is ClusterState.unresponsive
        os.kill(pid, signal.SIGCONT)
        start.join(timeout=60)
        assert not start.is_alive()
    assert_whole(home_with_data)


def test_backends_that_never_end_are_named(home_with_data: Path) -> None:
    with orphaned_backend(home_with_data) as pid:
        with pytest.raises(DatabaseUnavailable, match="此时启动会损坏数据") as refusal:
            settle(find_place(home_with_data), quiet, within_s=0.2)
        assert str(pid) in refusal.value.way_out
    assert_whole(home_with_data)


@pytest.mark.parametrize("initdb_dies_too", [True, False], ids=["with initdb", "initdb goes on alone"])
def test_a_start_killed_half_way_leaves_no_half_cluster(fresh_home: Path, initdb_dies_too: bool) -> None:
    command = [sys.executable, "-c", START, str(fresh_home)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        eventually(lambda: list((fresh_home / "postgres").glob("building-*/base")))
        victims = psutil.Process(process.pid).children(recursive=True) if initdb_dies_too else []
        process.kill()
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
    assert cluster_status(fresh_home).state is ClusterState.absent
    url = ensure_cluster(fresh_home, durable=False)
    assert ask(url, "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'") == [(1,)]
    assert list((fresh_home / "postgres").glob("building-*")) == []


def test_a_port_is_kept_until_another_program_has_taken_it(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    first = ensure_cluster(home_with_data, over=Over.tcp)
    stop_cluster(home_with_data)
    assert ensure_cluster(home_with_data, over=Over.tcp) == first
    stop_cluster(home_with_data)
    said: list[str] = []
    port = make_url(first).query["port"]
    with socket.create_server(("127.0.0.1", int(str(port)))):
        second = ensure_cluster(home_with_data, over=Over.tcp, say=said.append)
        assert make_url(second).query["port"] != port
    assert any(f"端口 {port} 已被其他程序占用" in words for words in said)
    assert_whole(home_with_data)
    stop_cluster(home_with_data)


def test_when_every_port_is_taken_the_refusal_says_so(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    with socket.create_server(("127.0.0.1", 0)) as other:
        machine = Machine(free_port=lambda: int(other.getsockname()[1]))
        with pytest.raises(DatabaseUnavailable, match="监听地址被占用"):
            ensure_cluster(home_with_data, over=Over.tcp, machine=machine)
    assert_whole(home_with_data)


def test_too_small_a_disk_is_refused_before_anything_is_written(fresh_home: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="剩余 10 MiB，至少需要 300 MiB"):
        ensure_cluster(fresh_home, machine=Machine(free_bytes=lambda _folder: 10 * MIB))
    assert list((fresh_home / "postgres").iterdir()) == []


def test_a_disk_that_fills_up_is_named_as_the_cause(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    options = home_with_data / "postgres" / "data" / "postmaster.opts"
    options.unlink()
    options.symlink_to(
        "/dev/full"
    )  # the server's first write gets the kernel's own "No space left on device"
    with pytest.raises(DatabaseUnavailable, match="磁盘空间不足"):
        ensure_cluster(home_with_data)
    options.unlink()
    assert_whole(home_with_data)


def test_data_of_another_major_version_are_left_alone(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    version = home_with_data / "postgres" / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("13\n")
    with pytest.raises(DatabaseUnavailable, match="由 PostgreSQL 13 建立") as refusal:
        ensure_cluster(home_with_data)
    assert "postgresql-13-postgis-3" in refusal.value.way_out
    version.write_text(ours)
    assert_whole(home_with_data)


def test_data_of_another_owner_are_refused_with_the_command_that_mends_it(
    home_with_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_cluster(home_with_data)
    folder = home_with_data / "postgres"
    owner = folder.stat()
    with monkeypatch.context() as patch:
        if os.geteuid() == 0:
            os.chown(folder / "data", 65534, 65534)
        else:  # an ordinary user cannot give a folder away: let the kernel seem to know us by another number
            patch.setattr(os, "geteuid", lambda: 65534)
        with pytest.raises(DatabaseUnavailable, match=r"chown -R|GIS_HOME"):
            ensure_cluster(home_with_data)
    if os.geteuid() == 0:
        os.chown(folder / "data", owner.st_uid, owner.st_gid)
    assert_whole(home_with_data)


def test_a_stranger_is_told_whose_cluster_it_is(
    home_with_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(DatabaseUnavailable, match="当前用户 54321 无权使用") as refusal:
        ensure_cluster(home_with_data)
    assert "GIS_HOME" in refusal.value.way_out


def test_data_opened_to_others_are_closed_again(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    (home_with_data / "postgres" / "data").chmod(0o755)
    (home_with_data / "postgres").chmod(0o755)
    assert_whole(home_with_data)
    assert (home_with_data / "postgres").stat().st_mode & 0o077 == 0


def test_a_damaged_address_note_is_mended_by_a_restart(home_with_data: Path) -> None:
    (home_with_data / "postgres" / "address.json").write_text("{")
    with pytest.raises(DatabaseUnavailable, match="没有应答"):
        ensure_cluster(home_with_data)
    assert stop_cluster(home_with_data) is True
    assert_whole(home_with_data)


def test_a_data_folder_that_is_no_whole_cluster_is_left_alone(home_with_data: Path) -> None:
    stop_cluster(home_with_data)
    version = home_with_data / "postgres" / "data" / "PG_VERSION"
    ours = version.rename(version.with_name("elsewhere"))
    with pytest.raises(DatabaseUnavailable, match="已有内容"):
        ensure_cluster(home_with_data)
    ours.rename(version)
    assert_whole(home_with_data)


def test_a_home_that_cannot_be_made_is_named(fresh_home: Path) -> None:
    (fresh_home / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="不是目录") as refusal:
        ensure_cluster(fresh_home / "file" / "home")
    assert str(fresh_home / "file" / "home") in str(refusal.value)
