"""The log of the private cluster is kept whole, never over another, and only as long as a backup needs it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_service.foundation.cluster import ensure_cluster, temporary_home
from gis_service.foundation.cluster.archiving import (
    archive_of,
    begin_archiving,
    copy_command,
    end_archiving,
    forget_before,
)
from gis_service.foundation.errors import Conflict, InvalidInput

SEGMENT = "000000010000000000000002"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with temporary_home() as home:
        ensure_cluster(home)
        yield home


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    path = tmp_path / SEGMENT
    path.write_bytes(b"log" * 1000)
    return path


def copied(segment: Path, folder: Path) -> bool:
    """Run the command as the server does."""
    command = copy_command(folder).replace("%p", str(segment)).replace("%f", segment.name)
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", ["archive", "an archive", "o'clock", '"quoted" $HOME'])
def test_a_segment_is_copied_whole_wherever_the_archive_is(tmp_path: Path, segment: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert copied(segment, folder)
    assert [path.name for path in folder.iterdir()] == [SEGMENT]
    assert (folder / SEGMENT).read_bytes() == segment.read_bytes()


def test_a_segment_is_never_put_over_another(tmp_path: Path, segment: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    assert copied(segment, folder)
    assert copied(segment, folder), "the server did not live to note that it was kept"
    segment.write_bytes(b"another" * 1000)
    assert not copied(segment, folder)
    assert (folder / SEGMENT).read_bytes() == b"log" * 1000


def test_what_a_killed_copy_left_is_begun_anew(tmp_path: Path, segment: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / f".{SEGMENT}").write_bytes(b"lo")
    assert copied(segment, folder)
    assert (folder / SEGMENT).read_bytes() == segment.read_bytes()


def test_archiving_begins_and_ends_while_the_server_runs(home: Path) -> None:
    archive = begin_archiving(home)
    assert archive.folder is not None
    assert not archive.needs_restart
    assert archive_of(home).folder == archive.folder
    assert end_archiving(home).folder is None


def test_the_archive_of_another_cluster_is_refused(home: Path) -> None:
    folder = begin_archiving(home).folder
    assert folder is not None
    (folder / "CLUSTER").write_text("1\n")
    with pytest.raises(Conflict, match="另一个数据库集群"):
        begin_archiving(home)
    (folder / "CLUSTER").unlink()
    end_archiving(home)


def test_a_folder_that_cannot_be_written_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="无法建立归档目录"):
        begin_archiving(home, tmp_path / "file" / "archive")
    with pytest.raises(InvalidInput, match="不能有 %"):
        begin_archiving(home, tmp_path / "100%")
    assert archive_of(home).folder is None


def test_log_that_no_backup_needs_goes(home: Path) -> None:
    folder = begin_archiving(home).folder
    assert folder is not None
    for number in range(1, 4):
        (folder / f"0000000100000000000000A{number}").write_text("")
    forget_before(home, "0000000100000000000000A2")
    left = sorted(path.name for path in folder.iterdir() if "A" in path.name)
    assert left == ["0000000100000000000000A2", "0000000100000000000000A3"]
    end_archiving(home)
