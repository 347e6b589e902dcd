"""Cases over HTTP: what is answered, what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Settings
from gis_service.foundation.web import PROBLEM
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.rules import largest_material_bytes, required_materials
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.instruments.models import Instrument
from tests.support.changes import (
    ACT,
    CONVERSION,
    DAY,
    MERGE,
    a_pdf,
    a_proposal,
    approved,
    draw_city,
    file_materials,
    opened,
)
from tests.support.factories import REGISTRAR

Sessions = sessionmaker[Session]


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    """The service with a city in its registers and a folder of its own."""
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def written(sessions: Sessions) -> tuple[int, ...]:
    """How much stands in the registers, the cases and the journal."""
    with sessions() as session:
        tables = (DivisionVersion, Instrument, ChangeCase, JournalEntry)
        counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        revisions = session.scalar(select(func.sum(ChangeCase.revision)))
    return tuple(count or 0 for count in (*counts, revisions))


def refused(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"/problems/{kind}"
    assert told["detail"]
    assert told["way_out"]
    return told


def test_a_proposal_becomes_a_case_that_can_be_read(office: TestClient) -> None:
    answer = office.post("/changes", json=a_proposal())
    assert answer.status_code == 201
    case = answer.json()
    assert answer.headers["location"] == f"/changes/{case['number']}"
    assert answer.headers["etag"] == '"1"'
    assert (case["number"], case["state"], case["state_name"]) == ("BG-2026-00001", "draft", "起草")
    assert (case["basis"], case["basis_name"]) == ("application", "申请变更")
    assert case["may_become"] == ["已报请", "已撤回"]
    assert case["proposal"]["operations"][0]["from"] == ["320602", "320611"]
    assert office.get(answer.headers["location"]).json() == case


def test_who_acts_is_journaled(office: TestClient, sessions: Sessions) -> None:
    office.post("/changes", json=a_proposal())
    with sessions() as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.position.desc()).limit(1)).one()
    acted = (entry.command, entry.actor, entry.authority)
    assert acted == ("changes.draft", REGISTRAR.name, REGISTRAR.authority)


def test_cases_are_listed_by_number_in_pages_and_by_state(office: TestClient) -> None:
    first = opened(office, a_proposal(MERGE))
    second = opened(office, a_proposal(CONVERSION))
    office.post(f"/changes/{second}/withdrawal", json={"reason": "方案尚需论证"})
    page = office.get("/changes?limit=1").json()
    assert [case["number"] for case in page["items"]] == [first]
    assert [case["number"] for case in office.get(page["next"]).json()["items"]] == [second]
    withdrawn = office.get("/changes?state=withdrawn").json()["items"]
    assert [(case["number"], case["state_name"]) for case in withdrawn] == [(second, "已撤回")]


def test_the_whole_course_of_a_case(office: TestClient) -> None:
    number = approved(office)
    enacted = office.post(f"/changes/{number}/enactment")
    assert enacted.status_code == 200, enacted.text
    case = enacted.json()
    assert (case["state_name"], case["instrument"]["number"]) == ("已实施", ACT["number"])
    assert case["outcome"]["codes"] == {
        "ended": ["320602", "320611", "320684"],
        "begun": ["320613", "320614"],
    }
    assert case["outcome"]["area_km2"]["before"] == pytest.approx(case["outcome"]["area_km2"]["after"])
    assert {row["duty"] for row in case["follow_ups"]} >= {"code", "survey", "completion_report"}
    assert case["completion_due"] == "2021-06-05"
    extended = office.post(f"/changes/{number}/extension", json={"consent": "民政部函〔2021〕8号"}).json()
    assert extended["completion_due"] == "2021-12-05"
    done = office.post(f"/changes/{number}/duties/code", json={"on": "2020-06-20", "note": "已公布"}).json()
    [code] = [row for row in done["follow_ups"] if row["duty"] == "code"]
    assert (code["done_on"], code["note"]) == ("2020-06-20", "已公布")
    completed = office.post(f"/changes/{number}/completion", json={"on": "2021-05-20"}).json()
    assert completed["completed_on"] == "2021-05-20"
    [report] = [row for row in completed["follow_ups"] if row["duty"] == "completion_report"]
    assert report["done_on"] == "2021-05-20"
    assert office.get(f"/changes/{number}").json() == completed


def test_a_day_that_is_not_given_is_today_in_beijing(office: TestClient) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    assert office.post(f"/changes/{number}/completion", json={}).json()["completed_on"] == "2026-01-01"


def test_a_rehearsal_tells_what_the_enactment_does_and_writes_nothing(
    office: TestClient, sessions: Sessions
) -> None:
    number = approved(office)
    before = written(sessions)
    told = office.post(f"/changes/{number}/check").json()
    assert told["blocking"] is False
    assert written(sessions) == before
    done = office.post(f"/changes/{number}/enactment").json()["outcome"]
    for part in ("codes", "lines", "duties", "area_km2", "lineage"):
        assert told["outcome"][part] == done[part]


def test_a_dry_run_of_a_move_answers_alike_and_writes_nothing(office: TestClient, sessions: Sessions) -> None:
    number = approved(office)
    before = written(sessions)
    answer = office.post(f"/changes/{number}/enactment?dry_run=true")
    assert answer.json()["state"] == "enacted"
    assert written(sessions) == before


def test_a_blocked_proposal_is_answered_with_its_findings(office: TestClient, sessions: Sessions) -> None:
    before = written(sessions)
    answer = office.post("/changes/check", json=a_proposal(effective_on="2019-06-05"))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["blocking"], told["outcome"]) == (True, None)
    assert told["findings"][0]["severity"] == "blocking"
    assert any("没有代码为 320602" in finding["message"] for finding in told["findings"])
    assert written(sessions) == before


def test_only_documents_in_the_file_count(office: TestClient) -> None:
    listed = [{"kind": kind, "file": f"{kind}.pdf"} for kind in required_materials()]
    number = opened(office, a_proposal(materials=listed))
    told = office.post(f"/changes/{number}/check").json()
    assert [finding["rule"] for finding in told["findings"] if finding["severity"] == "blocking"] == [
        "R-CHG-07"
    ]
    file_materials(office, number)
    assert office.post(f"/changes/{number}/check").json()["blocking"] is False


def test_submission_is_refused_with_every_finding(office: TestClient, sessions: Sessions) -> None:
    unlawful = a_proposal({**MERGE, "into": {**MERGE["into"], "code": "320612", "seat": None}})
    number = opened(office, unlawful)
    before = written(sessions)
    told = refused(office.post(f"/changes/{number}/submission"), 422, "rule-violated")
    rules = {finding["rule"] for finding in told["findings"] if finding["severity"] == "blocking"}
    assert {"R-COD-05", "R-CHG-07", "R-CHG-08"} <= rules
    assert all(finding["suggestion"] for finding in told["findings"] if finding["severity"] == "blocking")
    assert written(sessions) == before
    assert office.get(f"/changes/{number}").json()["state"] == "draft"


def test_enactment_is_judged_anew(office: TestClient, sessions: Sessions) -> None:
    """Between approval and enactment another act may have changed the registers."""
    stale = approved(office, a_proposal(MERGE))
    other = {**MERGE, "into": {**MERGE["into"], "code": "320615", "name": "通州湾区"}}
    quicker = approved(office, a_proposal(other), act={**ACT, "number": "国函〔2020〕78号"})
    assert office.post(f"/changes/{quicker}/enactment").status_code == 200
    before = written(sessions)
    told = refused(office.post(f"/changes/{stale}/enactment"), 422, "rule-violated")
    assert any("320602" in finding["message"] for finding in told["findings"])
    assert written(sessions) == before
    assert office.get(f"/changes/{stale}").json()["state"] == "approved"


WRONG_MOVES = [
    ("draft", "approval", dict(ACT)),
    ("draft", "rejection", {"reason": "不予批准"}),
    ("draft", "enactment", None),
    ("approved", "submission", None),
    ("approved", "withdrawal", {"reason": "不再需要"}),
    ("enacted", "enactment", None),
    ("enacted", "withdrawal", {"reason": "不再需要"}),
]


@pytest.mark.parametrize(("state", "move", "body"), WRONG_MOVES)
def test_a_move_the_lifecycle_does_not_allow_is_refused(
    office: TestClient, sessions: Sessions, state: str, move: str, body: Any
) -> None:
    number = opened(office) if state == "draft" else approved(office)
    if state == "enacted":
        office.post(f"/changes/{number}/enactment")
    before = written(sessions)
    told = refused(office.post(f"/changes/{number}/{move}", json=body), 409, "illegal-move")
    assert number in told["detail"]
    assert written(sessions) == before


def test_an_act_is_not_enacted_twice(office: TestClient, sessions: Sessions) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    before = written(sessions)
    told = refused(office.post("/changes", json=a_proposal()), 409, "conflict")
    assert "不能重复实施" in told["detail"]
    assert number in told["way_out"]
    refused(office.post(f"/changes/{number}/check"), 409, "conflict")
    assert written(sessions) == before


TOO_EARLY = [
    ("extension", {"consent": "民政部函〔2021〕8号"}),
    ("completion", {"on": "2021-05-20"}),
    ("duties/code", {"on": "2021-05-20"}),
]


@pytest.mark.parametrize(("move", "body"), TOO_EARLY)
def test_what_follows_an_enactment_is_refused_before_it(office: TestClient, move: str, body: Any) -> None:
    refused(office.post(f"/changes/{opened(office)}/{move}", json=body), 409, "conflict")


def test_a_duty_cannot_be_done_before_the_approval(office: TestClient) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    refused(office.post(f"/changes/{number}/duties/code", json={"on": "2020-06-01"}), 409, "conflict")
    refused(office.post(f"/changes/{number}/duties/weeding", json={}), 404, "not-found")


def test_somebody_who_has_not_read_the_newest_revision_is_stopped(office: TestClient) -> None:
    number = opened(office)
    seen = office.get(f"/changes/{number}").headers["etag"]
    file_materials(office, number)
    told = refused(office.post(f"/changes/{number}/submission", headers={"If-Match": seen}), 409, "conflict")
    assert "重新读取" in told["way_out"]
    newest = office.get(f"/changes/{number}").headers["etag"]
    moved = office.post(f"/changes/{number}/submission", headers={"If-Match": newest})
    assert moved.status_code == 200
    assert moved.headers["etag"] != newest


@pytest.mark.parametrize("revision", [b"x", "第三稿".encode(), b'"-1"', b'"99999999999999999999"', b""])
def test_an_odd_revision_is_refused(office: TestClient, revision: bytes) -> None:
    answer = office.post(f"/changes/{opened(office)}/submission", headers={b"If-Match": revision})
    refused(answer, 422, "invalid-input")


def test_every_write_to_a_case_is_a_new_revision(office: TestClient) -> None:
    number = approved(office)
    seen = [office.get(f"/changes/{number}").json()["revision"]]
    for move, body in (
        ("enactment", None),
        ("extension", {"consent": "民政部函〔2021〕8号"}),
        ("duties/code", {}),
        ("completion", {}),
    ):
        seen.append(office.post(f"/changes/{number}/{move}", json=body).json()["revision"])
    assert seen == list(range(seen[0], seen[0] + 5))


def test_a_material_comes_back_byte_for_byte_and_only_as_attachment(office: TestClient) -> None:
    number, content = opened(office), a_pdf("风险")
    case = office.post(
        f"/changes/{number}/materials",
        params={"kind": "risk_report", "name": "风险\"评估'.pdf"},
        content=content,
        headers={"Content-Type": "text/html"},
    ).json()
    [material] = case["materials"]
    assert (material["kind_name"], material["size_bytes"]) == ("风险评估报告", len(content))
    answer = office.get(f"/changes/{number}/materials/{material['sha256']}")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''%E9%A3%8E")
    assert disposition.endswith("%22%E8%AF%84%E4%BC%B0%27.pdf")


def test_the_same_material_is_filed_once(office: TestClient) -> None:
    number = opened(office)
    file_materials(office, number)
    before = office.get(f"/changes/{number}").json()
    file_materials(office, number)
    assert office.get(f"/changes/{number}").json() == before


def test_a_material_belongs_to_its_case(office: TestClient) -> None:
    first, second = opened(office, a_proposal(MERGE)), opened(office, a_proposal(CONVERSION))
    file_materials(office, first)
    sha256 = office.get(f"/changes/{first}").json()["materials"][0]["sha256"]
    refused(office.get(f"/changes/{second}/materials/{sha256}"), 404, "not-found")
    refused(office.get(f"/changes/{first}/materials/{'0' * 64}"), 404, "not-found")
    refused(office.get(f"/changes/{first}/materials/..%2f..%2fetc%2fpasswd"), 404, "no-such-address")


def test_a_dry_run_keeps_no_file(office: TestClient, tmp_path: Path) -> None:
    number = opened(office)
    params = {"kind": "risk_report", "name": "甲.pdf", "dry_run": "true"}
    answer = office.post(f"/changes/{number}/materials", params=params, content=a_pdf("甲"))
    assert answer.status_code == 201
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize(
    ("params", "content"),
    [
        ({"kind": "love_letter", "name": "甲.pdf"}, a_pdf("甲")),
        ({"kind": "risk_report", "name": ""}, a_pdf("甲")),
        ({"kind": "risk_report", "name": "甲" * 201}, a_pdf("甲")),
        ({"kind": "risk_report", "name": "甲\u0000.pdf"}, a_pdf("甲")),
        ({"kind": "risk_report", "name": "../甲.pdf"}, a_pdf("甲")),
        ({"kind": "risk_report", "name": "甲.html"}, b"<html>"),
        ({"kind": "risk_report", "name": "甲.pdf"}, b"<html>"),
        ({"kind": "risk_report", "name": "甲.pdf"}, b""),
        ({"kind": "risk_report"}, a_pdf("甲")),
    ],
)
def test_an_unfit_material_is_refused(
    office: TestClient, tmp_path: Path, params: Any, content: bytes
) -> None:
    number = opened(office)
    refused(office.post(f"/changes/{number}/materials", params=params, content=content), 422, "invalid-input")
    assert not list(tmp_path.rglob("*"))
    assert office.get(f"/changes/{number}").json()["revision"] == 1


def test_a_material_may_be_larger_than_other_bodies_up_to_its_own_limit(office: TestClient) -> None:
    number = opened(office)
    address, params = f"/changes/{number}/materials", {"kind": "risk_report", "name": "甲.pdf"}
    within = office.post(address, params=params, content=a_pdf("甲") + b" " * 1_100_000)
    assert within.status_code == 201
    announced = {"Content-Length": str(largest_material_bytes() + 1)}
    beyond = office.post(address, params=params, content=b"y", headers=announced)
    assert "超过上限 100 MB" in refused(beyond, 413, "body-too-large")["detail"]


def test_a_decided_case_takes_no_more_material(office: TestClient) -> None:
    number = approved(office)
    params = {"kind": "risk_report", "name": "乙.pdf"}
    refused(office.post(f"/changes/{number}/materials", params=params, content=a_pdf("乙")), 409, "conflict")


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"effective_on": "2020-02-30"}, "effective_on"),
        ({"effective_on": "0001-01-01"}, "effective_on"),
        ({"effective_on": "9999-12-31"}, "effective_on"),
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"operations": []}, "operations"),
        ({"surprise": 1}, "surprise"),
        ({"operations": [{**MERGE, "kind": "conquest"}]}, "operations.0.kind"),
        ({"operations": [{**MERGE, "from": ["320602.0", "320611"]}]}, "operations.0.from.0"),
        ({"operations": [{**MERGE, "from": [320602, "320611"]}]}, "operations.0.from.0"),
        ({"operations": [{**MERGE, "from": ["320602"] * 201}]}, "operations.0.from"),
        ({"materials": [{"kind": "x", "file": "x"}]}, "materials.0.kind"),
        ({"instrument": {**ACT, "issued_on": "9999-12-31"}}, "instrument.issued_on"),
        ({"instrument": {**ACT, "number": "号" * 3000}}, "instrument.number"),
    ],
)
def test_an_unreadable_proposal_is_refused_field_by_field(
    office: TestClient, sessions: Sessions, change: dict[str, Any], subject: str
) -> None:
    before = written(sessions)
    for address in ("/changes", "/changes/check"):
        told = refused(office.post(address, json=a_proposal(**change)), 422, "invalid-input")
        found = {finding["subject"].removeprefix("body."): finding["message"] for finding in told["findings"]}
        assert subject in found
        assert not any(word in found[subject] for word in ("Value error", "Input should"))
    assert written(sessions) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"title": "\\ud800"}',
        b'{"title": "\\u0000", "effective_on": "2020-06-05", "operations": []}',
        b'{"title": NaN}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "null", "list", "text", "utf-16", "surrogate", "nul", "nan", "deep"],
)
def test_a_body_that_is_no_proposal_is_refused(office: TestClient, sessions: Sessions, body: bytes) -> None:
    before = written(sessions)
    for content_type in ("application/json", "text/plain"):
        answer = office.post("/changes", content=body, headers={"Content-Type": content_type})
        refused(answer, 422, "invalid-input")
    assert written(sessions) == before


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/changes/BG-2026-99999"),
        ("POST", "/changes/BG-2026-99999/check"),
        ("POST", "/changes/BG-2026-99999/enactment"),
        ("POST", "/changes/BG-2026-99999/materials?kind=risk_report&name=x.txt"),
    ],
)
def test_an_unknown_case_is_not_found(office: TestClient, method: str, address: str) -> None:
    refused(office.request(method, address, content=b"{}"), 404, "not-found")


@pytest.mark.parametrize("number", ["1", "BG-2026", "bg-2026-00001", "BG-2026-00001'--", "%00"])
def test_what_is_no_case_number_is_refused(office: TestClient, number: str) -> None:
    refused(office.get(f"/changes/{number}"), 422, "invalid-input")


def test_a_case_is_not_given_up_without_a_reason(office: TestClient) -> None:
    number = opened(office)
    for body in ({}, {"reason": ""}, {"reason": "    "}):
        refused(office.post(f"/changes/{number}/withdrawal", json=body), 422, "invalid-input")


def test_an_act_number_is_not_taken_for_another_act(office: TestClient, sessions: Sessions) -> None:
    approved(office, a_proposal(MERGE))
    number = opened(office, a_proposal(CONVERSION))
    file_materials(office, number)
    office.post(f"/changes/{number}/submission")
    before = written(sessions)
    told = refused(
        office.post(f"/changes/{number}/approval", json={**ACT, "issued_on": "2020-06-06"}), 409, "conflict"
    )
    assert ACT["number"] in told["detail"]
    assert written(sessions) == before


def test_the_effect_is_seen_on_the_day_and_not_before(office: TestClient) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    assert office.get(f"/divisions/320613?on={DAY}").json()["name"] == "崇川区"
    assert office.get("/divisions/320613?on=2020-06-04").status_code == 404


@pytest.mark.parametrize("day", [0, 1591315200, True, "2020-06-05T00:00:00", "1591315200", 20200605.0])
def test_a_day_is_written_as_a_day(office: TestClient, day: object) -> None:
    """A number taken for seconds since 1970 would put a change on a day nobody meant."""
    told = refused(office.post("/changes", json=a_proposal(effective_on=day)), 422, "invalid-input")
    assert "不是日期" in told["detail"]
