"""Keeping archives at the keyboard: file, attach, lay on the ground, look at, trace, catalogue, verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import read_settings
from tests.cli.conftest import Desk
from tests.cli.test_markers_commands import BY, ON, furnished
from tests.support.archives import a_geotiff, a_scan, control_table
from tests.support.changes import a_pdf

FILED = (
    "--title",
    "甲乙线协议书附图",
    "--kind",
    "协议书附图",
    "--dated",
    "2001-03-02",
    "--issuer",
    "某省民政厅",
)
OF_LINE = ("--line", "0204", *BY, *ON)


@pytest.fixture(scope="module")
def office(shared_desk: Desk) -> Desk:
    """Three districts and two markers; every test files items and contents of its own."""
    return furnished(shared_desk)


def test_an_item_is_filed_once(office: Desk, tmp_path: Path) -> None:
    scan = tmp_path / "附图.jpg"
    scan.write_bytes(a_scan("JPEG"))
    filing = ("archives", "register", "KJ-1", scan, *FILED, *OF_LINE)
    assert not office.json(*filing, "--dry-run")["written"]
    assert office.json("archives", "list", "--text", "KJ-1") == []
    assert office.json(*filing)["kept"] == 1
    [item] = office.json("archives", "list", "--line", "0204", "--text", "KJ-1", *ON)
    assert (item["group"], item["retention"], item["pages"]) == ("勘界成果", "永久", 1)
    assert item["files"][0]["told"]["dpi"] == [300.0, 300.0]
    assert "KJ-1" in office.run("archives", "list", "--text", "附图").output
    office.run(*filing, code=1)
    again = office.json("archives", "register", "KJ-2", scan, *FILED, *OF_LINE, code=1)
    assert "已收在档案 KJ-1" in again["findings"][0]["message"]
    office.run("archives", "register", "KJ-3", *FILED, *BY, *ON, code=2)
    attached = office.json("archives", "attach", "KJ-1", scan, "--marker", "0204001Q", *BY, *ON)
    assert attached["kept"] == 0
    assert office.json("archives", "attach", "KJ-1", "--tri-point", "甲乙丙交点", *BY, *ON)["written"]
    office.run("archives", "attach", "KJ-1", *BY, *ON, code=2)
    [item] = office.json("archives", "list", "--marker", "0204001Q", *ON)
    assert [each["name"] for each in item["tri_points"]] == ["甲乙丙交点"]
    assert "附图.jpg" in office.run("archives", "show", "KJ-1").output
    office.run("archives", "show", "KJ-9", code=1)
    office.run("archives", "appraise", "KJ-1", "销毁", *BY, *ON, code=1)


def test_a_scan_is_laid_on_the_ground_and_traced(office: Desk, tmp_path: Path) -> None:
    scan = tmp_path / "附图.png"
    scan.write_bytes(a_scan())
    office.run("archives", "register", "FT-1", scan, *FILED, "--line", "0405", *BY, *ON)
    points, out = tmp_path / "控制点.csv", tmp_path / "校正.tif"
    points.write_text(control_table(), encoding="utf-8")
    laying = ("archives", "georeference", "FT-1", "附图.png", points, *BY, *ON)
    assert office.json(*laying, "--dry-run")["rms_m"] < 0.01
    assert office.json("archives", "show", "FT-1")["georeferences"] == []
    laid = office.json(*laying, "--out", out)
    assert out.stat().st_size
    assert "中误差" in office.run(*laying, "--method", "投影变换").output
    told = office.json("archives", "show", "FT-1")
    assert [each["method"] for each in told["georeferences"]] == ["仿射", "投影变换"]
    assert told["images"][0]["crs"] == "EPSG:4490"
    assert told["files"][1]["made_from"] == told["files"][0]["sha256"]
    assert laid["sha256"] in {each["sha256"] for each in told["images"]}
    office.run("archives", "georeference", "FT-1", "没有.png", points, *BY, *ON, code=1)
    world = tmp_path / "附图.pgw"
    world.write_text("0.00001\n0\n0\n-0.00001\n119.015\n32\n", encoding="utf-8")
    by_world = (
        "archives",
        "georeference",
        "FT-1",
        "附图.png",
        "--world",
        world,
        "--scale",
        "10000",
        *BY,
        *ON,
    )
    assert office.json(*by_world, "--dry-run")["rms_m"] < 0.01
    office.run("archives", "georeference", "FT-1", "附图.png", *BY, *ON, code=2)
    right = ("archives", "correct", "FT-1", "--title", "界线附图", "--reason", "题名有误植", *BY)
    assert office.json(*right)["corrected"] == {"title": "界线附图"}
    assert "题名：" in office.run("archives", "show", "FT-1").output
    office.run(*right, code=2)
    traced = tmp_path / "描绘.geojson"
    line = {"type": "LineString", "coordinates": [[119.02, 32], [119.0201, 31.99]]}
    feature = {"type": "Feature", "properties": {"名称": "东段"}, "geometry": line}
    traced.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    tracing = ("archives", "trace", "FT-1", traced, *BY, "--source", "FT-1/附图.png", "--accuracy", "12.5")
    assert office.json(*tracing)["shapes"] == 1
    [vector] = office.json("archives", "show", "FT-1")["vectors"]
    assert (vector["name"], vector["accuracy_m"]) == ("东段", 12.5)
    assert "矢量" in office.run("archives", "show", "FT-1").output


def test_images_are_found_along_a_line(office: Desk, tmp_path: Path) -> None:
    image = tmp_path / "航片.tif"
    image.write_bytes(a_geotiff(119.015, 32.0))
    words = ("--title", "航片", "--kind", "影像", "--dated", "2001-03-02", "--issuer", "某局")
    office.run("archives", "register", "YX-1", image, *words, *OF_LINE, code=2)
    bare = tmp_path / "没有坐标.tif"
    bare.write_bytes(a_geotiff(119.015, 32.0, crs=None))
    taken = ("--captured", "2000-11-05")
    assert (
        "坐标系" in office.run("archives", "register", "YX-1", bare, *words, *OF_LINE, *taken, code=2).output
    )
    office.run("archives", "register", "YX-1", image, *words, *OF_LINE, *taken)
    told = office.json("archives", "imagery", "0204", *ON)
    [strip] = [each for each in told["images"] if each["number"] == "YX-1"]
    assert (strip["captured_on"], len(strip["stretches"])) == ("2000-11-05", 1)
    assert strip["stretches"][0]["from_m"] == 0
    assert told["gaps"][0]["from_m"] == pytest.approx(strip["stretches"][0]["to_m"])
    assert "没有影像" in office.run("archives", "imagery", "0204", *ON).output


def test_catalogues_tell_what_is_missing_and_files_are_proved(office: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "纪要.pdf"
    paper.write_bytes(a_pdf("纪要"))
    words = ("--title", "=纪要", "--kind", "会议纪要", "--dated", "1960-03-02", "--issuer", "某局")
    office.run("archives", "register", "WS-1", paper, *words, "--line", "0205", *BY, *ON)
    [told] = office.json("archives", "inventory", "0205", *ON)["lines"]
    assert [each["class"] for each in told["findings"]] == ["协议书", "协议书附图", "界桩登记表", "批复"]
    book = tmp_path / "目录.xlsx"
    assert "已写入" in office.run("archives", "inventory", "ALL", "--out", book, *ON).output
    told = office.json("archives", "inventory", "0205", "--out", book, *ON)
    assert (told["file"], len(told["lines"])) == (str(book), 1)
    cells = {row[2].value: row[3] for row in load_workbook(book)["卷内目录"].rows}
    assert (cells["WS-1"].value, cells["WS-1"].data_type) == ("=纪要", "s")
    office.run("archives", "inventory", "0205", "--out", tmp_path / "目录.doc", *ON, code=2)
    office.run("archives", "appraise", "WS-1", "继续保存", *BY, *ON)
    assert office.json("archives", "show", "WS-1")["appraisals"][0]["conclusion"] == "继续保存"
    proved = office.json("archives", "verify")
    assert proved["whole"] == proved["files"] >= 1
    [file] = office.json("archives", "show", "WS-1")["files"]
    FileStore(read_settings().files_dir).path_of(file["sha256"]).write_bytes(b"changed")
    assert "已改动" in office.json("archives", "verify", code=1)["findings"][0]["message"]
