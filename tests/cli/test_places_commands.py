"""Asking at the keyboard where points lie and whose shapes are, and drawing what became of a city."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from tests.cli.conftest import NANTONG, SAMPLE, Desk

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.8, 32.0], [121.2, 32.0], [121.2, 32.1], [120.8, 32.1], [120.8, 32.0]]],
}


def test_places_and_shapes_before_and_after_a_change(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", SAMPLE)
    desk.run("changes", "enact", NANTONG)
    told = desk.json("divisions", "locate", "121.2,31.9", "--on", "2020-06-05")
    assert [unit["code"] for unit in told["sides"][0]] == ["320000", "320600", "320614"]
    assert "320684" in desk.run("divisions", "locate", "121.2,31.9", "--on", "2020-06-04").output
    points = tmp_path / "points.csv"
    points.write_text("名称,经度,纬度\n海门,121.2,31.9\n海上,123.0,32.0\n", encoding="utf-8")
    rows = desk.json("divisions", "locate", points, "--on", "2020-06-05")
    assert [row["county_code"] for row in rows] == ["320614", ""]
    shape = tmp_path / "shape.geojson"
    shape.write_text(json.dumps(SQUARE), encoding="utf-8")
    [flows] = desk.json("divisions", "whose", shape, "--on", "2020-06-04", "--to", "2020-06-05")
    assert sum(flow["share_of_shape"] for flow in flows) == 1.0 or len(flows) > 1
    assert any("国函〔2020〕79号" in flow["acts"] for flow in flows)
    desk.run("divisions", "whose", shape, "--on", "2020-06-05")
    assert_written(desk, shape, flows, tmp_path)
    drawn = desk.json("sheets", "compare", "320600", "--from", "2020-01-01", "--to", "2020-06-05")
    assert drawn["drawn"][0]["title"] == "南通市行政区划两日对比图"


def assert_written(desk: Desk, shape: Path, flows: list[dict[str, Any]], folder: Path) -> None:
    """The same rows as a table, and as a layer with the piece of the shape that each is about."""
    for name in ("whose.csv", "whose.gpkg"):
        desk.run(
            "divisions", "whose", shape, "--on", "2020-06-04", "--to", "2020-06-05", "--out", folder / name
        )
    head, *lines = (folder / "whose.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "shape,before,after,size,share_of_shape,acts"
    assert len(lines) == len(flows)
    layer = gpd.read_file(folder / "whose.gpkg")
    assert layer.after.tolist() == [flow["after"] for flow in flows]
    assert layer.union_all().area == pytest.approx(0.04, rel=1e-6)
    desk.run("divisions", "whose", shape, "--out", folder / "whose.xlsx", code=2)


def test_what_cannot_be_read_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.run("divisions", "locate", "nowhere.csv", code=2)
    desk.run("divisions", "locate", "200,100", code=2)
    broken = tmp_path / "broken.geojson"
    broken.write_text("{", encoding="utf-8")
    desk.run("divisions", "whose", broken, code=2)
