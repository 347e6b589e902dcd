"""Who may do what with a case: his own side, with the consent of others, never alone, on the lawful level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Role
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.schemas import parse_proposal
from tests.support.changes import ACT, CONVERSION, MERGE, a_proposal, draw_city, file_materials, opened
from tests.support.factories import NOW, REGISTRAR
from tests.support.offices import somebody
from tests.support.web import client_on

Sessions = sessionmaker[Session]
Office = Callable[[Actor], TestClient]

ACROSS: Mapping[str, Any] = {
    "kind": "merge",
    "from": ["320612", "320509"],
    "into": {"code": "320616", "name": "江海区", "type": "市辖区", "superior": "320600", "seat": "金沙街道"},
}


@pytest.fixture(autouse=True)
def _city(sessions: Sessions) -> None:
    draw_city(sessions)


@pytest.fixture
def at(sessions: Sessions, tmp_path: Path) -> Office:
    """The service as somebody reaches it, with a city and its neighbours in the registers."""

    def office(actor: Actor) -> TestClient:
        client = client_on(sessions, actor)
        install(client.app, Settings(home=tmp_path))
        return client

    return office


@pytest.fixture
def nantong(sessions: Sessions) -> Actor:
    return somebody(sessions, "南通王", "320600")


@pytest.fixture
def suzhou(sessions: Sessions) -> Actor:
    return somebody(sessions, "苏州李", "320500")


@pytest.fixture
def province(sessions: Sessions) -> Actor:
    return somebody(sessions, "省厅张", "320000")


def answered(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def submitted(client: TestClient, proposal: Mapping[str, Any]) -> str:
    number = opened(client, proposal)
    file_materials(client, number)
    answered(client.post(f"/changes/{number}/submission"))
    return number


def blocking(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(each["rule"], each["subject"]) for each in told["findings"] if each["severity"] == "blocking"]


def test_a_case_names_its_sides_and_who_drafted_it(at: Office, nantong: Actor) -> None:
    case = answered(at(nantong).post("/changes", json=a_proposal(ACROSS)), 201)
    assert [(each["code"], each["name"]) for each in case["parties"]] == [
        ("320509", "吴江区"),
        ("320600", "3206市"),
        ("320612", "通州区"),
    ]
    assert (case["drafted_by"], case["submitted_by"]) == ("南通王", None)
    assert (case["classification"], case["endorsements"]) == ("内部", [])


def test_nobody_drafts_for_others_alone(at: Office, suzhou: Actor) -> None:
    told = answered(at(suzhou).post("/changes", json=a_proposal()), 403)
    assert told["type"] == "/problems/not-permitted"
    assert "都不在您的辖区" in told["detail"]
    answered(at(suzhou).post("/changes/check", json=a_proposal()), 403)
    unknown = {**MERGE, "from": ["329901", "329902"], "into": {**MERGE["into"], "superior": "329900"}}
    told = answered(at(suzhou).post("/changes", json=a_proposal(unknown)), 403)
    assert "请核对代码" in told["way_out"]
    checked = answered(at(suzhou).post("/changes/check", json=a_proposal(unknown)))
    assert checked["blocking"] is True


def test_a_foreign_case_is_not_there(at: Office, nantong: Actor, suzhou: Actor, sessions: Sessions) -> None:
    number = opened(at(nantong), a_proposal())
    stranger = at(suzhou)
    assert stranger.get("/changes").json()["items"] == []
    for method, address, body in (
        ("GET", "", None),
        ("POST", "/check", None),
        ("POST", "/submission", None),
        ("POST", "/endorsement", None),
        ("POST", "/withdrawal", {"reason": "不再需要"}),
        ("POST", "/approval", dict(ACT)),
        ("POST", "/rejection", {"reason": "不予批准"}),
        ("POST", "/enactment", None),
        ("POST", "/extension", {"consent": "民政部函〔2021〕8号"}),
        ("POST", "/completion", {}),
        ("POST", "/duties/code", {}),
    ):
        answered(stranger.request(method, f"/changes/{number}{address}", json=body), 404)
    reader = at(somebody(sessions, "南通读者", "320600", Role.viewer))
    answered(reader.get(f"/changes/{number}"))
    answered(reader.post(f"/changes/{number}/submission"), 403)


def test_numbers_go_on_behind_cases_that_are_not_seen(at: Office, nantong: Actor, suzhou: Actor) -> None:
    assert opened(at(nantong), a_proposal(MERGE)) == "BG-2026-00001"
    wujiang = {**CONVERSION, "from": ["320509"], "into": {**CONVERSION["into"], "code": "320585"}}
    wujiang["into"] |= {"superior": "320500", "name": "吴江市", "type": "县级市"}
    assert opened(at(suzhou), a_proposal(wujiang)) == "BG-2026-00002"


def test_both_sides_must_agree_before_a_case_is_submitted(
    at: Office, nantong: Actor, suzhou: Actor, sessions: Sessions
) -> None:
    number = opened(at(nantong), a_proposal(ACROSS))
    file_materials(at(nantong), number)
    refused = answered(at(nantong).post(f"/changes/{number}/submission"), 422)
    assert blocking(refused) == [("R-CHG-92", "吴江区（320509）")]
    foretold = answered(at(nantong).post(f"/changes/{number}/check"))
    assert [each["severity"] for each in foretold["findings"] if each["rule"] == "R-CHG-92"] == ["warning"]
    case = answered(at(suzhou).post(f"/changes/{number}/endorsement"))
    [endorsed] = case["endorsements"]
    assert (endorsed["code"], endorsed["actor"], endorsed["authority"]) == (
        "320509",
        "苏州李",
        "320500民政局",
    )
    answered(at(suzhou).post(f"/changes/{number}/endorsement"), 409)
    case = answered(at(nantong).post(f"/changes/{number}/submission"))
    assert case["submitted_by"] == "南通王"
    answered(at(nantong).post(f"/changes/{number}/endorsement"), 409)
    with sessions() as session:
        [entry] = session.scalars(select(JournalEntry).where(JournalEntry.command == "changes.endorse"))
    assert (entry.actor, entry.detail["sides"]) == ("苏州李", ["吴江区（320509）"])


def test_the_common_superior_needs_nobodys_consent(at: Office, province: Actor) -> None:
    submitted(at(province), a_proposal(ACROSS))


def test_endorsements_fall_with_a_case_that_is_withdrawn(at: Office, nantong: Actor, suzhou: Actor) -> None:
    number = opened(at(nantong), a_proposal(ACROSS))
    answered(at(suzhou).post(f"/changes/{number}/endorsement"))
    case = answered(at(nantong).post(f"/changes/{number}/withdrawal", json={"reason": "不再需要"}))
    assert case["endorsements"] == []


def test_whoever_drafted_or_submitted_neither_decides_nor_enacts(
    at: Office, nantong: Actor, province: Actor, sessions: Sessions
) -> None:
    second = somebody(sessions, "省厅赵", "320000")
    number = opened(at(nantong), a_proposal())
    file_materials(at(nantong), number)
    answered(at(province).post(f"/changes/{number}/submission"))
    for moves in ("approval", "rejection"):
        body = dict(ACT) if moves == "approval" else {"reason": "不予批准"}
        told = answered(at(province).post(f"/changes/{number}/{moves}", json=body), 403)
        assert "由您起草或报请" in told["detail"]
    answered(at(second).post(f"/changes/{number}/approval", json=dict(ACT)))
    for one in (nantong, province):
        answered(at(one).post(f"/changes/{number}/enactment"), 403)
    assert answered(at(second).post(f"/changes/{number}/enactment"))["state"] == "enacted"


def test_a_city_enacts_what_the_province_recorded(
    at: Office, nantong: Actor, province: Actor, sessions: Sessions
) -> None:
    second = somebody(sessions, "南通钱", "320600")
    number = submitted(at(nantong), a_proposal())
    told = answered(at(second).post(f"/changes/{number}/approval", json=dict(ACT)), 403)
    assert "32省（省级）" in told["detail"]
    answered(at(province).post(f"/changes/{number}/approval", json=dict(ACT)))
    answered(at(second).post(f"/changes/{number}/enactment"))


def test_deciding_and_enacting_take_all_sides(
    at: Office, nantong: Actor, province: Actor, sessions: Sessions
) -> None:
    number = submitted(at(province), a_proposal(ACROSS))
    told = answered(at(nantong).post(f"/changes/{number}/rejection", json={"reason": "不予批准"}), 403)
    assert "吴江区（320509）" in told["detail"]
    second = somebody(sessions, "省厅赵", "320000")
    answered(at(second).post(f"/changes/{number}/approval", json=dict(ACT)))
    answered(at(nantong).post(f"/changes/{number}/enactment"), 403)


def test_a_second_factor_is_needed_to_decide(at: Office, nantong: Actor, sessions: Sessions) -> None:
    number = submitted(at(nantong), a_proposal())
    bare = somebody(sessions, "省厅孙", "320000", second_factor=False)
    told = answered(at(bare).post(f"/changes/{number}/approval", json=dict(ACT)), 403)
    assert told["type"] == "/problems/second-factor-needed"


def test_only_the_lawful_approver_approves(at: Office, nantong: Actor, province: Actor) -> None:
    number = submitted(at(nantong), a_proposal())
    case = answered(at(nantong).get(f"/changes/{number}"))
    assert any("依法由国务院批准" in finding["message"] for finding in case["findings"])
    by_city = {**ACT, "issuer": "3206市人民政府", "overrides": [{"rule": "R-CHG-01", "reason": "市里已定"}]}
    told = answered(at(province).post(f"/changes/{number}/approval", json=by_city), 422)
    assert blocking(told) == [("R-CHG-01", "制发机关 3206市人民政府")]
    by_office = {**ACT, "issuer": "国务院办公厅"}
    answered(at(province).post(f"/changes/{number}/approval", json=by_office), 422)
    by_office["overrides"] = [{"rule": "R-CHG-01", "reason": "经国务院授权"}]
    case = answered(at(province).post(f"/changes/{number}/approval", json=by_office))
    assert any("已申明理由：经国务院授权" in finding["message"] for finding in case["findings"])


def test_a_jurisdiction_follows_a_merger(
    at: Office, nantong: Actor, province: Actor, sessions: Sessions
) -> None:
    district = somebody(sessions, "港闸周", "320611")
    number = submitted(at(nantong), a_proposal(MERGE))
    answered(at(province).post(f"/changes/{number}/approval", json=dict(ACT)))
    second = somebody(sessions, "南通钱", "320600")
    answered(at(second).post(f"/changes/{number}/enactment"))
    heir = {**CONVERSION, "from": ["320613"], "into": {**CONVERSION["into"], "code": "320685"}}
    heir["into"] |= {"name": "崇川市", "type": "县级市"}
    case = answered(at(district).post("/changes", json=a_proposal(heir, effective_on="2021-06-05")), 201)
    assert [each["code"] for each in case["parties"]] == ["320600", "320613"]
    answered(at(district).get(f"/changes/{number}"))
    done = answered(at(district).post(f"/changes/{number}/duties/code", json={"on": "2020-06-20"}))
    assert any(row["done_on"] == "2020-06-20" for row in done["follow_ups"])


def test_nobody_opens_a_case_above_his_clearance(at: Office, nantong: Actor, sessions: Sessions) -> None:
    told = answered(at(nantong).post("/changes", json=a_proposal(classification="涉密")), 403)
    assert "涉密级的案卷" in told["detail"]
    uncleared = somebody(sessions, "南通冯", "320600", clearance=Classification.public)
    answered(at(uncleared).post("/changes", json=a_proposal()), 403)
    number = opened(at(nantong), a_proposal())
    answered(at(uncleared).get(f"/changes/{number}"), 404)
    case = answered(at(uncleared).post("/changes", json=a_proposal(MERGE, classification="公开")), 201)
    assert case["classification"] == "公开"


def test_a_classified_approval_is_carried_out_by_a_public_announcement(
    at: Office, nantong: Actor, province: Actor, sessions: Sessions
) -> None:
    second = somebody(sessions, "南通钱", "320600")
    number = submitted(at(nantong), a_proposal())
    secret = answered(
        at(province).post(f"/changes/{number}/approval", json={**ACT, "classification": "涉密"}), 403
    )
    assert "涉密级的文件" in secret["detail"]
    answered(at(province).post(f"/changes/{number}/approval", json={**ACT, "classification": "内部"}))
    told = answered(at(second).post(f"/changes/{number}/enactment"), 422)
    assert blocking(told) == [("R-CHG-93", ACT["number"])]
    checked = answered(at(second).post(f"/changes/{number}/check"))
    assert blocking(checked) == [("R-CHG-93", ACT["number"])]
    announced = {**ACT, "number": "苏民公告〔2020〕1号", "issuer": "江苏省民政厅", "title": "公告"}
    case = answered(at(second).post(f"/changes/{number}/announced-enactment", json=announced))
    assert case["state"] == "enacted"
    public = client_on(sessions, None)
    stood_by = public.get("/divisions/320613", params={"on": "2020-06-05"})
    assert stood_by.status_code == 200
    assert ACT["number"] not in stood_by.text
    answered(public.get(f"/instruments/{announced['number']}"))
    answered(public.get(f"/instruments/{ACT['number']}"), 404)


def test_the_operator_does_alone_what_the_journal_then_says(sessions: Sessions) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        commands.enact_published(tx, parse_proposal(a_proposal(instrument=dict(ACT)), source="测试"))
    with sessions() as session:
        moves = ("changes.approved", "changes.enacted")
        entries = session.scalars(select(JournalEntry).where(JournalEntry.command.in_(moves))).all()
    assert [entry.detail["four_eyes"] for entry in entries] == ["本机操作", "本机操作"]


def test_an_account_does_not_record_a_published_act_alone(sessions: Sessions, province: Actor) -> None:
    proposal = parse_proposal(a_proposal(instrument=dict(ACT)), source="测试")
    with (
        transaction(sessions, actor=province, at=NOW) as tx,
        pytest.raises(NotPermitted, match="须由不同的人办理"),
    ):
        commands.enact_published(tx, proposal)
