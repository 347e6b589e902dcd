"""How a case is conducted, by command: from its steps to its archive; standards; seats."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar

from gis_service.procedures.changes.rules import required_materials
from tests.cli.conftest import SAMPLE, Desk
from tests.cli.test_changes_commands import PROPOSAL
from tests.support.changes import a_pdf

FIGURES = """
unit = "海门区"
[figures]
city_population = { value = 2000000, source = "统计年鉴" }
districts = 3
smallest_district_population = 300000
smallest_district_nonfarm = 200000
has_enclaves = false
"""
MEASURED = """
gdp_per_head = { before = 100, after = 110 }
revenue_per_head = { before = 100, after = 110 }
administrative_cost = { before = 100, after = 90 }
population = { before = 100, after = 105 }
service_minutes = { before = 100, after = 80 }
public_satisfaction = 90
order_and_stability = 90
"""
DISTRICT = ("--standard", "市辖区", "--province", "32", "--on", "2020-06-05")


def opened(desk: Desk, folder: Path) -> str:
    desk.run("intake", "load", SAMPLE)
    file = folder / "haimen.toml"
    file.write_text(PROPOSAL, encoding="utf-8")
    return str(desk.json("changes", "new", file)["number"])


def test_a_case_is_conducted_from_step_to_archive(desk: Desk, tmp_path: Path) -> None:
    number = opened(desk, tmp_path)
    paper = tmp_path / "纪要.pdf"
    paper.write_bytes(a_pdf("纪要"))
    [filed] = desk.json("changes", "add-material", number, "step_record", paper)["materials"]
    step = ("--kind", "expert_argument", "--on", "2020-03-02", "--organiser", "民政厅", "--result", "同意")
    told = desk.json("changes", "steps", "add", number, *step, "--document", filed["sha256"])
    assert told["steps"][0]["documents"] == [filed["sha256"]]
    desk.json("changes", "steps", "add", number, "--kind", "site_visit", code=2)
    corrected = desk.json(
        "changes", "steps", "correct", number, "1", "--result", "有条件同意", "--reason", "据纪要更正"
    )
    assert (corrected["steps"][0]["result"], corrected["steps"][0]["organiser"]) == ("有条件同意", "民政厅")
    assert "风险评估" in desk.run("changes", "steps", "list", number).stdout

    desk.run("changes", "departments", "ask", number, "finance", "--on", "2020-03-02", "--by", "2020-03-20")
    late = desk.json("changes", "calendar", "--on", "2020-03-25", "--overdue", "--within", "320600")
    assert [(each["what"], each["days_left"]) for each in late] == [("answer.finance", -5)]
    [answered] = desk.json(
        "changes", "departments", "answer", number, "finance", "--on", "2020-03-26", "--opinion", "同意"
    )
    assert answered["opinion"] == "同意"

    figures = tmp_path / "figures.toml"
    figures.write_text(FIGURES, encoding="utf-8")
    assert desk.json("changes", "standards", "attach", number, figures, *DISTRICT)["verdict"] == "达标"
    [kept] = desk.json("changes", "standards", "verdicts", number)
    assert (kept["unit"], kept["edition"]) == ("海门区", "district-2014-draft")

    for kind in required_materials():
        document = tmp_path / f"{kind}.pdf"
        document.write_bytes(a_pdf(kind))
        desk.run("changes", "add-material", number, kind, document)
    desk.run("changes", "endorse", number)
    desk.run("changes", "submit", number)
    approval = ("--act", "国函〔2020〕1号", "--on", "2020-06-01", "--title", "批复", "--issuer", "国务院")
    desk.run("changes", "approve", number, *approval)
    desk.run("changes", "enact", number)

    filing = ("苏民函〔2020〕9号", "--matter", "协议书备案", "--with", "国务院", "--on", "2020-09-01")
    assert len(desk.json("changes", "filings", "add", number, *filing)) == 1
    notice = tmp_path / "公告.pdf"
    notice.write_bytes(a_pdf("公告"))
    desk.run("changes", "add-duty-document", number, "notice", notice)
    listed = desk.json("changes", "archive-list", number)
    parts = {part["title"]: part for part in listed["parts"]}
    assert parts["公告"]["missing"] == []
    assert parts["完成报告"]["missing"]
    assert listed["is_complete"] is False
    assert "不齐" in desk.run("changes", "archive-list", number).stdout

    measured = tmp_path / "measured.toml"
    measured.write_text(MEASURED, encoding="utf-8")
    who = ("--round", "1", "--side", "评估", "--evaluator", "江苏省民政厅", "--on", "2021-06-01")
    told = desk.json("changes", "evaluation", "record", number, measured, *who)
    assert told["evaluations"][0]["total"] == 97.0
    report = tmp_path / "report.html"
    desk.run("changes", "evaluation", "report", number, "--round", "1", "--format", "html", "--out", report)
    assert "江苏省民政厅" in report.read_text(encoding="utf-8")
    assert "优秀" in desk.run("changes", "evaluation", "report", number, "--round", "1").stdout

    ics = tmp_path / "due.ics"
    desk.run("changes", "calendar", "--on", "2020-06-20", "--until", "2020-07-31", "--ics", ics)
    events = Calendar.from_ical(ics.read_bytes()).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [f"确定并公布新的行政区划代码（{number}）"]
    assert desk.json("verify")["ok"] is True


def test_standards_are_listed_and_judge_a_table(desk: Desk, tmp_path: Path) -> None:
    listed = desk.json("changes", "standards", "list", "--standard", "街道")
    assert {each["is_public"] for each in listed["editions"]} == {False}
    assert "未公开" in desk.run("changes", "standards", "list").stdout
    table = tmp_path / "figures.csv"
    table.write_text("indicator,value,source\nis_county_seat,是,公报\n", encoding="utf-8")
    on = ("--on", "2022-01-01")
    town = ("--standard", "镇", "--province")
    judged = desk.json("changes", "standards", "judge", table, *town, "37", *on)
    assert (judged["verdict"], judged["edition"]) == ("达标", "town-1984")
    judged = desk.json("changes", "standards", "judge", table, *town, "32", *on)
    assert (judged["verdict"], judged["reference"]) == ("无公开标准", "town-1984")
    assert "无公开标准" in desk.run("changes", "standards", "judge", table, *town, "32", *on).stdout
    strange = tmp_path / "strange.json"
    strange.write_text('{"happiness": 1}', encoding="utf-8")
    assert "没有指标" in desk.json("changes", "standards", "judge", strange, *town, "32", code=2)["error"]


def test_seats_are_observed_and_checked(desk: Desk) -> None:
    desk.run("intake", "load", SAMPLE)
    place = ("--lon", "121.0", "--lat", "32.0", "--source", "踏勘", "--on", "2020-05-01")
    [seen] = desk.json("seats", "observe", "320602", "青年中路1号", *place)
    assert seen["actual"]["position"] == [121.0, 32.0]
    on = ("--within", "320600", "--level", "county", "--on", "2020-05-02")
    found = {each["code"]: each["problems"] for each in desk.json("seats", "check", *on)}
    expected = "无从核对" if seen["actual"]["lies_within"] else "不在本辖区"
    assert [each["class"] for each in found["320602"]] == [expected]
    assert [each["class"] for each in found["320611"]] == ["未登记办公地"]
    assert "未登记办公地" in desk.run("seats", "check", *on).stdout
    assert "青年中路1号" in desk.run("seats", "list", *on).stdout
    half = ("--lon", "121.0", "--source", "踏勘", "--on", "2020-05-01")
    desk.run("seats", "observe", "320602", "青年中路1号", *half, code=2)
