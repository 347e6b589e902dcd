"""The lock that lets one process at a time make or start a cluster. Needs no database."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from gis_service.foundation.cluster.lock import only_one
from gis_service.foundation.cluster.machine import quiet
from gis_service.foundation.errors import DatabaseUnavailable


def test_a_second_holder_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []
    waits = threading.Event()

    def hear(words: str) -> None:
        order.append(words)
        waits.set()

    def second() -> None:
        with only_one(tmp_path / "lock", hear):
            order.append("second")

    with only_one(tmp_path / "lock", quiet):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(timeout=30)
        order.append("first")
    thread.join(timeout=30)
    assert order == ["另一个进程正在准备数据库，请稍候……", "first", "second"]


def test_patience_ends_with_a_word_on_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "lock", quiet),
        pytest.raises(DatabaseUnavailable, match="启动锁") as refusal,
        only_one(tmp_path / "lock", quiet, patience_s=0.05),
    ):
        pytest.fail("two held the lock at once")
    assert str(tmp_path / "lock") in refusal.value.way_out


def test_a_child_that_inherits_the_lock_keeps_it(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock", quiet) as descriptor:
        child = subprocess.Popen(["sleep", "30"], pass_fds=(descriptor,))
    with child:
        with (
            pytest.raises(DatabaseUnavailable),
            only_one(tmp_path / "lock", quiet, patience_s=0.05),
        ):
            pytest.fail("the child had lost the lock")
        child.kill()


def test_a_lock_file_left_behind_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("12345\n")
    with only_one(tmp_path / "lock", quiet, patience_s=0.05):
        assert (tmp_path / "lock").exists()


def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseUnavailable), only_one(tmp_path / "lock", quiet):
        pytest.fail("the link was followed")
    assert not (tmp_path / "elsewhere").exists()
