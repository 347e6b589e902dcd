"""The desk check at the keyboard, beside what a user brings, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
from openpyxl import load_workbook
from shapely.geometry import box, shape

from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn

UNITS = {"A": ("320402", "甲区"), "B": ("321102", "乙区")}
ON = ("--on", "2021-01-01")


def _kept(path: Path, geometry: Any, **columns: Any) -> Path:
    told = {name: [value] for name, value in columns.items()}
    gpd.GeoDataFrame(told, geometry=[geometry], crs="EPSG:4490").to_file(path)
    return path


def test_a_line_is_checked_against_a_copy_and_parcels(desk: Desk, tmp_path: Path) -> None:
    desk.run("database", "status")
    with transaction(session_factory(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "AAABBB\nAAABBB\nAAAABB", UNITS)
    line = shape(desk.json("boundaries", "between", "320402", "321102", *ON)["geometry"])
    copy = _kept(tmp_path / "copy.gpkg", line, name="对方")
    x, y = line.geoms[0].coords[0][:2]
    parcels = _kept(tmp_path / "parcels.gpkg", box(x - 0.002, y - 0.002, x + 0.001, y + 0.002), name="地块一")
    page, book = tmp_path / "check.html", tmp_path / "check.xlsx"
    check = desk.json(
        *("boundaries", "check", "0411", *ON, "--against", copy, "--parcels", parcels),
        *("--map", page, "--out", book),
    )
    assert check["matches"][0]["same"] is True
    assert check["encroachments"][0]["parcel"] == "地块一"
    assert {"R-BND-05", "R-BND-22"} <= {each["rule"] for each in check["findings"]}
    assert page.read_text(encoding="utf-8").count("<li class=") == len(check["findings"])
    [sheet] = load_workbook(book).worksheets
    assert sheet.max_row == len(check["findings"]) + 1
    assert sheet["A2"].value == "0411"
    assert [each["code"] for each in desk.json("boundaries", "check", "--within", "320400", *ON)]
    told = desk.run("boundaries", "check", "0411", *ON, "--against", copy).output
    assert "逐点相同" in told
    _refused(desk, tmp_path, copy)


def _refused(desk: Desk, tmp_path: Path, lines: Path) -> None:
    check = ("boundaries", "check")
    assert "没有说明" in desk.run(*check, *ON, code=2).output
    assert "没有里程" in desk.run(*check, "0411", *ON, "--from-m", "5", "--to-m", "999999", code=2).output
    assert "没有代码" in desk.run(*check, "9999", *ON, code=1).output
    assert "没有文件" in desk.run(*check, "0411", *ON, "--text", tmp_path / "无.txt", code=2).output
    assert "不是普通文件" in desk.run(*check, "0411", *ON, "--against", tmp_path / "无.gpkg", code=1).output
    assert "中没有" in desk.run(*check, "0411", *ON, "--parcels", lines, code=2).output
    bare = tmp_path / "bare.geojson"
    bare.write_text(json.dumps({"type": "FeatureCollection", "features": []}), encoding="utf-8")
    desk.run(*check, "0411", *ON, "--against", bare, code=1)
