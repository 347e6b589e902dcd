"""Entering at the keyboard what is agreed on lines, and reading it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn

UNITS = {
    "A": ("320402", "甲区"),
    "B": ("320404", "乙区"),
    "C": ("321102", "丙区"),
    "D": ("321111", "丁区"),
}
ON = ("--on", "2021-01-01")
AGREEMENT = {
    "number": "常镇勘界协议",
    "kind": "协议书",
    "title": "常州市与镇江市行政区域界线协议书",
    "issuer": "常州市人民政府、镇江市人民政府",
    "issued_on": "2000-03-01",
}
RECORD = {
    "instrument": "常镇勘界协议",
    "acts": [AGREEMENT],
    "agreement": "常镇勘界协议",
    "approver": "江苏省人民政府",
    "approved_on": "2000-12-01",
    "published_length_km": 73.1,
    "name": "常镇线",
}


@pytest.fixture
def drawn_desk(desk: Desk) -> Desk:
    desk.run("database", "status")
    with transaction(session_factory(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "AACC AACC BBDD BBDD", UNITS)
    return desk


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def a_line(*places: tuple[float, float]) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [list(place) for place in places]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": line}],
    }


def test_a_line_is_put_on_record_surveyed_and_shown(drawn_desk: Desk, tmp_path: Path) -> None:
    desk = drawn_desk
    record = written(tmp_path / "record.json", RECORD)
    rehearsed = desk.json("boundaries", "record", "0411", record, *ON, "--dry-run")
    assert desk.json("boundaries", "lines", "--code", "0411", *ON)[0]["name"] != "常镇线"
    done = desk.json("boundaries", "record", "0411", record, *ON)
    assert done == rehearsed | {"dry_run": False}
    assert (done["name"], [each["rule"] for each in done["findings"]]) == ("常镇线", ["R-BND-01"])
    surveyed = desk.json(
        *("boundaries", "survey", "0411", "--act", "常镇勘界协议", *ON),
        *("--state", "已定界", "--follows", "分水岭", "--from", "300", "--to", "1500.5"),
    )
    assert surveyed["to_m"] == pytest.approx(1500.5, abs=0.1)
    [line] = desk.json("boundaries", "lines", "--code", "0411", *ON)
    assert (line["name"], line["level"], line["markers"]) == ("常镇线", "prefecture", 0)
    assert len(line["pairs"]) == 2
    told = desk.json("boundaries", "show", "0411", *ON)
    assert told["runs"] == "自北向南"
    assert [section["legal_state"] for section in told["sections"]] == [
        "未说明",
        "已定界",
        "未说明",
        "未说明",
    ]
    assert told["descents"]
    assert told["lengths"]["published_km"] == 73.1
    page = desk.run("boundaries", "show", "0411", *ON).output
    assert "江苏省人民政府" in page
    assert "分水岭" in page
    corrected = desk.json(
        *("boundaries", "record", "0411", "--act", "常镇勘界协议", "--published-km", "73.2", "--correct", *ON)
    )
    assert corrected["name"] == "常镇线"
    assert desk.run("verify").exit_code == 0


def test_claims_indicators_and_uses_are_entered(drawn_desk: Desk, tmp_path: Path) -> None:
    desk, act = drawn_desk, ("--act", "常镇勘界协议")
    desk.run("boundaries", "record", "0411", written(tmp_path / "record.json", RECORD), *ON)
    claim = written(tmp_path / "claim.geojson", a_line((119.021, 31.995), (119.021, 31.985)))
    one = desk.json(
        *("boundaries", "claim", "0411", *act, "--section", "一", "--claim", f"320402={claim}"), *ON
    )
    assert one["edges"] is None
    both = desk.json(
        *("boundaries", "claim", "0411", *act, "--section", "一", "--claim", f"321102={claim}"), *ON
    )
    assert both["to_m"] - both["from_m"] == pytest.approx(1109, abs=2)
    canal = ("--kind", "沟渠", "--name", "团结渠", "--shape", claim)
    entered = desk.json("boundaries", "indicator", "0411", *act, *canal, *ON)
    desk.run("boundaries", "indicator", "0411", *act, *canal, "--id", entered["id"], *ON, code=1)
    ruined = ("resurveys", "open", "0411", "--cause", "indicator", "--id", entered["id"], *act, *ON)
    assert desk.json(*ruined, "--dry-run")["dry_run"]
    assert desk.json("resurveys", "list") == []
    number = desk.json(*ruined)["resurvey"]["number"]
    assert [each["number"] for each in desk.json("boundaries", "show", "0411", *ON)["matters"]] == [number]
    assert number in desk.run("boundaries", "show", "0411", *ON).output
    assert number in desk.run("changes", "calendar").output
    done = ("resurveys", "done", number, *act, "--outcome", "以新渠为指示物")
    assert desk.json(*done, code=1)["findings"][0]["rule"] == "R-BND-98"
    assert "已修测" in desk.run(*done, "--filing", act[1]).output
    assert "团结渠" in desk.run("resurveys", "show", number).output
    use = ("--kind", "跨界使用", "--user", "320402", "--host", "321102", "--place", "某圩")
    used = desk.json("boundaries", "use", "0411", *act, *use, *ON)
    assert [each["rule"] for each in used["findings"]] == ["R-BND-16"]
    told = desk.json("boundaries", "show", "0411", *ON)
    assert [len(told[name]) for name in ("claims", "indicators", "uses")] == [2, 1, 1]
    between, later = ("--on", "2021-06-01"), ("--on", "2022-01-01")
    again = desk.json(
        "boundaries", "use", "0411", *act, *use, "--id", used["id"], "--purpose", "养殖", *between
    )
    assert again["id"] == used["id"]
    desk.run("boundaries", "use", "0411", *act, "--end", used["id"], *later)
    desk.run("boundaries", "claim", "0411", *act, "--section", "一", "--settled", *later)
    told = desk.json("boundaries", "show", "0411", *later)
    assert [len(told[name]) for name in ("claims", "indicators", "uses")] == [0, 1, 0]
    gone = ("boundaries", "indicator", "0411", *act, "--id", entered["id"], "--end", *later)
    assert desk.json(*gone, code=1)["findings"][0]["rule"] == "R-BND-15"
    desk.json(*gone, "--resurvey", act[1], "--filing", act[1])
    assert desk.json("boundaries", "show", "0411", *later)["indicators"] == []
    assert "争议" in told["by_state"]


def test_what_cannot_be_entered_is_refused_with_a_way_out(drawn_desk: Desk, tmp_path: Path) -> None:
    desk = drawn_desk
    assert "没有登记文号" in desk.run("boundaries", "record", "0411", "--act", "无此文件", *ON, code=2).output
    desk.run("boundaries", "record", "0411", *ON, code=2)
    desk.run("boundaries", "record", "0411", tmp_path / "none.json", *ON, code=2)
    desk.run("boundaries", "record", "0411", written(tmp_path / "list.json", []), *ON, code=2)
    desk.run("boundaries", "show", "9999", *ON, code=1)
    bad = written(tmp_path / "bad.json", RECORD | {"published_length_km": -1, "unheard": 1})
    output = desk.run("boundaries", "record", "0411", bad, *ON, code=2).output
    assert "published_length_km" in output
    assert "unheard" in output
    half = written(tmp_path / "half.json", {key: RECORD[key] for key in ("instrument", "acts", "agreement")})
    refused = desk.json("boundaries", "record", "0411", half, *ON, code=1)
    assert [each["rule"] for each in refused["findings"]] == ["R-BND-05"]
    settled = ("--state", "已定界")
    full = written(tmp_path / "full.json", RECORD)
    desk.run("boundaries", "record", "0411", full, *ON)
    desk.run("boundaries", "survey", "0411", "--act", "常镇勘界协议", *settled, "--from", "1e7", *ON, code=2)
    desk.run("boundaries", "survey", "0411", "--act", "常镇勘界协议", *ON, code=2)
    desk.run("boundaries", "use", "0411", "--act", "常镇勘界协议", "--end", "x", *ON, code=2)
