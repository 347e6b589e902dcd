"""What people hand in: taken when it is what it says, refused when it deceives, runs, bursts or hides."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import FilesUnavailable, InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import Settings
from gis_service.foundation.uploads import require_fit
from gis_service.foundation.uploads.kinds import KINDS
from tests.support.changes import a_pdf, draw_city, opened
from tests.support.web import UNRATED, composed, stand

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
TYPES = {"[Content_Types].xml": b"<?xml version='1.0'?><Types/>"}


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + bytes(64)


DOCX = packed(TYPES | {"word/document.xml": b"<?xml version='1.0'?><document/>"})
XLSX = packed(TYPES | {"xl/workbook.xml": b"<?xml version='1.0'?><workbook/>"})
KML = b"<?xml version='1.0'?>\n<!-- made by hand -->\n<kml xmlns='http://www.opengis.net/kml/2.2'/>"
GEOPACKAGE = b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(400)
GOOD = {
    "pdf": a_pdf("报告"),
    "ofd": packed({"OFD.xml": b"<?xml version='1.0'?><OFD/>", "Doc_0/Document.xml": b"<x/>"}),
    "docx": DOCX,
    "xlsx": XLSX,
    "doc": stream("WordDocument"),
    "xls": stream("Workbook"),
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(100),
    "jpeg": b"\xff\xd8\xff\xe1" + bytes(100),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "tif": b"II*\0" + bytes(100),
    "tiff": b"MM\0*" + bytes(100),
    "zip": packed({"界线/线.shp": b"\0\0\x27\x0a" + bytes(96), "界线/线.dbf": bytes(90), "说明.docx": DOCX}),
    "txt": "说明：甲区与乙区以河为界。\n".encode("gbk"),
    "csv": "代码,名称\n320602,崇川区\n".encode("utf-8-sig"),
    "toml": 'title = "变更"\n'.encode(),
    "geojson": b'{"type": "FeatureCollection", "features": []}\n',
    "gpkg": GEOPACKAGE,
    "kml": KML,
    "kmz": packed({"图层/线.KML": KML}),
    "gpx": b"\xef\xbb\xbf<gpx version='1.1'><trk/></gpx>",
    "dxf": b"  0\r\nSECTION\r\n  2\r\nENTITIES\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n",
}


def test_every_kind_is_tried() -> None:
    assert set(GOOD) == set(KINDS)
    assert all(kind.reason and kind.title for kind in KINDS.values())


@pytest.mark.parametrize("suffix", GOOD)
def test_what_is_what_it_says_is_taken(suffix: str) -> None:
    require_fit(f"材料.{suffix}", GOOD[suffix])
    require_fit(f"材料.{suffix.upper()}", GOOD[suffix])


@pytest.mark.parametrize("said", GOOD)
@pytest.mark.parametrize("content", ["pdf", "doc", "png", "zip", "gpkg", "jpg"])
def test_what_is_something_else_is_refused(said: str, content: str) -> None:
    same = [{"jpg", "jpeg"}, {said}]
    if not any(content in group and said in group for group in same):
        refused(f"材料.{said}", GOOD[content])


def refused(name: str, content: bytes, word: str = "") -> None:
    with pytest.raises(InvalidInput) as error:
        require_fit(name, content)
    assert word in error.value.message, error.value.message
    assert error.value.way_out


PROGRAMS = {
    "windows": b"MZ\x90\0\x03\0\0\0" + bytes(200),
    "linux": b"\x7fELF\x02\x01\x01" + bytes(60),
    "shell": b"#!/bin/sh\nrm -rf ~\n",
    "java": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "shortcut": bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(60),
    "html": b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>",
    "script": b"<SCRIPT>alert(1)</SCRIPT>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "php": b"<?php system($_GET['c']);",
    "batch": b"@echo off\r\nformat c:",
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("suffix", ["txt", "pdf", "csv", "png", "zip", "docx", "geojson"])
def test_programs_are_refused_whatever_they_are_called(program: str, suffix: str) -> None:
    refused(f"材料.{suffix}", PROGRAMS[program], "程序")


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_are_refused_inside_archives(program: str) -> None:
    refused("材料.zip", packed({"甲.txt": PROGRAMS[program]}), "不能收存")
    refused("材料.zip", packed({"内.zip": packed({"甲.txt": PROGRAMS[program]})}), "不能收存")
    refused("材料.docx", packed(TYPES | {"word/document.xml": b"<x/>", "word/a.bin": PROGRAMS[program]}))


@pytest.mark.parametrize("suffix", ["exe", "html", "svg", "docm", "xlsm", "js", "rar", "pdf.lnk", ""])
def test_other_kinds_are_refused_by_name(suffix: str) -> None:
    refused(f"甲.{suffix}", GOOD["pdf"], "不收")
    refused(f"甲{suffix}", GOOD["pdf"], "不收")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "../甲.pdf",
        "a/甲.pdf",
        "C:\\甲.pdf",
        "甲\0.pdf",
        "甲\n.pdf",
        "甲\u202efdp.pdf",
        "甲\u2066.pdf",
        "甲\u200b.pdf",
        "甲\ufeff.pdf",
        "甲\ud800.pdf",
        ".pdf",
        " 甲.pdf",
        "甲.pdf ",
        "甲" * 197 + ".pdf",
        "x" * 300 + ".pdf",
    ],
)
def test_names_that_deceive_are_refused(name: str) -> None:
    refused(name, GOOD["pdf"], "文件名")


@pytest.mark.parametrize("name", ["（甲区—乙区）界线报告·2020.pdf", "o'Brien & co; rm -rf.pdf", "𠀀鎮.pdf"])
def test_odd_but_honest_names_are_taken(name: str) -> None:
    require_fit(name, GOOD["pdf"])


def test_macros_are_refused() -> None:
    for part in ("word/vbaProject.bin", "word/activeX/activeX1.xml", "xl/macrosheets/sheet1.xml"):
        refused("材料.docx", packed(TYPES | {"word/document.xml": b"<x/>", part: b"x"}), "宏")
        inner = packed(TYPES | {"word/document.xml": b"<x/>", part: b"x"})
        refused("材料.zip", packed({"甲.docx": inner}), "宏")
    refused("材料.doc", stream("WordDocument") + "_VBA_PROJECT".encode("utf-16-le"), "宏")


def test_markup_is_taken_by_its_root() -> None:
    refused("轨迹.gpx", KML, "GPX")
    refused("轨迹.kml", b"<?xml version='1.0'?><svg onload='alert(1)'/>", "KML")
    refused("轨迹.kml", b"<?xml version='1.0'?><!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "KML")
    refused("轨迹.kml", b"<?xml version='1.0'?>" + b"<!-- -->" * 5000)
    refused("轨迹.kmz", GOOD["zip"], "KMZ")
    require_fit("轨迹.kml", b"<kml:kml xmlns:kml='http://www.opengis.net/kml/2.2'/>")


def test_documents_that_act_are_refused() -> None:
    refused("材料.pdf", b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj", "脚本")
    refused("材料.pdf", b"%PDF-1.7\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj", "脚本")


def test_what_is_locked_is_told_as_such() -> None:
    locked = bytearray(packed({"甲.txt": b"x" * 100}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    refused("材料.zip", bytes(locked), "密码")
    refused("材料.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码")


def test_archives_that_burst_are_refused() -> None:
    refused("材料.zip", packed({"零.txt": bytes(50_000_000)}), "炸弹")
    refused("材料.zip", packed({f"{number}.txt": b"x" for number in range(2001)}), "炸弹")
    refused("材料.zip", packed({"内.zip": packed({"零.txt": bytes(50_000_000)})}), "炸弹")


def test_archives_that_claim_less_than_they_hold_are_damaged_not_trusted() -> None:
    content = bytearray(packed({"a.zip": bytes(1_000_000)}))
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    refused("材料.zip", bytes(content), "损坏")


def test_archives_in_archives_in_archives_are_refused() -> None:
    content = packed({"甲.txt": "说明".encode()})
    for _ in range(2):
        content = packed({"内.zip": content})
    require_fit("材料.zip", content)
    refused("材料.zip", packed({"内.zip": content}), "嵌套")


@pytest.mark.parametrize("inner", ["../甲.txt", "/etc/passwd", "a/../../甲.txt", "C:/甲.txt", "..\\甲.txt"])
def test_archives_that_reach_outside_are_refused(inner: str) -> None:
    refused("材料.zip", packed({inner: b"x"}), "路径")


def test_broken_and_empty_files_are_refused() -> None:
    refused("材料.zip", GOOD["zip"][:-30], "损坏")
    refused("材料.zip", packed({}), "空")
    refused("材料.pdf", b"", "空文件")
    refused("材料.txt", bytes(range(256)))
    refused("材料.geojson", b"[1, 2]")
    refused("材料.gpkg", b"SQLite format 3\0" + bytes(500))


def test_random_bytes_are_never_taken_and_never_break_anything() -> None:
    random = np.random.default_rng(20200605)
    for suffix in KINDS:
        for size in (1, 20, 300, 5000):
            for head in (b"", GOOD[suffix][:8], GOOD[suffix][: len(GOOD[suffix]) // 2]):
                content = head + random.bytes(size)
                try:
                    require_fit(f"材料.{suffix}", content)
                except InvalidInput:
                    continue
                assert head or size == 1, (suffix, size)


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file of this process may grow beyond a size, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with at_most(1000), pytest.raises(FilesUnavailable) as error:
        store.keep(b"x" * 5000)
    assert "没有写入" in error.value.message
    assert error.value.way_out
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    digest = store.keep(b"x" * 5000)
    assert store.read(digest) == b"x" * 5000


def test_a_folder_that_cannot_be_written_refuses_the_material_and_the_case_stays(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    client = stand(composed(Settings(home=tmp_path, rates=UNRATED)), sessions)
    (tmp_path / "files").write_text("no folder", encoding="utf-8")
    draw_city(sessions)
    number = opened(client)
    params = {"kind": "risk_report", "name": "甲.pdf"}
    answer = client.post(f"/changes/{number}/materials", params=params, content=a_pdf("甲"))
    assert answer.status_code == 503, answer.text
    assert answer.json()["type"] == "/problems/files-unavailable"
    assert str(tmp_path) not in answer.text
    assert answer.headers["retry-after"]
    assert client.get(f"/changes/{number}").json()["materials"] == []


def test_a_material_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.keep(b"x")
    place = store.path_of(digest)
    place.parent.rename(tmp_path / "aside")
    place.parent.symlink_to(place.parent)  # a link to itself cannot be followed, not even by root
    with pytest.raises(FilesUnavailable):
        store.read(digest)
