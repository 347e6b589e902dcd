"""A dispute led at the keyboard from its finding to its decision, and counted at the end of the year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn

UNITS = {"A": ("320402", "甲区"), "B": ("320404", "乙区")}
CASE = {
    "kind": "纠纷",
    "place": "某村东",
    "parties": ["320402", "320404"],
    "level": "较大",
    "cause": "越界耕种",
    "found_on": "2026-01-10",
    "found_by": "某局",
    "measures": "双方停止耕种",
    "due_on": "2026-02-10",
    "responsible": "320402",
    "from_m": 100,
    "to_m": 400,
}
AGREEMENT = {
    "number": "甲乙协议",
    "kind": "协议书",
    "title": "协议书",
    "issuer": "某市政府",
    "issued_on": "2000-03-01",
}
DECISION = AGREEMENT | {
    "number": "裁决1号",
    "kind": "决定",
    "issuer": "江苏省人民政府",
    "issued_on": "2026-01-20",
}
RECORD = {
    "instrument": "甲乙协议",
    "acts": [AGREEMENT],
    "agreement": "甲乙协议",
    "approver": "江苏省人民政府",
}


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_dispute_is_led_to_its_decision_and_counted(desk: Desk, tmp_path: Path) -> None:
    desk.run("database", "status")
    with transaction(session_factory(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "AB\nAB", UNITS)
    [line] = desk.json("boundaries", "lines", "--on", "2026-01-10")
    record = written(tmp_path / "record.json", RECORD | {"approved_on": "2000-12-01"})
    desk.run("boundaries", "record", line["id"], record, "--on", "2026-01-01")
    [case] = desk.json("disputes", "open", written(tmp_path / "case.json", CASE | {"line": line["id"]}))
    number = case["number"]
    refused = desk.run(
        "disputes", "open", written(tmp_path / "bad.json", {"line": "1", "found_on": "x"}), code=2
    )
    assert "found_on（发现日期）：“x”不是日期" in refused.stderr
    put_off = ("disputes", "revise", number, "--due", "2026-12-01", "--on", "2026-01-11")
    assert "没有写明理由" in desk.run(*put_off, code=1).stdout
    assert "期限：2026-02-10 → 2026-12-01" in desk.run(*put_off, "--words", "汛期").stdout
    desk.run("disputes", "mediate", number, "--words", "会商", "--not-agreed", "--on", "2026-01-12")
    desk.run("disputes", "move", number, "报请裁决", "--words", "未达成一致", "--on", "2026-01-14")
    decide = ("disputes", "decide", number, "--act", "裁决1号", "--words", "裁决", "--on", "2026-01-21")
    assert "写在登记内容的 acts 中" in desk.run(*decide, code=1).stderr
    acts = written(tmp_path / "acts.json", {"acts": [DECISION]})
    rehearsed = desk.run(*decide, acts, "--result", "维持协议书", "--state", "已定界", "--dry-run").stdout
    assert "未说明 0.300 km → 已定界" in rehearsed
    assert "未作任何改动" in rehearsed
    desk.run(*decide, acts, "--result", "维持协议书")
    assert "维持协议书" in desk.run("disputes", "show", number).stdout
    assert "没有到期的事项" in desk.run("disputes", "due").stdout
    counts = desk.json("disputes", "report", "2026", "--unit", "320402")
    assert (counts["cases"], counts["overdue"], counts["state"]) == (1, 0, {"已裁决": 1})
    assert counts["line"][0]["line"] == line["id"]
    assert desk.json("disputes", "report", "2025")["cases"] == 0
    assert "2026 年发现 1 起" in desk.run("disputes", "report", "2026").stdout
    desk.run("disputes", "report", "2026", "--xlsx", tmp_path / "x.xlsx")
    assert load_workbook(tmp_path / "x.xlsx")["案件"].max_row == 2
    [stretch] = desk.json("disputes", "risk", "--line", line["id"])["items"]
    assert (stretch["band"], stretch["closed"], stretch["cases"]) == ("无", 1, [number])
    assert "没有写明写入的文件" in desk.run("disputes", "map", code=2).stderr
    assert "没有“特大”这一项" in desk.run("disputes", "list", "--level", "特大", code=2).stderr
    desk.run("disputes", "map", "--out", tmp_path / "x.geojson", "--html", tmp_path / "x.html")
    assert number in (tmp_path / "x.html").read_text("utf-8")
    [feature] = json.loads((tmp_path / "x.geojson").read_bytes())["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["properties"]["number"] == number
