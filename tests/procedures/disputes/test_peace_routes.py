"""The peace of a line over HTTP: rehearsed, written, listed page by page, handed on as a table."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.queries import lines_in_force
from tests.procedures.disputes.test_peace import SIGNED, UNITS, a_meeting, a_plan, an_agreement
from tests.support.factories import NOW, REGISTRAR, drawn
from tests.support.web import client_on


def posted(client: TestClient, address: str, body: Any, status: int = 200) -> Any:
    answer = client.post(address, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_peace_of_lines_is_kept_over_http(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "AB\nAB\nCB", UNITS)
        lines = [each for each in lines_in_force(tx.session, on=SIGNED) if each.level == "county"]
    client = client_on(sessions)
    body = an_agreement(lines[0]).model_dump(mode="json")
    rehearsed = posted(client, "/peace/agreements?dry_run=true", body)
    assert rehearsed["agreement"]["number"] == f"XY-{NOW.year}-00001"
    assert client.get("/peace/agreements").json()["items"] == []
    everyone = [code for code, _ in UNITS.values()]
    for line in lines:
        sides = [code for code in everyone if code[-2:] in (line.code[:2], line.code[2:])]
        sent = an_agreement(line, f"协议{line.code}", signers=sides)
        posted(client, "/peace/agreements", sent.model_dump(mode="json"))
    first = client.get("/peace/agreements?limit=2&holding=true&on=2025-01-01").json()
    assert len(first["items"]) == 2
    rest = client.get(first["next"]).json()
    numbers = [each["number"] for each in (*first["items"], *rest["items"])]
    assert (numbers, rest["next"]) == (sorted(set(numbers)), None)
    assert len(numbers) == len(lines) == 3
    bare = client.get("/peace/lines-without-agreement?unit=320400&on=2025-01-01").json()
    assert lines[0].code not in {each["line"]["code"] for each in bare["items"]}
    refused = posted(client, "/peace/agreements", body | {"expires_on": "2020-01-01"}, 422)
    assert any("早于生效日期" in each["message"] for each in refused["findings"])
    wrong = posted(
        client, "/peace/meetings", a_meeting(lines[0]).model_dump(mode="json") | {"matters": []}, 422
    )
    assert "matters" in str(wrong)
    between = next(each for each in lines if each.code == "0204")
    meeting = posted(client, "/peace/meetings", a_meeting(between).model_dump(mode="json"))["meeting"]
    posted(client, "/peace/plans", a_plan(between).model_dump(mode="json"))
    due = client.get("/peace/due?on=2027-06-10&days=10&limit=3").json()
    assert [each["kind"] for each in due["items"]] == ["议定事项", "议定事项", "协议到期"]
    more = client.get(due["next"]).json()["items"]
    assert [each["kind"] for each in more] == ["协议到期", "协议到期", "预案复审"]
    completion = f"/peace/meetings/{meeting['number']}/resolutions/1/completion"
    done = posted(client, completion, {"on": "2025-06-01", "words": "已修复"})
    assert done["meeting"]["resolutions"][0]["done_words"] == "已修复"
    asked = f"line={between.id}&side=320402&year=2025"
    proposal = client.get(f"/peace/assessments/proposal?{asked}").json()
    assert proposal["sheet"]["points"] == 90
    kept = posted(client, "/peace/assessments", {"line": "0204", "side": "320402", "year": 2025})[
        "assessment"
    ]
    number = kept["number"]
    posted(client, f"/peace/assessments/{number}/signature", None)
    posted(client, f"/peace/assessments/{number}/signature", None, 409)
    for kind, media in (("xlsx", "spreadsheetml"), ("html", "text/html"), ("json", "application/json")):
        answer = client.get(f"/peace/assessments/{number}/sheet.{kind}")
        assert answer.status_code == 200
        assert media in answer.headers["content-type"]
    lacking = posted(client, "/peace/assessments", {"line": "0204", "side": "320411", "year": 2025}, 422)
    assert "不是" in lacking["detail"]
