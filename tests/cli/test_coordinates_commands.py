"""The commands about coordinates: they need no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gis_service.cli import app


def answer(*words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, ["coordinates", *words, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_plane_coordinates_lead_to_degrees_and_sheets() -> None:
    told = answer("convert", "3548062.1017", "40383520.9347")
    assert (told["lon"], told["lat"]) == pytest.approx((118.7667, 32.05), abs=1e-8)
    assert told["sheets"]["1:50000"] == "I50E024020"
    assert told["epsg"] == {"prefixed": 4528, "bare": 4549}
    back = answer("convert", "118.7667", "32.05", "--to", "3:40")
    assert (back["x"], back["y_prefixed"]) == pytest.approx((3548062.1017, 40383520.9347), abs=1e-3)


def test_old_systems_need_local_parameters(tmp_path: Path) -> None:
    refused = answer("convert", "3548062.1", "40383520.9", "--system", "西安80", code=2)
    assert "--transform" in refused["way_out"]
    way = tmp_path / "当地.toml"
    way.write_text(
        'method = "similarity"\ndx = 1.0\ndy = 115.0\nrotation_s = 0.1\nscale_ppm = 0.5\n'
        "zone = { width = 3, number = 40 }\n",
        encoding="utf-8",
    )
    placed = answer("convert", "3548062.1", "40383520.9", "--system", "西安80", "--transform", str(way))
    assert placed["lon"] == pytest.approx(118.768, abs=1e-3)


def test_angles_and_sheets() -> None:
    [one] = answer("dms", "118-46-30.5")
    assert one["dms"] == "118°46′30.50″"
    assert "小于 60" in answer("dms", "118-46-60", code=2)["error"]
    [sheet] = answer("sheet", "116°28′25″,39°54′30″", "--scale", "500")
    assert sheet["number"] == "J50K00530950"
    [same] = answer("sheet", "J50K00530950")
    assert same == sheet


@pytest.mark.parametrize(
    "words",
    [
        ("convert", "118.77", "32.05"),
        ("dms", "118.775"),
        ("sheet", "118.7,32.05"),
    ],
)
def test_people_are_told_in_chinese(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["coordinates", *words])
    assert done.exit_code == 0, done.output
    assert "°" in done.output
