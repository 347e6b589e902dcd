"""A case of our own, move by move, and files that are no changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_service.procedures.changes.rules import required_materials
from tests.cli.conftest import SAMPLE, Desk
from tests.support.changes import a_pdf

PROPOSAL = """
title = "海门撤市设区"
effective_on = 2020-06-05
basis = "application"
[[operations]]
kind = "conversion"
from = ["320684"]
into = { code = "320614", name = "海门区", type = "市辖区", seat = "海门街道" }
"""


ANNOUNCEMENT = """
number = "苏民公告〔2020〕1号"
issuer = "江苏省民政厅"
issued_on = 2020-06-02
title = "关于海门撤市设区的公告"
"""


def test_application_goes_from_draft_to_filing(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", SAMPLE)
    file = tmp_path / "haimen.toml"
    file.write_text(PROPOSAL, encoding="utf-8")
    number = desk.json("changes", "new", file)["number"]
    refused = desk.json("changes", "submit", number, code=1)
    assert {finding["rule"] for finding in refused["findings"] if finding["severity"] == "blocking"} == {
        "R-CHG-07"
    }
    for kind in required_materials():
        document = tmp_path / f"{kind}.pdf"
        document.write_bytes(a_pdf(kind))
        desk.run("changes", "add-material", number, kind, document)
    assert desk.json("changes", "check", number)["blocking"] is False
    endorsed = desk.json("changes", "endorse", number)
    assert {each["name"] for each in endorsed["endorsements"]} == {"海门市", "南通市"}
    assert desk.json("changes", "submit", number)["state"] == "submitted"
    approval = ("--act", "国函〔2020〕1号", "--on", "2020-06-01", "--title", "批复", "--issuer")
    unlawful = desk.json("changes", "approve", number, *approval, "南通市人民政府", code=1)
    assert [each["rule"] for each in unlawful["findings"] if each["severity"] == "blocking"] == ["R-CHG-01"]
    written_otherwise = (*approval, "国务院（代章）", "--classification", "内部", "--reason", "原件写法如此")
    assert desk.json("changes", "approve", number, *written_otherwise)["completion_due"] == "2021-06-01"
    refused = desk.json("changes", "enact", number, code=1)
    assert {each["rule"] for each in refused["findings"] if each["severity"] == "blocking"} == {"R-CHG-93"}
    announcement = tmp_path / "announcement.toml"
    announcement.write_text(ANNOUNCEMENT, encoding="utf-8")
    enacted = desk.json("changes", "enact", number, "--announcement", announcement)
    assert enacted["outcome"]["codes"]["begun"] == ["320614"]
    desk.run("changes", "extend", number, "--consent", "国函〔2021〕1号")
    desk.run("changes", "done", number, "notice", "--on", "2020-06-10")
    desk.run("changes", "done", number, "completion_report", "--on", "2021-03-01")
    shown = desk.json("changes", "show", number)
    assert shown["completion_due"] == "2021-12-01"
    assert shown["completed_on"] == "2021-03-01"
    assert {each["duty"] for each in shown["follow_ups"] if each["done_on"]} == {
        "notice",
        "completion_report",
    }
    assert desk.json("verify")["ok"] is True


def test_withdrawn_case_can_be_proposed_again(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "haimen.toml"
    file.write_text(PROPOSAL, encoding="utf-8")
    number = desk.json("changes", "new", file)["number"]
    assert "已有案卷" in desk.json("changes", "new", file, code=1)["error"]
    assert desk.json("changes", "withdraw", number, "--reason", "材料不齐")["state"] == "withdrawn"
    assert desk.json("changes", "new", file)["state"] == "draft"
    assert "不能转为" in desk.json("changes", "submit", number, code=1)["error"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "title"),
        ("title = [", "格式有误"),
        (PROPOSAL.replace('"320684"', "320684"), "应为文本"),
        (PROPOSAL.replace('"320684"', '"320684.0"'), "不要写成数字或小数"),
        (PROPOSAL.replace("conversion", "conquest"), "未知的变更种类"),
        (PROPOSAL.replace("2020-06-05", '"2020-02-30"'), "不是日期"),
        (PROPOSAL.replace("seat", "saet"), "没有这个项目"),
    ],
)
def test_file_that_is_no_change_is_refused_with_what_is_wrong(
    desk: Desk, tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "change.toml"
    file.write_text(text, encoding="utf-8")
    refusal = desk.json("changes", "check", file, code=2)
    assert message in refusal["error"]
    assert refusal["way_out"]


@pytest.mark.parametrize(
    ("text", "message"), [("", "number：缺少此项"), ("number = ", "格式有误"), (None, "无法读取")]
)
def test_a_file_that_is_no_announcement_is_refused(
    desk: Desk, tmp_path: Path, text: str | None, message: str
) -> None:
    file = tmp_path / "announcement.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    refusal = desk.json("changes", "enact", "BG-2026-00001", "--announcement", file, code=2)
    assert message in refusal["error"]


def test_template_is_a_change_file_that_can_be_read(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", SAMPLE)
    file = tmp_path / "template.toml"
    file.write_text(desk.run("changes", "template").stdout, encoding="utf-8")
    checked = desk.json("changes", "check", file)
    assert checked["outcome"]["codes"] == {
        "ended": ["320602", "320611", "320684"],
        "begun": ["320613", "320614"],
    }
