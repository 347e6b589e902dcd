"""An installation is backed up while it serves, and restored: as it was, as of a moment, or not at all."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.backup import read_manifest
from gis_service.foundation.cluster import ensure_cluster, remove_cluster, stop_cluster, temporary_home
from gis_service.foundation.cluster.address import SUPERUSER, read_address
from gis_service.foundation.cluster.place import find_place
from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.procedures.changes.commands import add_material, draft, enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.reactions import react
from tests.cli.conftest import Desk
from tests.faults.campaign import open_registers
from tests.support.changes import ACT, CONVERSION, MERGE, a_proposal, draw_city
from tests.support.factories import REGISTRAR

SECOND_ACT = {**ACT, "number": "国函〔2020〕78号"}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A private cluster with archiving on, a city, and a document in the file of a case."""
    with pytest.MonkeyPatch.context() as patch, temporary_home() as folder:
        home = folder / "home"
        patch.setenv("GIS_HOME", str(home))
        patch.delenv("GIS_DATABASE_URL", raising=False)
        desk = Desk(home, "")
        desk.run("database", "archive", "on")
        with open_registers(home) as sessions:
            draw_city(sessions)
            file_a_document(sessions, home, b"%PDF-1.4 first")
        desk.run("sheets", "draw", "--division", "320602", "--on", "2020-03-01")
        desk.run("journal", "checkpoint")
        yield desk
        stop_cluster(home)


def file_a_document(sessions: sessionmaker[Session], home: Path, content: bytes) -> None:
    store = FileStore(Settings(home=home).files_dir)
    with transaction(sessions, actor=REGISTRAR, at=datetime.now(UTC), react=react) as tx:
        case = draft(tx, parse_proposal(a_proposal(CONVERSION, title=content.decode()), source="测试"))
        add_material(tx, case.number, kind="risk_report", name="报告.pdf", content=content, store=store)


def enact(home: Path, operation: Any, act: Any) -> None:
    proposal = parse_proposal(a_proposal(operation, instrument=dict(act)), source="测试")
    with (
        open_registers(home) as sessions,
        transaction(sessions, actor=REGISTRAR, at=datetime.now(UTC), react=react) as tx,
    ):
        enact_published(tx, proposal)


def county_codes(home: Path) -> set[str]:
    with open_registers(home) as sessions, sessions() as session:
        return set(
            session.scalars(
                text("SELECT code FROM division_version WHERE level = 'county' AND upper_inf(valid)")
            )
        )


def archived_to_the_end(home: Path) -> None:
    """Let the server finish the piece of log it writes, and wait until it is kept."""
    address = read_address(find_place(home))
    assert address is not None
    with closing(address.connect(role=SUPERUSER, database="postgres")) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute("SELECT pg_walfile_name(pg_switch_wal())")
            [(segment,)] = cursor.fetchall()
    kept = find_place(home).folder / "archive" / segment
    deadline = time.monotonic() + 60
    while not kept.exists():
        assert time.monotonic() < deadline, f"{segment} was not archived"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def backup(desk: Desk) -> Path:
    return Path(desk.json("backup", "--to", desk.home.parent / "shelf")["folder"])


@pytest.fixture
def place(desk: Desk) -> Iterator[Path]:
    """Where something can be restored to; its database is stopped in the end."""
    home = desk.home.parent / "restored"
    yield home
    for left in home.parent.glob("restored*"):
        remove_cluster(left)
        shutil.rmtree(left)


def told(result: Any) -> dict[str, Any]:
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_a_backup_tells_what_it_holds_and_up_to_where(desk: Desk, backup: Path) -> None:
    manifest = read_manifest(backup)
    with open_registers(desk.home) as sessions, sessions() as session:
        head = session.execute(text("SELECT journal_id, position, hash FROM journal_head")).one()
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    assert manifest.facts.journal.position <= head.position
    assert (manifest.facts.journal.journal_id, manifest.facts.schema_revision) == (head.journal_id, revision)
    folders = {file.path.split("/")[0] for file in manifest.files}
    assert folders == {"checkpoints", "database", "editions", "files", "keys"}
    assert [file.path for file in manifest.files if "keys" in file.path] == ["keys/journal.pub.pem"]
    assert desk.json("backup", "--verify", backup)["ok"]


def test_a_rehearsed_restore_proves_the_backup_and_leaves_nothing(desk: Desk, backup: Path) -> None:
    before = sorted(desk.home.parent.iterdir())
    answer = desk.json("restore", backup, "--dry-run")
    assert answer["ok"], answer
    assert set(answer["checks"]) == {"rows", "schema", "journal", "registers", "files"}
    assert sorted(desk.home.parent.iterdir()) == before


def test_a_living_home_is_never_restored_over(desk: Desk, backup: Path) -> None:
    assert "正在运行" in told(desk.run("restore", backup, "--force", "--json", code=1))["error"]


def test_a_restore_to_a_moment_holds_what_was_done_by_then(desk: Desk, backup: Path, place: Path) -> None:
    before = county_codes(desk.home)
    enact(desk.home, MERGE, ACT)
    with open_registers(desk.home) as sessions:
        file_a_document(sessions, desk.home, b"%PDF-1.4 second")
    between = datetime.now(UTC)
    time.sleep(0.1)
    enact(desk.home, CONVERSION, SECOND_ACT)
    archived_to_the_end(desk.home)

    answer = told(desk.run("restore", backup, "--to", place, "--at", between.isoformat(), "--json", code=1))
    problems = answer["checks"].pop("files")["problems"]
    assert len(problems) == 1, "a document filed after the backup is not in it, and this is told"
    assert all(check["ok"] for check in answer["checks"].values())
    assert county_codes(place) == before - {"320602", "320611"} | {"320613"}

    stop_cluster(place)
    answer = desk.json("restore", backup, "--to", place, "--at", "latest", "--files", desk.home, "--force")
    assert answer["ok"], answer
    assert Path(answer["moved_aside"]).is_dir()
    assert county_codes(place) == county_codes(desk.home)


@pytest.mark.parametrize(
    ("at", "code", "message"),
    [
        ("2020-01-01T00:00:00Z", 2, "早于备份完成"),
        ("2099-01-01T00:00:00Z", 3, "没有到达"),
        ("yesterday", 2, "不是时刻"),
    ],
)
def test_a_moment_that_cannot_be_reached_is_refused(
    desk: Desk, backup: Path, place: Path, at: str, code: int, message: str
) -> None:
    refusal = told(desk.run("restore", backup, "--to", place, "--at", at, "--json", code=code))
    assert message in refusal["error"]
    assert not place.exists()


def test_an_exported_backup_can_be_restored_row_by_row(desk: Desk, place: Path) -> None:
    made = desk.json("backup", "--to", desk.home.parent / "exports", "--portable", "--with-keys")
    answer = desk.json("restore", made["folder"], "--to", place)
    assert answer["ok"], answer
    assert county_codes(place) == county_codes(desk.home)
    key = Settings(home=place).journal_key_file
    assert key.read_bytes() == Settings(home=desk.home).journal_key_file.read_bytes()
    assert key.stat().st_mode & 0o077 == 0


def test_what_the_backup_before_holds_is_linked_and_old_backups_go(desk: Desk) -> None:
    shelf = desk.home.parent / "short-shelf"
    folders: list[Path] = []
    for _ in range(3):
        made = desk.json("backup", "--to", shelf, "--portable", "--keep", "2")
        folders.append(Path(made["folder"]))
        time.sleep(1)
    assert made["dropped"] == [str(folders[0])]
    assert sorted(path for path in shelf.iterdir() if path.is_dir()) == folders[1:]
    [edition, *_] = [file["path"] for file in made["files"] if file["path"].startswith("editions/")]
    one, other = ((folder / edition).stat().st_ino for folder in folders[1:])
    assert one == other


def flip(backup: Path) -> None:
    file = next(path for path in (backup / "files").rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[::-1])


def remove_the_database(backup: Path) -> None:
    next((backup / "database").iterdir()).unlink()


def come_from_the_future(backup: Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["facts"]["schema_revision"] = "ffffffffffff"
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "message", "verified"),
    [
        (flip, "已损坏", 1),
        (remove_the_database, "已损坏", 1),
        (come_from_the_future, "不为本程序所知", 0),
    ],
)
def test_a_backup_that_is_not_fit_is_refused_before_anything_is_written(
    desk: Desk, place: Path, tmp_path: Path, damage: Callable[[Path], None], message: str, verified: int
) -> None:
    made = Path(desk.json("backup", "--to", tmp_path, "--portable")["folder"])
    damage(made)
    desk.run("backup", "--verify", made, code=verified)
    assert message in told(desk.run("restore", made, "--to", place, "--json", code=1))["error"]
    assert not place.exists()


def test_what_a_killed_backup_left_is_no_backup_and_goes(desk: Desk, tmp_path: Path) -> None:
    left = tmp_path / ".unfinished-20200101T000000Z"
    left.mkdir()
    (left / "half").write_text("half")
    desk.json("backup", "--to", tmp_path, "--portable")
    assert not left.exists()


def test_a_folder_that_is_no_backup_is_named(desk: Desk, tmp_path: Path) -> None:
    assert "不是备份" in told(desk.run("restore", tmp_path, "--json", code=2))["error"]
    assert "不是备份" in told(desk.run("backup", "--verify", tmp_path, "--json", code=2))["error"]


@pytest.fixture
def own_desk() -> Iterator[Desk]:
    """A private cluster of one test alone, which may leave it without an archive."""
    with pytest.MonkeyPatch.context() as patch, temporary_home() as folder:
        patch.setenv("GIS_HOME", str(folder / "home"))
        patch.delenv("GIS_DATABASE_URL", raising=False)
        yield Desk(folder / "home", "")
        remove_cluster(folder / "home")


def test_archiving_is_told_and_can_be_ended(own_desk: Desk) -> None:
    desk = own_desk
    desk.run("database", "archive", "on")
    assert desk.json("database", "status")["archive"]["folder"]
    assert desk.json("database", "archive", "off")["folder"] is None
    assert desk.json("database", "status")["archive"]["folder"] is None
    assert ensure_cluster(desk.home)
