"""Markers added, kept, located and measured at the keyboard, by options and by files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_markers_commands import BY, ON, office

__all__ = ["office"]

PAPERS = ("--agreed", "320102", "--agreed", "320104", "--survey", BY[1], "--filing", BY[1])
OBJECTS = [["水塔", 10.0, 50.0], ["桥头", 120.0, 60.5], ["房角", 240.0, 80.0]]
BEARINGS = [
    word for name, *figures in OBJECTS for word in ("--bearing", ",".join(map(str, (name, *figures))))
]
THIRD = ("0204003", "--line", "0204", "--lon", "119.02", "--lat", "31.985", "--managing", "320102")


def test_a_marker_is_added_with_all_that_is_known(office: Desk) -> None:
    add = ("markers", "add", *THIRD, *BY, *ON, *BEARINGS, "--side", "320102=某镇某村")
    assert office.json(*add, code=1)["findings"][0]["rule"] == "R-BND-13"
    assert not office.json(*add, *PAPERS, "--dry-run")["written"]
    assert office.json(*add, *PAPERS)["entered"] == ["0204003Q"]
    told = office.json("markers", "show", "0204003Q", *ON)
    assert [each["location"] for each in told["sides"]] == ["某镇某村"]
    assert [each["name"] for each in told["bearings"]] == ["水塔", "桥头", "房角"]
    office.run(*add, *PAPERS, code=1)  # a number is never used again
    half = ("markers", "add", "0204009A", *THIRD[1:], *BY, *ON, *PAPERS)
    assert "R-MRK-04" in {each["rule"] for each in office.json(*half, code=1)["findings"]}


def test_both_halves_come_in_one_file(office: Desk, tmp_path: Path) -> None:
    both = [
        {"number": f"0204005{half}", "line": "0204", "managing": code, "place": {"lon": lon, "lat": 31.985}}
        for half, code, lon in (("A", "320102", 119.0195), ("B", "320104", 119.0205))
    ]
    file = tmp_path / "增设.json"
    file.write_text(json.dumps({"instrument": BY[1], "markers": both}), encoding="utf-8")
    told = office.json("markers", "add", "--from-file", file, *PAPERS, *ON)
    assert told["entered"] == ["0204005A", "0204005B"]
    file.write_text("[]", encoding="utf-8")
    assert "JSON 对象" in office.json("markers", "add", "--from-file", file, *PAPERS, *ON, code=2)["error"]


def test_keepers_places_objects_and_points_are_entered(office: Desk) -> None:
    office.json("markers", "keeper", "0204001", "320104", "--custodian", "某人", *BY, *ON)
    office.json("markers", "locations", "0204001", "--side", "320104=乙镇乙村", *BY, *ON)
    office.json("markers", "bearings", "0204001", *BEARINGS, *BY, *ON)
    told = office.json("markers", "show", "0204001", *ON)
    assert (told["managing"]["code"], told["is_entrusted"]) == ("320104", True)
    assert (told["sides"][0]["location"], len(told["bearings"])) == ("乙镇乙村", 3)
    point = ("markers", "points", "0204", "--number", "B1", "--x", "3541163.2", "--y", "40407384.7")
    assert office.json(*point, "--after", "0204001", *BY, *ON)["entered"] == ["B1"]
    few = ("markers", "bearings", "0204002", *BEARINGS[:2], *BY, *ON)
    assert office.json(*few, code=1)["findings"][0]["rule"] == "R-MRK-08"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("keeper", "0204001", "320104", *ON), "instrument：没有写明"),
        (("keeper", "0204001", "320104", "--by", "无此文号", *ON), "没有登记文号"),
        (("keeper", "0204099", "320104", *BY, *ON), "没有编号为"),
        (("locations", "0204001", "--side", "320104", *BY, *ON), "写法不对"),
        (("bearings", "0204001", "--bearing", "水塔", *BY, *ON), "写法不对"),
        (("points", "0204", "--number", "B1", "--lon", "119.02", *BY, *ON), "须一并写明"),
        (("points", "0204", "--number", "B1", "--x", "40407384", "--y", "3541163", *BY, *ON), "颠倒"),
        (("points", "0204", "--lon", "119.02", "--lat", "31.99", *BY, *ON), "没有说明是哪一个"),
    ],
)
def test_what_is_wrong_is_named(office: Desk, words: tuple[str, ...], told: str) -> None:
    result = office.run("markers", *words, "--json", code=1 if told == "没有编号为" else 2)
    assert told in json.loads(result.stdout)["error"]


def test_a_tri_point_is_entered_revised_and_ended(office: Desk) -> None:
    units = ("--unit", "320102", "--unit", "320104", "--unit", "320105")
    here = ("--lon", "119.0201", "--lat", "31.98")
    [known] = office.json("markers", "tri-points", *ON)
    revise = ("markers", "tri-point", "三区交点", "--id", known["id"], *units, *here, *BY)
    assert not office.json(*revise, *ON, "--dry-run")["written"]
    office.json(*revise, *ON)
    [now] = office.json("markers", "tri-points", *ON)
    assert (now["name"], now["lon"]) == ("三区交点", 119.0201)
    assert office.json("markers", "tri-points", "--on", "2021-04-30") == [known]
    office.json("markers", "tri-point", "--id", now["id"], "--end", *BY, *ON, code=1)  # began that day
    office.json("markers", "tri-point", "--id", now["id"], "--end", *BY, "--on", "2022-01-01")
    assert office.json("markers", "tri-points", "--on", "2022-01-01") == []
    twice = ("markers", "tri-point", "误", *units[:4], "--unit", "320102", *here, *BY, *ON)
    assert "三个不同" in office.json(*twice, code=2)["error"]
    office.json("markers", "tri-point", "--end", *BY, *ON, code=2)
