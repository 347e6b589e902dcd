"""A river moves and the line does not: the stretch is surveyed anew, and the result is filed."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Role
from gis_service.foundation.transaction import transaction
from gis_service.procedures.resurveys.rules import Cause, Closing, judge_closing
from gis_service.registers.boundaries.commands import IndicatorFacts, register_indicator
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries import lines_by_id
from tests.support.changes import draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act
from tests.support.offices import somebody
from tests.support.web import client_on

REPORT = {
    "number": "汛情〔2021〕7号",
    "kind": "通知",
    "title": "关于河道变化的报告",
    "issuer": "某县民政局",
    "issued_on": "2021-07-21",
}
MOVED = {"cause": "watercourse", "object_name": "通启运河", "found_on": "2021-07-20"}


@pytest.fixture
def line(sessions: sessionmaker[Session]) -> BoundaryLine:
    draw_city(sessions)
    with sessions() as session:
        return session.scalars(select(BoundaryLine).where(BoundaryLine.level == "county")).first()


@pytest.fixture
def office(client: TestClient, line: BoundaryLine) -> TestClient:
    assert line
    return client


def opened(office: TestClient, line: BoundaryLine, *, status: int = 201, **more: Any) -> dict[str, Any]:
    sent = {"line": str(line.id), "instrument": REPORT["number"], "acts": [REPORT], **MOVED, **more}
    answer = office.post("/resurveys", json=sent)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_river_that_moved_is_surveyed_and_the_line_stays(
    office: TestClient, line: BoundaryLine, sessions: sessionmaker[Session]
) -> None:
    assert "里程" in opened(office, line, status=422, from_m=10.0, to_m=1e7)["detail"]
    assert "所变之物" in opened(office, line, status=422, object_name="")["detail"]
    assert "尚未到来" in opened(office, line, status=422, found_on="2999-01-01")["detail"]
    told = opened(office, line, from_m=10.0, to_m=200.0, due_on="2021-12-31")["resurvey"]
    number = told["number"]
    assert (number, told["cause_title"], told["overdue"]) == ("XC-2021-00001", "河流改道", True)
    assert [
        each["number"] for each in office.get(f"/resurveys?line={line.id}&state=open").json()["items"]
    ] == [number]
    items = office.get("/changes/calendar?on=2021-12-30").json()["items"]
    assert [(item["case"], item["days_left"]) for item in items] == [(number, 1)]
    shown = office.get(f"/boundary-lines/{line.id}?on=2021-12-30").json()["properties"]["matters"]
    assert [each["address"] for each in shown] == [f"/resurveys/{number}"]
    early = office.post(
        f"/resurveys/{number}/completion",
        json={"instrument": REPORT["number"], "outcome": "界线不动", "on": "2021-07-19"},
    )
    assert early.status_code == 422
    result = {**REPORT, "number": "修测〔2021〕1号", "title": "修测成果"}
    done = {"instrument": result["number"], "acts": [result], "outcome": "界线不随河道移动"}
    assert office.post(f"/resurveys/{number}/completion?dry_run=true", json=done).status_code == 200
    assert office.get(f"/resurveys/{number}").json()["state"] == "open"
    told = office.post(f"/resurveys/{number}/completion", json=done).json()["resurvey"]
    assert (told["state_name"], told["done_by"], told["overdue"]) == ("已修测", "修测〔2021〕1号", False)
    assert office.post(f"/resurveys/{number}/withdrawal", json={"reason": "没有变化"}).status_code == 409
    foreign = client_on(sessions, somebody(sessions, "外地查阅", "320000", Role.viewer))
    assert foreign.get(f"/resurveys/{number}").status_code == 200
    assert client_on(sessions, None).get("/resurveys").status_code == 401


def test_a_ruined_indicator_is_not_done_before_it_is_filed(
    office: TestClient, line: BoundaryLine, sessions: sessionmaker[Session]
) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        [known] = lines_by_id(tx.session, [line.id], on=BEGINNING)
        canal = IndicatorFacts("沟渠", "团结渠", LineString([(119.0, 32.0), (119.01, 32.0)]))
        act = an_act(tx, "协议〔2020〕1号")
        canal_id = register_indicator(tx, known, canal, on=BEGINNING, instrument_id=act)
    ruined = {"cause": "indicator", "object_name": "", "object_id": str(canal_id)}
    told = opened(office, line, **ruined)["resurvey"]
    assert (told["object_name"], told["from_m"]) == ("团结渠", None)
    unknown = opened(office, line, status=404, **{**ruined, "object_id": str(line.id)})
    assert "指示物" in unknown["detail"]
    done = {"instrument": REPORT["number"], "outcome": "以新渠为指示物"}
    refused = office.post(f"/resurveys/{told['number']}/completion", json=done)
    assert refused.status_code == 422
    assert "没有备案" in refused.text
    filed = office.post(
        f"/resurveys/{told['number']}/completion", json={**done, "filing": REPORT["number"]}
    ).json()
    assert [finding["severity"] for finding in filed["findings"]] == ["warning"]
    assert filed["resurvey"]["filed_by"] == REPORT["number"]


def test_a_register_that_agrees_leaves_nothing_to_say() -> None:
    closing = Closing("XC-2021-00001", "0204", Cause.indicator, is_filed=True, is_on_record=True)
    assert judge_closing(closing) == []
