"""How the words of PostgreSQL and of the kernel are told to an operator. Needs no database."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from gis_service.foundation.cluster.machine import MIB
from gis_service.foundation.cluster.trouble import SIGNS, Sign, from_server, from_system

LOG, FOLDER, ROOM = Path("server.log"), Path("postgres"), 1000 * MIB


def test_a_server_muted_by_a_full_disk_is_explained_by_the_room_left() -> None:
    refusal = from_server("FATAL:  checkpoint request failed", log=LOG, folder=FOLDER, free=3 * MIB)
    assert "磁盘空间不足" in refusal.message
    assert "剩余 3 MiB" in refusal.message


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_named_even_when_the_room_left_looks_ample(words: str) -> None:
    assert "磁盘空间不足" in from_server(f"PANIC: {words}", log=LOG, folder=FOLDER, free=ROOM).message


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.phrase)
def test_every_known_complaint_has_chinese_words_and_names_the_log(sign: Sign) -> None:
    refusal = from_server(f"FATAL:  {sign.phrase}: something", log=LOG, folder=FOLDER, free=ROOM)
    assert refusal.message == sign.message
    assert "server.log" in refusal.way_out


def test_an_unknown_complaint_is_quoted() -> None:
    words = "LOG:  starting\nFATAL:  the moon is full\nLOG:  shut down"
    refusal = from_server(words, log=LOG, folder=FOLDER, free=ROOM)
    assert "the moon is full" in refusal.message


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EROFS, "只读"), (errno.ENOSPC, "磁盘空间不足"), (errno.EACCES, "没有权限")]
)
def test_a_system_error_is_told_in_chinese_with_the_path(number: int, words: str) -> None:
    refusal = from_system(OSError(number, "x"), "无法建立目录 var")
    assert words in refusal.message
    assert "var" in refusal.message
