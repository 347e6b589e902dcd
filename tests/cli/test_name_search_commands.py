"""Names at the keyboard from a list in a file to the place on the map: loaded, matched, decided, found."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import transaction
from gis_service.reactions import react
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn

ON = ("--on", "2022-01-01")
HEADS = ("地名", "类别", "所在行政区", "经度", "纬度", "曾用名")
ROWS = (
    ("朝阳村", "22200", "320102", "118.05", "31.95", "向阳大队"),
    ("龙泉山", "13410", "320102", "118.06", "31.94", ""),
    ("鼓楼街", "23514", "320104", "118.25", "31.95", ""),
)


@pytest.fixture
def office(desk: Desk) -> Desk:
    engine = open_engine(desk.url)
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW, react=react) as tx:
        drawn(tx, "AABB AABB", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
    engine.dispose()
    return desk


def table(path: Path, rows: object, heads: tuple[str, ...] = HEADS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])  # type: ignore[misc]
    return path


@pytest.fixture
def loaded(office: Desk, tmp_path: Path) -> Desk:
    names = table(tmp_path / "地名.csv", ROWS)
    [told] = office.json("intake", "load", names, "--as", "placenames", *ON)
    assert told["entered"] == 3
    return office


def test_a_list_is_checked_loaded_once_and_found(office: Desk, tmp_path: Path) -> None:
    wrong = table(tmp_path / "错.csv", [("朝阳村", "99999", "329999", "118.05", "31.95", "")])
    refused = office.run("intake", "check", wrong, "--as", "placenames", *ON, code=1)
    assert "329999" in refused.output
    assert office.json("names", "search", "朝阳", *ON)["unknown"]

    names = table(tmp_path / "地名.csv", ROWS)
    rehearsed = office.run("intake", "load", names, "--as", "placenames", *ON, "--dry-run")
    assert "演练" in rehearsed.output
    assert office.json("names", "search", "朝阳", *ON)["unknown"]
    load = ("intake", "load", names, "--as", "placenames", *ON)
    assert [each["entered"] for each in office.json(*load)] == [3]
    assert [each["known"] for each in office.json(*load)] == [True]

    [hit] = office.json("names", "search", "朝阳", *ON)["hits"]
    assert (hit["name"], hit["match_kind"], hit["division"]) == ("朝阳村", "prefix", "320102")
    assert (hit["lon"], hit["lat"]) == (118.05, 31.95)
    assert office.json("names", "search", "向阳大队", *ON)["hits"][0]["kind"] == "曾用名"
    assert "以所查的字开头" in office.run("names", "search", "朝阳", *ON).output
    assert "没有相符" in office.run("names", "search", "不存在之地", *ON).output
    assert "空的" in office.run("names", "search", "。", *ON, code=2).output


def test_limits_and_pages_are_asked_for_by_option(loaded: Desk) -> None:
    assert loaded.json("names", "search", "鼓楼街", "--within", "320102", *ON)["hits"] == []
    [hit] = loaded.json("names", "search", "lqs", "--class", "134", *ON)["hits"]
    assert hit["name"] == "龙泉山"
    first = loaded.json("names", "search", "区", "--limit", "1", *ON)
    second = loaded.json("names", "search", "区", "--limit", "1", "--after", first["after"], *ON)
    assert {first["hits"][0]["name"], second["hits"][0]["name"]} == {"甲区", "乙区"}
    assert "--after" in loaded.run("names", "search", "区", "--limit", "1", *ON).output
    assert "没有" in loaded.run("names", "search", "朝阳", "--within", "999999", *ON, code=1).output


def test_the_index_is_made_anew_from_the_registers(loaded: Desk) -> None:
    engine = loaded.engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sought_name")
    engine.dispose()
    assert loaded.json("names", "search", "朝阳村", *ON)["unknown"]
    told = loaded.json("names", "reindex", "--processes", "1")
    assert told == {"features": 7, "names": 8}
    assert loaded.json("names", "search", "朝阳村", *ON)["hits"][0]["match_kind"] == "exact"
    assert "已编入" in loaded.run("names", "reindex", "--processes", "1").output


def test_a_point_and_an_address_are_told_where_they_are(loaded: Desk, tmp_path: Path) -> None:
    near = loaded.json("names", "near", "118.05", "31.95", *ON)
    assert (near["items"][0]["name"], near["items"][0]["distance_m"]) == ("朝阳村", 0.0)
    assert "朝阳村" in loaded.run("names", "near", "118.05", "31.95", *ON).output
    assert "经度在前" in loaded.run("names", "near", "118.05", "131.95", *ON, code=2).output

    told = loaded.json("names", "geocode", "甲区朝阳村12号", *ON)
    assert (told["candidates"][0]["name"], told["unknown"]) == ("朝阳村", False)
    assert "没有把握" in loaded.run("names", "geocode", "无此处何在", *ON).output
    addresses = table(tmp_path / "地址.csv", [("甲区朝阳村12号",), ("无此处何在",)], ("地址",))
    done = tmp_path / "结果.csv"
    loaded.run("names", "geocode", "--table", addresses, "--column", "地址", "--out", done, *ON)
    written = pd.read_csv(done)
    assert written["地址"].tolist() == ["甲区朝阳村12号", "无此处何在"]
    assert written.iloc[0].astype(str).str.contains("朝阳村").any()
    assert "只写其一" in loaded.run("names", "geocode", "x", "--table", addresses, *ON, code=2).output


def test_a_foreign_list_is_matched_decided_and_entered(loaded: Desk, tmp_path: Path) -> None:
    foreign = table(
        tmp_path / "外来.csv",
        [
            ("朝阳村", "22200", "320102", "118.05", "31.95", ""),
            ("龙门山", "13410", "320102", "118.08", "31.93", ""),
            ("无名沟", "13410", "320102", "118.09", "31.92", ""),
        ],
    )
    matches = {each["name"]: each for each in _matches(loaded, foreign)}
    assert matches["朝阳村"]["certain"]
    assert not matches["龙门山"]["certain"]
    queued = loaded.json("names", "match", foreign, "--queue", *ON)
    assert (queued["rows"], queued["queued"]) == (3, 2)
    waiting = {each["name"]: each for each in loaded.json("names", "reviews", "list")}
    assert waiting["龙门山"]["candidates"][0]["name"] == "龙泉山"
    assert "龙泉山" in loaded.run("names", "reviews", "show", waiting["龙门山"]["id"]).output

    loaded.run("names", "reviews", "decide", waiting["龙门山"]["id"], "accepted")
    assert "待" in loaded.run("names", "reviews", "undo", waiting["龙门山"]["id"]).output
    loaded.run("names", "reviews", "decide", waiting["龙门山"]["id"], "rejected", code=2)
    loaded.run("names", "reviews", "decide", waiting["龙门山"]["id"], "rejected", "--reason", "误写")
    loaded.run("names", "reviews", "decide", waiting["无名沟"]["id"], "new")
    entered = loaded.json("names", "reviews", "enter", foreign.name, *ON)
    assert entered["entered"] == 1
    assert loaded.json("names", "search", "无名沟", *ON)["hits"][0]["name"] == "无名沟"


def _matches(desk: Desk, file: Path) -> list[dict[str, object]]:
    told = json.loads(desk.run("names", "match", file, *ON, "--json").stdout)["matches"]
    return [{"name": each["name"], "certain": each["certain"]} for each in told]


def test_dates_are_days_on_which_things_are_asked(loaded: Desk) -> None:
    before = loaded.json("names", "search", "朝阳村", "--on", "2020-07-01")
    assert not before["hits"] or before["hits"][0]["exists"] is False
    [now] = loaded.json("names", "search", "朝阳村", *ON)["hits"]
    assert date.fromisoformat(now["valid_from"]).year == 2022
