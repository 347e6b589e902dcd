"""Steps of a procedure and consulted departments: recorded, corrected in sight, demanded by law."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Role
from gis_service.foundation.findings import Severity
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.rules import Basis, Conduct
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.conduct import ConsultationFacts, StepFacts
from gis_service.procedures.changes.rules.departments import departments, judge_departments
from gis_service.procedures.changes.rules.steps import demanded_steps, judge_steps, step_kinds
from gis_service.procedures.changes.rules.versioned import table
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.changes import CONVERSION, a_pdf, a_proposal, draw_city, file_materials, opened
from tests.support.offices import somebody
from tests.support.web import client_on

Sessions = sessionmaker[Session]
STEP: dict[str, Any] = {
    "kind": "expert_argument",
    "begun_on": "2020-03-02",
    "organiser": "江苏省民政厅",
    "result": "同意",
    "summary": "七位专家一致同意",
}


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def conduct(**known: Any) -> Conduct:
    """A county that becomes a district of a city in Jiangsu."""
    touched = (
        Touched(Matter.abolish, DivisionLevel.county, "县"),
        Touched(Matter.establish, DivisionLevel.county, "市辖区"),
    )
    told: dict[str, Any] = {
        "on": date(2020, 6, 5),
        "basis": Basis.application,
        "touched": touched,
        "provinces": frozenset({"32"}),
        "types": frozenset({"县", "地级市"}),
    }
    return Conduct(**(told | known))


def test_every_demand_names_a_known_step_and_its_source() -> None:
    rows = table("steps.toml")["demand"]
    assert {row["step"] for row in rows} <= set(step_kinds())
    assert all(row["legal_basis"] and row["status"] in "VPDM" for row in rows)
    assert all(row["severity"] in set(Severity) for row in rows)


def test_what_is_demanded_follows_the_law_of_the_day_and_the_province() -> None:
    assert demanded_steps(conduct(on=date(2018, 12, 31))) == []
    by_law = {each.step for each in demanded_steps(conduct())}
    assert by_law == {"expert_argument", "risk_assessment", "public_opinions", "site_visit"}
    local = conduct(provinces=frozenset({"51"}), on=date(2022, 6, 1))
    assert "deliberation" in {each.step for each in demanded_steps(local)}
    renaming = conduct(touched=(Touched(Matter.rename, DivisionLevel.county, "县"),))
    assert "site_visit" not in {each.step for each in demanded_steps(renaming)}


def test_missing_steps_warn_and_opposition_is_told() -> None:
    taken = tuple(StepFacts(kind, "同意") for kind in ("expert_argument", "public_opinions", "site_visit"))
    [missing] = judge_steps(conduct(steps=taken))
    assert (missing.rule, missing.subject, missing.severity) == ("R-CHG-96", "风险评估", Severity.warning)
    opposed = (*taken, StepFacts("risk_assessment", "不同意"))
    [finding] = judge_steps(conduct(steps=opposed))
    assert "不同意" in finding.message
    assert judge_steps(conduct(basis=Basis.published_act)) == []


def test_departments_asked_are_recorded_and_answers_awaited() -> None:
    [finding] = judge_departments(conduct())
    assert (finding.rule, finding.severity) == ("R-CHG-12", Severity.warning)
    asked = (
        ConsultationFacts("finance", None, None),
        ConsultationFacts("planning", date(2020, 3, 1), "不同意"),
        ConsultationFacts("housing", date(2020, 3, 1), "同意"),
    )
    told = [each.message for each in judge_departments(conduct(consultations=asked))]
    assert told == ["财政部门尚未答复", "城乡规划部门不同意"]


@pytest.mark.parametrize(
    ("changes", "is_autonomous"),
    [
        ({"types": frozenset({"自治县"})}, True),
        ({"provinces": frozenset({"45"})}, True),
        ({"touched": (Touched(Matter.establish, DivisionLevel.county, "自治旗"),)}, True),
        ({}, False),
    ],
)
def test_autonomous_areas_need_a_consultation(changes: dict[str, Any], is_autonomous: bool) -> None:
    asked = (ConsultationFacts("finance", date(2020, 3, 1), "同意"),)
    found = judge_departments(conduct(consultations=asked, **changes))
    assert [each.subject for each in found] == ["民族自治地方"] * is_autonomous
    heard = (*asked, ConsultationFacts("ethnic_affairs", date(2020, 3, 1), "同意"))
    assert judge_departments(conduct(consultations=heard, **changes)) == []


def test_a_step_is_recorded_and_told_with_what_is_missing(office: TestClient) -> None:
    number = opened(office)
    answer = office.post(f"/changes/{number}/steps", json=STEP)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert answer.headers["etag"] == '"2"'
    assert [(each["ordinal"], each["kind_name"], each["result"]) for each in told["steps"]] == [
        (1, "专家论证", "同意")
    ]
    assert {each["step"]: each["is_recorded"] for each in told["demanded"]} == {
        "expert_argument": True,
        "risk_assessment": False,
        "public_opinions": False,
        "site_visit": False,
    }
    assert office.get(f"/changes/{number}/steps").json() == told
    found = office.post(f"/changes/{number}/check").json()["findings"]
    missing = {each["subject"] for each in found if each["rule"] == "R-CHG-96"}
    assert missing == {"风险评估", "征求社会公众意见", "实地考察（站点踏勘）"}


def test_a_correction_shows_in_the_journal_what_stood_before(office: TestClient, sessions: Sessions) -> None:
    number = opened(office)
    office.post(f"/changes/{number}/steps", json=STEP)
    corrected = {**STEP, "result": "有条件同意", "reason": "记录有误，据纪要更正"}
    told = office.post(f"/changes/{number}/steps/1/correction", json=corrected).json()
    assert [each["result"] for each in told["steps"]] == ["有条件同意"]
    with sessions() as session:
        wanted = select(JournalEntry).where(JournalEntry.command == "changes.correct_step")
        entry = session.scalars(wanted).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["result"], entry.after["result"]) == ("同意", "有条件同意")
    assert entry.detail["reason"] == "记录有误，据纪要更正"
    assert office.post(f"/changes/{number}/steps/2/correction", json=corrected).status_code == 404


def test_nobody_overwrites_a_step_he_has_not_read(office: TestClient) -> None:
    number = opened(office)
    office.post(f"/changes/{number}/steps", json=STEP)
    answer = office.post(f"/changes/{number}/steps", json=STEP, headers={"If-Match": '"1"'})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "seance"}, "未知的程序种类"),
        ({"begun_on": "2026-01-02"}, "尚未到来"),
        ({"ended_on": "2020-03-01"}, "早于开始日期"),
        ({"published_to": "2020-03-01"}, "没有写开始日期"),
        ({"in_favour": 7}, "不计赞成和反对"),
        ({"documents": ["0" * 64]}, "没有内容摘要"),
    ],
)
def test_a_step_that_cannot_be_is_refused(office: TestClient, changes: dict[str, Any], words: str) -> None:
    number = opened(office)
    answer = office.post(f"/changes/{number}/steps", json=STEP | changes)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert office.get(f"/changes/{number}/steps").json()["steps"] == []


def test_documents_of_a_step_lie_in_the_file(office: TestClient) -> None:
    number = opened(office)
    query = {"kind": "step_record", "name": "会议纪要.pdf"}
    filed = office.post(f"/changes/{number}/materials", params=query, content=a_pdf("会议纪要")).json()
    [material] = filed["materials"]
    assert material["kind_name"].startswith("程序文件")
    opinions = {"kind": "public_opinions", "in_favour": 120, "against": 7, "documents": [material["sha256"]]}
    period = {"published_from": "2020-02-01", "published_to": "2020-03-01"}
    [step] = office.post(f"/changes/{number}/steps", json=STEP | opinions | period).json()["steps"]
    assert (step["in_favour"], step["against"]) == (120, 7)
    assert step["documents"] == [material["sha256"]]


def test_a_case_that_was_given_up_is_closed(office: TestClient) -> None:
    number = opened(office)
    office.post(f"/changes/{number}/withdrawal", json={"reason": "方案尚需论证"})
    assert office.post(f"/changes/{number}/steps", json=STEP).status_code == 409
    asked = {"department": "finance", "asked_on": "2020-03-02"}
    assert office.post(f"/changes/{number}/consultations", json=asked).status_code == 409


def test_a_department_is_asked_and_answers(office: TestClient) -> None:
    number = opened(office)
    asked = {"department": "finance", "asked_on": "2020-03-02", "answer_by": "2020-03-20"}
    [told] = office.post(f"/changes/{number}/consultations", json=asked).json()
    assert (told["department_name"], told["answered_on"]) == ("财政", None)
    path = f"/changes/{number}/consultations/finance/answer"
    early = {"answered_on": "2020-03-01", "opinion": "同意"}
    assert office.post(path, json=early).status_code == 422
    [told] = office.post(path, json={"answered_on": "2020-03-12", "opinion": "不同意"}).json()
    assert (told["answered_on"], told["opinion"]) == ("2020-03-12", "不同意")
    assert office.post(f"/changes/{number}/consultations", json=asked).status_code == 409
    other = f"/changes/{number}/consultations/housing/answer"
    assert office.post(other, json={"answered_on": "2020-03-12", "opinion": "同意"}).status_code == 404
    assert office.get(f"/changes/{number}/consultations").json() == [told]


def test_steps_and_departments_never_stand_in_the_way_of_an_application(office: TestClient) -> None:
    """The reports do (R-CHG-07); a record that is missing is for people to judge."""
    number = opened(office)
    file_materials(office, number)
    submitted = office.post(f"/changes/{number}/submission").json()
    assert submitted["state"] == "submitted"
    warned = {each["rule"] for each in submitted["findings"] if each["severity"] == "warning"}
    assert {"R-CHG-96", "R-CHG-12", "R-STD-01"} <= warned


def test_only_a_registrar_of_a_side_records_steps(office: TestClient, sessions: Sessions) -> None:
    number = opened(office, a_proposal(CONVERSION))
    for within, role, status in (
        ("320600", Role.registrar, 200),
        ("320600", Role.viewer, 403),
        ("320500", Role.registrar, 404),
    ):
        theirs = client_on(sessions, somebody(sessions, f"{within}{role}", within, role))
        assert theirs.post(f"/changes/{number}/steps", json=STEP).status_code == status


def test_departments_are_those_the_law_names() -> None:
    named = ["机构编制", "外事", "发展改革", "民族", "财政", "自然资源", "住房城乡建设", "城乡规划"]
    assert list(departments().values())[:8] == named
