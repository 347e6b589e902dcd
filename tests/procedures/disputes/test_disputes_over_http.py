"""Cases over HTTP: led from found to decided, rehearsed, listed page by page, on the map, and refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Classification, Role
from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.queries import LineInForce
from tests.support.classified import a_reader
from tests.support.disputes import DAY, LONG, a_case, a_decision, a_line, agreed_upon, marked, unplaced
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import client_on

ON = f"on={DAY}"


@pytest.fixture
def line(sessions: sessionmaker[Session]) -> LineInForce:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        line = a_line(tx, LONG)
        agreed_upon(tx, line)
        marked(tx, line, {"0402001Q": 1000.0, "0402002Q": 4900.0}, is_synthetic=True)
    return line


def sent(line: LineInForce, **other: Any) -> Any:
    return a_case(line, **other).model_dump(mode="json", exclude_unset=True)


def done(client: TestClient, address: str, body: Any, status: int = 200) -> Any:
    answer = client.post(address, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_dispute_is_led_to_its_decision(client: TestClient, line: LineInForce) -> None:
    rehearsed = done(client, "/disputes?dry_run=true", sent(line))
    assert client.get(f"/disputes/{rehearsed['number']}").status_code == 404
    number = done(client, "/disputes", sent(line, due_on=DAY + timedelta(days=5)))["number"]
    assert number == rehearsed["number"]
    here, then = f"/disputes/{number}", {"taken_on": str(DAY + timedelta(days=9)), "words": "会商"}
    late = done(client, f"{here}/mediations", then | {"agreed": False, "attendants": ["甲", "乙"]})
    assert "已过 4 天" in late["findings"][0]["message"]
    off = then | {"due_on": str(DAY + timedelta(days=99)), "words": ""}
    assert "没有写明理由" in done(client, f"{here}/revision", off, 422)["findings"][0]["message"]
    put_off = done(client, f"{here}/revision", off | {"words": "汛期"})
    assert put_off["steps"][-1]["changes"][0]["before"] == str(DAY + timedelta(days=5))
    assert done(client, f"{here}/moves", then | {"to": "化解"}, 422)["findings"][0]["rule"] == "R-BND-19"
    done(client, f"{here}/moves", then | {"to": "报请裁决"})
    paper = a_decision("江苏省人民政府")
    decision = then | {"instrument": paper.number, "acts": [paper.model_dump(mode="json")], "result": "维持"}
    decision |= {"legal_state": "已定界"}
    rehearsed = done(client, f"{here}/decision?dry_run=true", decision)
    assert (rehearsed["effect"]["before"][0]["legal_state"], rehearsed["effect"]["after"]) == (
        "未说明",
        "已定界",
    )
    assert client.get(here).json()["state"] == "报请裁决"
    assert done(client, f"{here}/decision", decision)["state"] == "已裁决"
    again = done(client, f"{here}/withdrawal", then, 409)
    assert "现为“已裁决”" in again["detail"]


def test_cases_are_listed_filtered_and_drawn(
    client: TestClient, sessions: sessionmaker[Session], line: LineInForce
) -> None:
    for level in ("重大", "较大", "一般"):
        done(client, "/disputes", sent(line, level=level, place="<script>alert(1)</script>`${1}"))
    marker = unplaced(line, marker="0402002Q", due_on=NOW.date()).model_dump(mode="json", exclude_unset=True)
    done(client, "/disputes", marker)
    first = client.get(f"/disputes?{ON}&limit=3").json()
    assert len(first["items"]) == 3
    assert len(client.get(first["next"]).json()["items"]) == 1
    for asked, found in (
        ("level=重大", 1),
        ("kind=隐患", 0),
        (f"state=登记&open=true&line={line.id}", 4),
        (f"due_by={NOW.date()}&within=320402", 0),
        (f"due_by={NOW.date()}&within=320400", 1),
    ):
        assert len(client.get(f"/disputes?{ON}&{asked}").json()["items"]) == found, asked
    shapes = client.get(f"/disputes?{ON}&format=geojson").json()["features"]
    assert [each["geometry"]["type"] for each in shapes] == ["MultiLineString"] * 3 + ["Point"]
    risk = client.get(f"/disputes/risk?{ON}&within=320400&top=1").json()
    assert (risk["items"][0]["band"], risk["items"][0]["weight"], risk["synthetic"]) == ("高", 13, True)
    year = client.get(f"/disputes/report?{ON}&year=2020").json()
    assert (year["cases"], year["level"]) == (4, {"较大": 2, "重大": 1, "一般": 1})
    due = client.get(f"/disputes/due?{ON}&by={NOW.date()}").json()["items"]
    assert [each["number"] for each in due] == ["YH-2026-00004"]
    page = client.get(f"/disputes/map?{ON}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    assert "<script>alert" not in page.text
    for wrong in ("/disputes?level=特大", "/disputes/YH-1", "/disputes/report?year=1"):
        assert client.get(wrong).status_code == 422
    reader = client_on(sessions, a_reader(None, role=Role.viewer, clearance=Classification.public))
    assert reader.get("/disputes").json()["items"] == []
    assert reader.get("/disputes/YH-2026-00001").status_code == 404
    assert client_on(sessions, a_reader(None, role=Role.naming_officer)).get("/disputes").status_code == 403
