"""Place names at the keyboard: listed, shown, told over time, and written out character by character."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from shapely.geometry import LineString, Point

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import transaction
from gis_service.reactions import react
from gis_service.registers.placenames.commands import (
    NewFeature,
    NewName,
    NewShape,
    Rename,
    Seen,
    edit_features,
    enter_features,
)
from gis_service.registers.placenames.models import NameKind, NameProcess, ShapeRole
from tests.cli.conftest import Desk
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn

ODD = "𨭎\ue0a1垌𬇙"  # extension B and E, and a character of private use
CODE = "32010200022200000001"
ON = ("--on", "2022-01-01")
LAW = NameProcess.statutory


@pytest.fixture
def office(desk: Desk) -> Desk:
    engine = open_engine(desk.url)
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW, react=react) as tx:
        units = drawn(tx, "AABB AABB", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
        act = an_act(tx, "宁政发〔2021〕1号")
        place = NewShape(ShapeRole.point, Point(118.775139, 32.05), method="实测")
        road = NewShape(ShapeRole.line, LineString([(118.8, 32), (118.9, 32.1)]))
        village = NewFeature(
            (NewName("老" + ODD), NewName("=SUM(1)村", NameKind.alias)),
            "22200",
            (units["A"],),
            (place,),
            {"地名含义": f"“{ODD}”之义", "某项": {"一": 1}},
            CODE,
        )
        street = NewFeature((NewName("长街", process=LAW),), "23514", (units["B"],), (road,))
        features = enter_features(tx, [village, street], on=BEGINNING, instrument_id=act)
        edit_features(
            tx, [Rename(Seen(features[0], 1), NewName(ODD))], on=date(2021, 1, 1), instrument_id=act
        )
    engine.dispose()
    return desk


def written(office: Desk, path: Path, *more: str) -> Path:
    told = office.json("names", "list", "--within", "320102", "--class", "22", *ON, "--out", path, *more)
    assert told["records"] == 1
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    if path.suffix == ".geojson":
        told = json.loads(path.read_text(encoding="utf-8"))
        return [each["properties"] for each in told["features"]]
    if path.suffix == ".gpkg":
        return gpd.read_file(path).drop(columns="geometry").to_dict("records")
    heads, *rows = load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "gpkg", "geojson"])
def test_what_is_written_out_is_what_is_on_record(office: Desk, tmp_path: Path, suffix: str) -> None:
    [row] = rows_of(written(office, tmp_path / f"地名.{suffix}"))
    assert (row["name"], row["former"], row["aliases"]) == (ODD, "老" + ODD, "=SUM(1)村")
    assert (row["code"], row["class"], row["division"]) == (CODE, "22200", "320102")
    assert json.loads(row["facts"]) == {"地名含义": f"“{ODD}”之义", "某项": {"一": 1}}
    [form] = rows_of(written(office, tmp_path / f"普查.{suffix}", "--shape", "census"))
    assert (form["标准名称"], form["曾用名"], form["地名代码"]) == (ODD, "老" + ODD, CODE)
    assert (form["东经"], form["北纬"]) == ("118°46′30.50″", "32°03′00.00″")
    assert (form["地名含义"], form["使用时间"]) == (f"“{ODD}”之义", "现今")
    assert json.loads(form["其他"]) == {"某项": {"一": 1}}


def test_names_are_listed_shown_and_told_over_time(office: Desk, tmp_path: Path) -> None:
    names = {each["name"]: each for each in office.json("names", "list", *ON)}
    assert {"甲区", "乙区", ODD, "长街"} <= names.keys()
    assert names["甲区"]["class"] == "21400"
    assert "长街" in office.run("names", "list", "--within", "320104", *ON).stdout
    shown = office.json("names", "show", CODE, *ON)
    assert (shown["name"], shown["revision"]) == (ODD, 2)
    assert office.json("names", "show", ODD, *ON)["id"] == shown["id"]
    assert ODD in office.run("names", "show", shown["id"], *ON).stdout
    told = office.json("names", "history", shown["id"])
    assert [each["kind"] for each in told["events"]] == ["登记", "登记", "更名", "更名"]
    assert "宁政发" in office.run("names", "history", shown["id"]).stdout
    assert "22200" in office.run("names", "classes").stdout
    assert office.json("names", "follow")["changed"] == 0
    form = written_form(office, tmp_path / "街.csv")
    assert (form["东经"], form["至东经"]) == ("118°48′00.00″", "118°54′00.00″")


def written_form(office: Desk, path: Path) -> dict[str, Any]:
    office.json("names", "list", "--class", "23", *ON, "--out", path, "--shape", "census")
    return rows_of(path)[0]


def test_what_is_not_there_or_cannot_be_written_is_refused(office: Desk, tmp_path: Path) -> None:
    assert "没有地名" in office.json("names", "show", "无此地", code=1)["error"]
    assert "格式" in office.json("names", "list", "--out", tmp_path / "地名.docx", code=2)["error"]
    assert "类别" in office.json("names", "list", "--class", "二", code=2)["error"]
