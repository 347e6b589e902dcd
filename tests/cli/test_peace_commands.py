"""The peace of a line at the keyboard, from the agreement to the tables of the year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.cli.peace_templates import Template
from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from gis_service.procedures.disputes.schemas.agreements import PeaceAgreementIn
from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentIn
from gis_service.procedures.disputes.schemas.meetings import JointMeetingIn
from gis_service.procedures.disputes.schemas.plans import ContingencyPlanIn
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn

UNITS = {"A": ("320402", "甲区"), "B": ("320404", "乙区")}
PAPER = {"number": "协议1号", "kind": "协议书", "title": "协议", "issuer": "某局", "issued_on": "2024-06-18"}
AGREEMENT = {
    "line": "0204",
    "signers": ["320402", "320404"],
    "signed_on": "2024-06-18",
    "duties": ["不越界"],
    "instrument": "协议1号",
    "acts": [PAPER],
}
MEETING = {
    "lines": ["0204"],
    "held_on": "2025-03-20",
    "place": "某镇",
    "convener": "320402",
    "attendants": ["某局"],
    "matters": ["界桩"],
    "resolutions": [{"words": "修复界桩", "responsible": "320402", "due_on": "2025-06-30"}],
}
PLAN = {
    "line": "0204",
    "begins_on": "2024-07-01",
    "contacts": [{"unit": code, "name": "某人", "phone": "1"} for code in ("320402", "320404")],
    "steps": ["报告"],
}


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_every_template_can_be_sent() -> None:
    models = (PeaceAgreementIn, JointMeetingIn, ContingencyPlanIn, PeaceAssessmentIn)
    for each, model in zip(Template, models, strict=True):
        told = json.loads(CliRunner().invoke(app, ["peace", "template", each]).stdout)
        whose = {"line": "1381", "side": "320413", "year": 2025} if model is PeaceAssessmentIn else {}
        model.model_validate(told | whose)


def test_the_peace_of_a_line_is_kept_and_assessed(desk: Desk, tmp_path: Path) -> None:
    desk.run("database", "status")
    with transaction(session_factory(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "AB\nAB", UNITS)
    agreement = written(tmp_path / "agreement.json", AGREEMENT)
    assert desk.json("peace", "agree", agreement, "--dry-run")["dry_run"] is True
    [uncovered] = desk.json("peace", "uncovered", "--unit", "320402", "--on", "2025-01-01")
    assert uncovered["line"]["code"] == "0204"
    number = desk.json("peace", "agree", agreement)["number"]
    wrong = written(tmp_path / "wrong.json", AGREEMENT | {"signers": ["320402"]})
    assert "乙区一侧没有签订单位" in desk.run("peace", "agree", wrong, code=1).stdout
    bad = tmp_path / "bad.json"
    bad.write_text('{"line": "0204",\n"signers": [}', encoding="utf-8")
    assert "bad.json 第 2 行" in desk.run("peace", "agree", bad, code=2).stderr
    meeting = desk.json("peace", "meet", written(tmp_path / "meeting.json", MEETING))["number"]
    plan = desk.json("peace", "enter-plan", written(tmp_path / "plan.json", PLAN))["number"]
    told = ("--words", "推演", "--result", "合格", "--on", "2025-05-12")
    assert desk.json("peace", "exercise", plan, *told)["exercises"][0]["kind"] == "演练"
    assert "修复界桩" in desk.run("peace", "due", "--on", "2025-07-01").stdout
    desk.run("peace", "done", meeting, "1", "--words", "已修复", "--on", "2025-06-20")
    assert "已修复" in desk.run("peace", "meeting", meeting).stdout
    sheet = desk.json("peace", "propose", "0204", "320402", "2025")["sheet"]
    assert (sheet["points"], sheet["grade"]) == (100, "优秀")
    changes = written(tmp_path / "changes.json", {"points": {"drill": {"points": 5, "reason": "=只推演"}}})
    kept = desk.json("peace", "assess", "0204", "320402", "2025", changes)
    assert "没有已签署" in desk.run("peace", "publish", "--year", "2025", "--out", tmp_path, code=2).stderr
    desk.run("peace", "sign", kept["number"])
    files = desk.json("peace", "publish", "--year", "2025", "--out", tmp_path / "out")["files"]
    assert sorted(Path(each).suffix for each in files) == [".html", ".json", ".xlsx"]
    items = tmp_path / "items.toml"
    items.write_text(desk.run("peace", "items").stdout, encoding="utf-8")
    assert "7 项，满分 100" in desk.run("peace", "items", "--items", items).stdout
    items.write_text("version = 1\n", encoding="utf-8")
    assert "第 1 行" in desk.run("peace", "items", "--items", items, code=2).stderr
    desk.run("peace", "end", number, "--reason", "界线变更", "--on", "2026-01-01")
    [ended] = desk.json("peace", "list", "--on", "2026-01-01")
    assert ended["state"] == "已终止"
