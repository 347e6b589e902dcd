"""A change of divisions leaves lines to settle: settled when all is done and the registers say so."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.procedures.settlements import rules
from gis_service.procedures.settlements.models import Settlement
from gis_service.procedures.settlements.rules import Piece, Runs, basis_at, tasks, touched_by
from gis_service.procedures.surveys.commands import enter_record, enter_survey
from gis_service.procedures.surveys.schemas import LineRecordIn, SurveyIn
from tests.procedures.changes.test_kinds import a_box
from tests.support.changes import ACT, CONVERSION, MERGE, a_proposal, approved, draw_city
from tests.support.factories import NOW, REGISTRAR

TRANSFER = {"kind": "transfer", "from": ["320611"], "to": "320612", "area": a_box(2, 0, 2, 1)}
MAJOR = {"scale": "major", "scale_reason": "涉及两区的主要界线"}
RENAME = {"kind": "rename", "from": ["320611"], "name": "新港区"}
PACKAGE = Path(str(rules.__file__)).parent
AGREEMENT = {
    "number": "协议〔2020〕9号",
    "kind": "协议书",
    "title": "界线协议书",
    "issuer": "双方人民政府",
    "issued_on": "2020-09-01",
}


@pytest.fixture
def office(client: TestClient, sessions: sessionmaker[Session]) -> TestClient:
    draw_city(sessions)
    return client


def enacted(office: TestClient, *operations: Any) -> str:
    number = approved(office, a_proposal(*operations, **MAJOR))
    answer = office.post(f"/changes/{number}/enactment")
    assert answer.status_code == 200, answer.text
    return number


def listed(office: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = office.get("/settlements", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def told(office: TestClient, each: dict[str, Any]) -> dict[str, Any]:
    answer = office.get(f"/settlements/{each['number']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_merger_and_a_conversion_leave_inherited_lines(office: TestClient) -> None:
    enacted(office, MERGE, CONVERSION)
    found = listed(office)
    assert {each["level"] for each in found} == {"county"}
    assert sorted((each["line"]["name"], each["follows"]) for each in found if each["follows"] != "终止") == [
        ("崇川—海门线", "承接"),
        ("通州—崇川线", "承接"),
        ("通州—海门线", "承接"),
    ]
    assert {tuple(each["pending"]) for each in found if each["follows"] == "终止"} == {("勘界资料立卷归档",)}
    heir = next(each for each in found if each["line"]["name"] == "崇川—海门线" and each["follows"] == "承接")
    full = told(office, heir)
    assert {line["code"] for line in full["from_lines"]} == {"0284"} or len(full["from_lines"]) >= 1
    assert full["new_km"] == 0
    assert full["inherited_km"] > 0
    assert "survey" not in {task["task"] for task in full["tasks"]}
    assert heir["due_on"] == "2021-06-05"
    assert (heir["historic"], heir["overdue"]) == (True, False)
    assert len(listed(office, unit="320614")) == 4
    assert len(listed(office, line=heir["line"]["code"])) == 1
    assert listed(office, overdue=True) == []


def test_a_rename_leaves_nothing(office: TestClient) -> None:
    enacted(office, RENAME)
    assert listed(office) == []


def test_what_is_taken_back_is_withdrawn(office: TestClient, sessions: sessionmaker[Session]) -> None:
    number = enacted(office, TRANSFER)
    assert {each["state"] for each in listed(office)} == {"open"}
    revoked = {**ACT, "number": "国函〔2021〕9号", "reason": "批复已被撤销", "issued_on": "2021-01-01"}
    answer = office.post(f"/changes/{number}/cancellation", json=revoked)
    assert answer.status_code == 200, answer.text
    assert {each["state_name"] for each in listed(office)} == {"已撤销"}
    with sessions() as session:
        assert all(each.withdrawn_by for each in session.scalars(select(Settlement)))


def test_a_later_change_overtakes_what_is_open_until_it_is_taken_back(office: TestClient) -> None:
    enacted(office, TRANSFER)
    [first] = (each for each in listed(office) if each["line"]["name"] == "港闸—通州线")
    assert first["follows"] == "新定"
    later = approved(
        office,
        a_proposal(MERGE, effective_on="2020-08-01"),
        {**ACT, "number": "国函〔2020〕99号", "issued_on": "2020-07-01"},
    )
    assert office.post(f"/changes/{later}/enactment").status_code == 200
    assert told(office, first)["state"] == "withdrawn"
    revoked = {**ACT, "number": "国函〔2021〕9号", "reason": "批复已被撤销", "issued_on": "2021-01-01"}
    assert office.post(f"/changes/{later}/cancellation", json=revoked).status_code == 200
    assert told(office, first)["state"] == "open"


def do(office: TestClient, number: str, move: str, **body: Any) -> dict[str, Any]:
    answer = office.post(f"/settlements/{number}/{move}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_new_line_is_settled_when_all_is_done_and_on_record(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    enacted(office, TRANSFER)
    [new] = (each for each in listed(office) if each["follows"] == "新定")
    number, line = new["number"], new["line"]["id"]
    refused = office.post(f"/settlements/{number}/tasks/agreement/completion", json={})
    assert refused.status_code == 422
    assert "文号" in refused.text
    moved = do(
        office, number, "tasks/agreement/completion", instruments=[AGREEMENT["number"]], acts=[AGREEMENT]
    )
    assert "没有协议书" in moved["findings"][0]["message"]
    for task in ("approval", "notice"):
        do(office, number, f"tasks/{task}/completion", instruments=[AGREEMENT["number"]])
    for task in ("survey", "map", "archive"):
        do(office, number, f"tasks/{task}/completion", on="2020-10-01", note="完毕")
    refused = office.post(f"/settlements/{number}/settling", json={})
    assert refused.status_code == 422
    assert "埋设界桩" in refused.text
    assert "没有批准机关" in refused.text
    assert "已定界" in refused.text
    do(office, number, "tasks/markers/waiver", reason="沿河，不埋设界桩")
    put_on_record(sessions, line)
    settled = do(office, number, "settling", on="2020-11-01")
    assert settled["settlement"]["state"] == "settled"
    assert [finding["severity"] for finding in settled["findings"]] == ["warning"]
    filing = {**AGREEMENT, "number": "备案〔2020〕1号", "kind": "通知"}
    filed = do(office, number, "filing", instrument=filing["number"], acts=[filing])["settlement"]
    assert (filed["state_name"], filed["filed_by"]) == ("已备案", "备案〔2020〕1号")
    assert len(filed["history"]) == 7
    late = office.post(f"/settlements/{number}/tasks/map/reopening", json={"reason": "详图有误"})
    assert late.status_code == 409


def put_on_record(sessions: sessionmaker[Session], line: str) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        act = AGREEMENT["number"]
        record = {
            "instrument": act,
            "agreement": act,
            "approver": "江苏省人民政府",
            "approved_on": "2020-09-30",
        }
        enter_record(tx, line, LineRecordIn.model_validate(record), on=date(2020, 9, 30))
        survey = SurveyIn.model_validate({"instrument": act, "legal_state": "已定界"})
        enter_survey(tx, line, survey, on=date(2020, 9, 30))


def test_a_task_may_be_opened_again_and_says_why(office: TestClient) -> None:
    enacted(office, MERGE)
    number = next(each["number"] for each in listed(office) if each["follows"] == "终止")
    do(office, number, "tasks/archive/completion")
    assert do(office, number, "settling")["settlement"]["state"] == "settled"
    again = do(office, number, "tasks/archive/reopening", reason="卷宗缺页")["settlement"]
    assert (again["state"], again["settled_on"], again["pending"]) == ("open", None, ["勘界资料立卷归档"])
    twice = office.post(f"/settlements/{number}/tasks/archive/reopening", json={"reason": "卷宗缺页"})
    assert twice.status_code == 409
    unknown = office.post(f"/settlements/{number}/tasks/survey/completion", json={})
    assert unknown.status_code == 404
    assert "archive" in unknown.text
    future = office.post(f"/settlements/{number}/tasks/archive/completion", json={"on": "2999-01-01"})
    assert future.status_code == 422


def test_ground_of_a_higher_line_is_taken_over_and_of_a_lower_one_is_new() -> None:
    high, low, mid = (Runs(uuid4(), rank) for rank in (2, 4, 3))
    pieces = [Piece(1.0, high, mid), Piece(2.0, low, mid), Piece(4.0, None, mid), Piece(8.0, mid, mid)]
    found = {each.line: each for each in touched_by(pieces, [])}
    assert (found[mid.line].new_km, found[mid.line].inherited_km) == (6.0, 1.0)
    assert found[mid.line].from_lines == {high.line}
    assert found[high.line].follows.value == found[low.line].follows.value == "shortened"


RECENT = {**ACT, "number": "国函〔2025〕79号", "issued_on": "2025-12-01"}


def calendar(office: TestClient, query: str) -> list[tuple[str, str, int | None]]:
    items = office.get(f"/changes/calendar?{query}").json()["items"]
    return [(item["case"], item["state"], item["days_left"]) for item in items if item["case"][:2] == "KJ"]


def test_a_line_is_given_six_months_once_and_is_in_the_calendar(office: TestClient) -> None:
    number = approved(office, a_proposal(TRANSFER, effective_on="2025-12-10", **MAJOR), RECENT)
    assert office.post(f"/changes/{number}/enactment").status_code == 200
    [new] = (each for each in listed(office) if each["follows"] == "新定")
    key = new["number"]
    assert (new["due_on"], new["historic"]) == ("2026-12-01", False)
    assert key in {each["number"] for each in listed(office, overdue=True, on="2026-12-02")}
    assert (key, "待办", 1) in calendar(office, "on=2026-11-30&within=320612")
    assert (key, "已逾期", -1) in calendar(office, "on=2026-12-02&overdue=true")
    assert calendar(office, "on=2026-12-02&within=320500") == []
    consent = {**AGREEMENT, "number": "苏政复〔2025〕9号", "kind": "批复", "issued_on": "2025-12-20"}
    wanted = {"instrument": consent["number"], "acts": [consent], "reason": "汛期无法外业测量"}
    rehearsed = office.post(f"/settlements/{key}/extension?dry_run=true", json=wanted)
    assert rehearsed.json()["settlement"]["due_on"] == "2027-06-01"
    assert told(office, new)["due_on"] == "2026-12-01", "a dry run leaves all as it was"
    older = office.post(
        f"/settlements/{key}/extension", json={"instrument": RECENT["number"], "reason": "汛期延误"}
    )
    assert older.status_code == 422
    extended = do(office, key, "extension", **wanted)["settlement"]
    assert (extended["due_on"], extended["extended_by"]) == ("2027-06-01", "苏政复〔2025〕9号")
    assert office.post(f"/settlements/{key}/extension", json=wanted).status_code == 409
    line = office.get(f"/boundary-lines/{new['line']['id']}?on=2026-01-01").json()
    [matter] = line["properties"]["matters"]
    assert (matter["number"], matter["due_on"], matter["state"]) == (key, "2027-06-01", "待办")
    public = TestClient(office.app)
    assert (
        public.get(f"/boundary-lines/{new['line']['id']}?on=2026-01-01").json()["properties"]["matters"] == []
    )


def test_what_townships_are_bound_by_is_bound_by_analogy() -> None:
    each = tasks()
    assert "第十九条参照" in basis_at(each["survey"], "township")
    assert basis_at(each["survey"], "county") == each["survey"].legal_basis


def test_every_task_says_whether_its_article_was_read_or_it_was_derived() -> None:
    table = tomllib.loads((PACKAGE / "settlements.toml").read_text(encoding="utf-8"))
    marks = {row["id"]: (row["status"], "derived" in row) for row in table["task"]}
    assert set(marks.values()) == {("V", False), ("D", True)}
    assert {task for task, (mark, _) in marks.items() if mark == "D"} == {"handover", "succession"}
