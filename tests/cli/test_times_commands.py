"""Commands over time, on the sample with both acts of 2020 enacted."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import pytest

from tests.cli.conftest import Desk

BEFORE, AFTER = "2020-01-01", "2020-06-05"


def test_a_merged_district_is_traced_by_its_faces(enacted: Desk) -> None:
    told = enacted.json("divisions", "trace", "320602", "--on", BEFORE, "--to", AFTER)
    [heir] = told["units"]
    assert (heir["code"], heir["share_of_source"], told["shares_sum"]) == ("320613", 1.0, 1.0)
    assert 0 < heir["share_of_target"] < 1
    assert heir["acts"][0]["instrument"] == "国函〔2020〕79号"
    back = enacted.json("divisions", "trace", "320613", "--on", AFTER, "--to", BEFORE)
    assert {each["code"] for each in back["units"]} == {"320602", "320611"}
    assert back["shares_sum"] == pytest.approx(1)


def test_a_retired_code_needs_no_day(enacted: Desk) -> None:
    told = enacted.json("divisions", "trace", "320602", "--to", "2021-01-01")
    assert (told["on"], [each["code"] for each in told["units"]]) == ("2020-06-04", ["320613"])
    assert [held["name"] for held in told["holders"]] == ["崇川区"]
    assert "崇川区（320602）" in enacted.run("divisions", "trace", "320602").output
    enacted.run("divisions", "trace", "320699", code=1)
    assert "已停用" in enacted.run("divisions", "trace", "320602", "--on", AFTER).output
    enacted.run("divisions", "trace", "320602", "--on", "1990-01-01", code=1)
    enacted.run("divisions", "trace", "32", code=2)


def test_two_days_are_compared_in_every_shape(enacted: Desk, tmp_path: Path) -> None:
    compared = ("divisions", "compare", "--from", BEFORE, "--to", AFTER, "--within", "320600")
    told = enacted.json_list(*compared)
    assert told["counts"] == {"county": {"设立": 1, "撤销": 2, "建制变更": 1, "更名": 1, "代码变更": 1}}
    assert "崇川区" in enacted.run(*compared).output
    table, map_ = tmp_path / "compared.csv", tmp_path / "compared.gpkg"
    enacted.run(*compared, "--format", "csv", "--out", table)
    with table.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["code_before"] for row in rows} == {"320602", "320611", "320684", ""}
    enacted.run(*compared, "--format", "gpkg", "--out", map_)
    before, after = gpd.read_file(map_, layer="before"), gpd.read_file(map_, layer="after")
    assert (len(before), len(after)) == (3, 2)
    assert not before.geometry.is_empty.any()


def test_a_table_is_carried_over(enacted: Desk, tmp_path: Path) -> None:
    table, carried = tmp_path / "people.xlsx", tmp_path / "carried.csv"
    source = tmp_path / "people.csv"
    source.write_text("code,people\n320602,10\n320611,5\n999999,1\n", encoding="utf-8")
    days = ("--from", BEFORE, "--to", AFTER, "--code-column", "code", "--values", "people")
    enacted.run("divisions", "crosswalk", source, *days, "--out", table)
    told = enacted.json("divisions", "crosswalk", source, *days, "--aggregate", "--out", carried)
    assert told["sums"] == [{"column": "people", "before": "16", "after": "16"}]
    assert [each["code"] for each in told["unmatched"]] == ["999999"]
    with carried.open(encoding="utf-8-sig") as stream:
        assert [tuple(row.values()) for row in csv.DictReader(stream)] == [
            ("320613", "崇川区", "", "15"),
            ("", "", "999999", "1"),
        ]
    again = enacted.run(
        "divisions", "crosswalk", table, "--from", AFTER, "--to", AFTER, "--code-column", "code", code=2
    )
    assert "to_code" in again.output


def test_a_list_is_dated(enacted: Desk, tmp_path: Path) -> None:
    table = tmp_path / "codes.csv"
    table.write_text("代码,名称\n320613,崇川区\n320614,海门区\n320602,崇川区\n", encoding="gb18030")
    told = enacted.json("divisions", "dating", table, "--code-column", "代码", "--name-column", "名称")
    assert told["periods"] == [{"begins": AFTER, "ends": None}]
    assert [each["code"] for each in told["misfits"]] == ["320602"]
    assert AFTER in enacted.run("divisions", "dating", table, "--code-column", "代码").output
    enacted.run("divisions", "dating", tmp_path / "none.csv", "--code-column", "x", code=2)


def test_units_are_found_by_a_name_they_bore(enacted: Desk) -> None:
    found = enacted.json("divisions", "find", "崇川")
    assert [(each["code"], each["valid_to"]) for each in found] == [("320602", AFTER), ("320613", None)]
    assert len(enacted.json("divisions", "find", "崇川区", "--on", AFTER)) == 1


def test_free_codes_are_proposed(enacted: Desk) -> None:
    told = enacted.json(
        "divisions", "propose-code", "--type", "市辖区", "--superior", "320600", "--on", AFTER, "--count", "2"
    )
    assert [each["code"] for each in told["proposals"]] == ["320615", "320616"]
