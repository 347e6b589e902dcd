"""The private cluster on ordinary days: made, found again, stopped, kept, removed. Real servers."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from gis_service.foundation.cluster import (
    ClusterState,
    Machine,
    Over,
    cluster_status,
    ensure_cluster,
    remove_cluster,
    stop_cluster,
    temporary_cluster,
    temporary_home,
)
from gis_service.foundation.errors import DatabaseUnavailable

pytestmark = pytest.mark.database

# A run in the background of a shell passes on that SIGINT is ignored; a starter must hear it all the same.
START = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
START += "from pathlib import Path; from gis_service.foundation.cluster import ensure_cluster; "
START += "print(ensure_cluster(Path(sys.argv[1]), durable=False), flush=True); "


@pytest.fixture(scope="module")
def kept_home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@pytest.fixture
def made_home(kept_home: Path) -> Iterator[Path]:
    """A home of its own with a stopped cluster in it: a copy costs less than an initdb."""
    ensure_cluster(kept_home, durable=False)
    stop_cluster(kept_home)
    with temporary_home() as home:
        subprocess.run(["cp", "-a", f"{kept_home}/.", str(home)], check=True)
        yield home


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(question))
        return [tuple(row) for row in result] if result.returns_rows else []


def starter(home: Path, then: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START + then, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_the_database_is_ready_for_geometry_periods_and_chinese_names(kept_home: Path) -> None:
    url = ensure_cluster(kept_home, durable=False)
    assert make_url(url).drivername == "postgresql+psycopg2"
    extensions = {row[0] for row in ask(url, "SELECT extname FROM pg_extension")}
    assert extensions >= {"postgis", "btree_gist", "pg_trgm"}
    locale = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = "
    assert ask(url, f"{locale} current_database()") == [("UTF8", "C.UTF-8", "C.UTF-8")]
    assert ask(url, "SELECT current_database(), cardinality(show_trgm('朝阳区'))") == [("gis_service", 4)]


def test_names_can_be_listed_in_pinyin_order(kept_home: Path) -> None:
    names = (
        "SELECT name FROM (VALUES ('上海'), ('重庆'), ('安徽')) n(name) ORDER BY name COLLATE \"zh-x-icu\""
    )
    assert ask(ensure_cluster(kept_home, durable=False), names) == [("安徽",), ("重庆",), ("上海",)]


def test_databases_made_later_have_the_extensions_too(kept_home: Path) -> None:
    url = make_url(ensure_cluster(kept_home, durable=False))
    ask(url.render_as_string(), "CREATE DATABASE another")
    other = url.set(database="another").render_as_string()
    assert ask(other, "SELECT ST_SRID(ST_SetSRID(ST_MakePoint(118, 32), 4490)) > 0") == [(True,)]
    ask(url.render_as_string(), "DROP DATABASE another")


def test_the_register_role_can_be_denied_a_right(kept_home: Path) -> None:
    url = ensure_cluster(kept_home, durable=False)
    assert ask(url, "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user") == [
        (False, False)
    ]


def test_a_kept_cluster_writes_through_to_the_disk(made_home: Path) -> None:
    url = ensure_cluster(made_home)
    names = "('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')"
    assert ask(url, f"SELECT DISTINCT setting FROM pg_settings WHERE name IN {names}") == [("on",)]


def test_the_server_runs_as_the_owner_of_its_folder_and_never_as_root(kept_home: Path) -> None:
    ensure_cluster(kept_home, durable=False)
    pid = cluster_status(kept_home).pid
    assert pid is not None
    uid = psutil.Process(pid).uids().effective
    assert uid != 0
    assert uid == (kept_home / "postgres").stat().st_uid
    assert os.geteuid() in {0, uid}


def test_nobody_else_gets_at_the_data_or_the_socket(kept_home: Path) -> None:
    ensure_cluster(kept_home, durable=False)
    folder = kept_home / "postgres"
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "data", folder / ".s.PGSQL.5432")
    }
    assert modes == {0o700}
    assert "trust" not in (folder / "data" / "pg_hba.conf").read_text(encoding="utf-8")


def test_a_running_server_is_found_at_once(kept_home: Path) -> None:
    url = ensure_cluster(kept_home, durable=False)
    pid = cluster_status(kept_home).pid
    began = time.monotonic()
    assert ensure_cluster(kept_home, durable=False) == url
    assert time.monotonic() - began < 1.0
    assert cluster_status(kept_home).pid == pid


def test_data_survive_a_stop_and_a_start(kept_home: Path) -> None:
    ask(
        ensure_cluster(kept_home, durable=False), "CREATE TABLE IF NOT EXISTS kept AS SELECT '港闸区' AS name"
    )
    assert stop_cluster(kept_home) is True
    assert ask(ensure_cluster(kept_home, durable=False), "SELECT DISTINCT name FROM kept") == [("港闸区",)]


def test_status_tells_absent_running_and_stopped_apart(fresh_home: Path, made_home: Path) -> None:
    assert cluster_status(fresh_home).state is ClusterState.absent
    url = ensure_cluster(made_home, durable=False)
    running = cluster_status(made_home)
    assert (running.state, running.address) == (ClusterState.running, url)
    assert running.version is not None
    assert int(running.version.split(".")[0]) >= 15
    assert stop_cluster(made_home) is True
    stopped = cluster_status(made_home)
    assert (stopped.state, stopped.address, stopped.pid) == (ClusterState.stopped, None, None)


def test_stopping_where_there_is_none_changes_nothing(fresh_home: Path) -> None:
    assert stop_cluster(fresh_home) is False
    assert list(fresh_home.iterdir()) == []


def test_stopping_twice_is_told_apart(made_home: Path) -> None:
    ensure_cluster(made_home, durable=False)
    assert stop_cluster(made_home) is True
    assert stop_cluster(made_home) is False


def test_removing_leaves_an_empty_home(made_home: Path) -> None:
    ensure_cluster(made_home, durable=False)
    assert remove_cluster(made_home) is True
    assert list(made_home.iterdir()) == []
    assert remove_cluster(made_home) is False


def test_a_temporary_cluster_is_gone_afterwards() -> None:
    with temporary_cluster() as url:
        (home,) = {Path(str(make_url(url).query["host"])).parent}
        assert ask(url, "SELECT 1") == [(1,)]
    assert not home.exists()
    with pytest.raises(OperationalError):
        ask(url, "SELECT 1")


def test_processes_starting_at_once_share_one_cluster(fresh_home: Path) -> None:
    starters = [starter(fresh_home) for _ in range(3)]
    answers = {process.communicate(timeout=120)[0] for process in starters}
    assert [process.returncode for process in starters] == [0, 0, 0]
    assert len(answers) == 1
    assert ask(answers.pop().strip(), "SELECT 1") == [(1,)]
    assert [path.name for path in (fresh_home / "postgres").glob("building-*")] == []


def test_the_server_outlives_its_starter_and_signals_to_the_starters_group(made_home: Path) -> None:
    with starter(made_home, "import time; time.sleep(60)") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) != 0
    assert ask(url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["地名 \"二\" '三' $HOME `x` %41\\", "甲,乙"], ids=["odd", "comma"])
def test_a_home_may_hold_any_character(made_home: Path, name: str) -> None:
    home = made_home / name
    home.mkdir(mode=0o755)
    (made_home / "postgres").rename(home / "postgres")
    assert ask(ensure_cluster(home, durable=False), "SELECT 1") == [(1,)]
    assert stop_cluster(home) is True
    assert ask(ensure_cluster(home, durable=False), "SELECT 1") == [(1,)]
    assert remove_cluster(home) is True


def test_homes_live_side_by_side(kept_home: Path, made_home: Path) -> None:
    assert ensure_cluster(kept_home, durable=False) != ensure_cluster(made_home, durable=False)
    stop_cluster(made_home)
    assert cluster_status(kept_home).state is ClusterState.running


def test_a_moved_home_takes_its_data_along(made_home: Path) -> None:
    first, second = made_home, made_home / "second"
    ask(ensure_cluster(first, durable=False), "CREATE TABLE moved (name text)")
    stop_cluster(first)
    second.mkdir(mode=0o755)
    (first / "postgres").rename(second / "postgres")
    assert ask(ensure_cluster(second, durable=False), "SELECT count(*) FROM moved") == [(0,)]
    remove_cluster(second)


@pytest.fixture
def long_home(made_home: Path) -> Iterator[Path]:
    """A home whose path is too long for a socket."""
    home = made_home / ("长" * 30)
    home.mkdir(mode=0o755)
    (made_home / "postgres").rename(home / "postgres")
    yield home
    remove_cluster(home)


def test_a_long_home_gets_a_short_private_socket_folder(long_home: Path) -> None:
    url = ensure_cluster(long_home, durable=False)
    folder = Path(str(make_url(url).query["host"]))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ensure_cluster(long_home, durable=False) == url
    assert ask(url, "SELECT 1") == [(1,)]
    stop_cluster(long_home)
    assert not folder.exists()


def test_a_short_socket_folder_swept_away_is_made_anew(long_home: Path) -> None:
    url = ensure_cluster(long_home, durable=False)
    folder = Path(str(make_url(url).query["host"]))
    stop_cluster(long_home)
    folder.mkdir(mode=0o755)  # now somebody else's could be there
    again = ensure_cluster(long_home, durable=False)
    assert ask(again, "SELECT 1") == [(1,)]
    assert again != url
    folder.rmdir()


def test_without_a_short_folder_a_long_home_is_served_on_a_loopback_port(long_home: Path) -> None:
    url = ensure_cluster(long_home, durable=False, machine=Machine(short_folders=tuple))
    assert make_url(url).query["host"] == "127.0.0.1"
    assert ask(url, "SELECT 1") == [(1,)]


def test_a_port_is_opened_by_the_password_file_only(made_home: Path, tmp_path: Path) -> None:
    url = make_url(ensure_cluster(made_home, over=Over.tcp, durable=False))
    secret_file = Path(str(url.query["passfile"]))
    assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
    assert url.password is None
    assert ask(url.render_as_string(), "SELECT inet_server_addr()::text") == [("127.0.0.1/32",)]
    for secret in ("", "127.0.0.1:*:*:gis_service:guess\n"):
        wrong = tmp_path / "wrong"
        wrong.write_text(secret)
        wrong.chmod(0o600)
        with pytest.raises(OperationalError, match="password"):
            ask(url.update_query_dict({"passfile": str(wrong)}).render_as_string(), "SELECT 1")


def test_a_lost_password_file_is_made_anew(made_home: Path) -> None:
    ensure_cluster(made_home, over=Over.tcp, durable=False)
    stop_cluster(made_home)
    (made_home / "postgres.pgpass").unlink()
    assert ask(ensure_cluster(made_home, over=Over.tcp, durable=False), "SELECT 1") == [(1,)]


@pytest.fixture
def hidden_home() -> Iterator[tuple[Path, Path]]:
    """A home below a folder only its owner may enter, and a place outside for what cannot live there."""
    with temporary_home() as ground:
        ground.chmod(0o755)
        hidden = ground / "hidden"
        hidden.mkdir(mode=0o700)
        yield hidden / "home", ground / "outside"
        remove_cluster(hidden / "home")


def test_a_home_the_server_account_cannot_reach_still_gets_its_cluster(
    hidden_home: tuple[Path, Path],
) -> None:
    home, outside = hidden_home
    said: list[str] = []
    url = ensure_cluster(home, say=said.append, durable=False, machine=Machine(outside=outside))
    assert ask(url, "SELECT 1") == [(1,)]
    # An ordinary user's server runs as that user and reaches what the user reaches.
    lies_outside = os.geteuid() == 0
    assert (home / "postgres").is_symlink() is lies_outside
    assert any(str(outside) in words for words in said) is lies_outside
    stop_cluster(home)
    assert ensure_cluster(home, durable=False) == url  # found again through the link alone
    if lies_outside:
        stop_cluster(home)
        (home / "postgres").unlink()
        assert ensure_cluster(home, say=said.append, durable=False, machine=Machine(outside=outside)) == url
        assert any("沿用已有数据" in words for words in said)


def test_a_link_is_followed_for_the_home_it_belongs_to_only(made_home: Path) -> None:
    first, copy, outside = made_home / "first", made_home / "copy", made_home / "outside"
    (made_home / "postgres").rename(outside)
    for home in (first, copy):
        home.mkdir(mode=0o755)
        (home / "postgres").symlink_to(outside)
    with pytest.raises(DatabaseUnavailable, match="不是本系统的数据库目录"):
        ensure_cluster(first)
    (outside / "HOME").write_text(f"{first}\n", encoding="utf-8")
    assert ask(ensure_cluster(first, durable=False), "SELECT 1") == [(1,)]
    with pytest.raises(DatabaseUnavailable, match="两个 GIS_HOME 不能共用"):
        ensure_cluster(copy)
    (copy / "postgres").unlink()
    assert cluster_status(copy).state is ClusterState.absent
    remove_cluster(first)
    assert not outside.exists()
