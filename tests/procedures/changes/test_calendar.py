"""The calendar: what is due and overdue, of which case, by which law, for whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Role
from gis_service.foundation.agenda import DueState, Pending, Span, calendar_on
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from tests.support.changes import ACT, CONVERSION, a_proposal, approved, draw_city, opened
from tests.support.offices import somebody
from tests.support.web import client_on

Sessions = sessionmaker[Session]


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def pending(what: str, due: date | None) -> Pending:
    return Pending("BG-2020-00001", "某变更", what, what, "R-CHG-11", "某条", due)


def test_days_are_counted_and_the_most_urgent_comes_first() -> None:
    day = date(2020, 7, 5)
    waiting = [pending("later", date(2020, 8, 1)), pending("none", None), pending("today", day)]
    waiting.append(pending("past", date(2020, 7, 4)))
    entries = calendar_on(waiting, on=day, span=Span())
    told = [(each.pending.what, each.state, each.days_left) for each in entries]
    assert told == [
        ("past", DueState.overdue, -1),
        ("today", DueState.due, 0),
        ("later", DueState.due, 27),
        ("none", DueState.undated, None),
    ]


@pytest.mark.parametrize(
    ("span", "left"),
    [
        (Span(overdue=True), ["past"]),
        (Span(until=date(2020, 7, 5)), ["past", "today"]),
        (Span(since=date(2020, 7, 5)), ["today", "later"]),
        (Span(since=date(2020, 7, 5), until=date(2020, 7, 5)), ["today"]),
        (Span(), ["past", "today", "later", "none"]),
    ],
)
def test_a_span_of_days_leaves_out_what_has_no_date(span: Span, left: list[str]) -> None:
    day = date(2020, 7, 5)
    waiting = [pending("later", date(2020, 8, 1)), pending("none", None), pending("today", day)]
    waiting.append(pending("past", date(2020, 7, 4)))
    assert [each.pending.what for each in calendar_on(waiting, on=day, span=span)] == left


def due(client: TestClient, query: str) -> dict[str, tuple[str | None, int | None]]:
    items = client.get(f"/changes/calendar?{query}").json()["items"]
    return {item["what"]: (item["due_on"], item["days_left"]) for item in items}


def test_clocks_run_from_the_approval(office: TestClient) -> None:
    number = approved(office)
    assert due(office, "on=2020-06-20") == {
        "code": ("2020-07-05", 15),
        "completion_report": ("2021-06-05", 350),
    }
    assert due(office, "on=2020-07-06&overdue=true") == {"code": ("2020-07-05", -1)}
    office.post(f"/changes/{number}/enactment")
    after = due(office, "on=2020-06-20")
    assert after["survey"] == (None, None)
    assert after["evaluation_1"] == ("2021-06-05", 350)
    assert after["evaluation_2"][0] == "2023-06-05"
    office.post(f"/changes/{number}/duties/code", json={"on": "2020-06-30"})
    assert "code" not in due(office, "on=2020-07-06")
    office.post(f"/changes/{number}/extension", json={"consent": "民政部函〔2021〕8号"})
    assert due(office, "on=2021-06-20")["completion_report"] == ("2021-12-05", 168)


def test_each_entry_says_by_which_law_and_that_some_have_no_number(office: TestClient) -> None:
    office.post(f"/changes/{approved(office)}/enactment")
    items = {item["what"]: item for item in office.get("/changes/calendar?on=2020-06-20").json()["items"]}
    assert (items["code"]["rule"], items["code"]["legal_basis"]) == ("R-COD-09", "行政区划管理条例 第十七条")
    assert items["completion_report"]["rule"] == "R-CHG-10"
    assert (items["notice"]["limit"], items["notice"]["state"]) == ("法律没有规定日数", "待办，无法定日数")
    assert items["evaluation_1"]["rule"] == "R-CHG-13"


def test_answers_of_departments_are_awaited(office: TestClient) -> None:
    number = opened(office)
    asked = {"department": "finance", "asked_on": "2020-03-02", "answer_by": "2020-03-20"}
    office.post(f"/changes/{number}/consultations", json=asked)
    assert due(office, "on=2020-03-25&overdue=true") == {"answer.finance": ("2020-03-20", -5)}
    answer = {"answered_on": "2020-03-24", "opinion": "同意"}
    office.post(f"/changes/{number}/consultations/finance/answer", json=answer)
    assert due(office, "on=2020-03-25") == {}


def test_everybody_sees_the_cases_of_his_own_place(office: TestClient, sessions: Sessions) -> None:
    approved(office, a_proposal(CONVERSION))
    own = client_on(sessions, somebody(sessions, "南通查阅", "320600", Role.viewer))
    foreign = client_on(sessions, somebody(sessions, "苏州查阅", "320500", Role.viewer))
    assert "code" in due(own, "on=2020-06-20")
    assert due(foreign, "on=2020-06-20") == {}
    assert "code" in due(office, "on=2020-06-20&within=320600")
    assert "code" in due(office, "on=2020-06-20&within=320684")
    assert due(office, "on=2020-06-20&within=320500") == {}
    assert client_on(sessions, None).get("/changes/calendar").status_code == 401


def test_a_case_stays_within_a_unit_that_was_converted(office: TestClient) -> None:
    office.post(f"/changes/{approved(office, a_proposal(CONVERSION))}/enactment")
    assert "code" in due(office, "on=2020-06-20&within=320614")


def test_the_calendar_comes_in_pages(office: TestClient) -> None:
    office.post(f"/changes/{approved(office)}/enactment")
    whole = [item["what"] for item in office.get("/changes/calendar?on=2020-06-20").json()["items"]]
    paged, address = [], "/changes/calendar?on=2020-06-20&limit=5"
    while address:
        page = office.get(address).json()
        paged += [item["what"] for item in page["items"]]
        address = page["next"]
    assert paged == whole
    assert len([what for what in whole if what != "settling"]) == 12
    assert whole.count("settling") == len(office.get("/settlements?state=open").json()["items"])


def test_people_can_take_it_into_their_own_calendar(office: TestClient) -> None:
    number = approved(office)
    answer = office.get("/changes/calendar.ics?on=2020-06-20")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    code = events[f"确定并公布新的行政区划代码（{number}）"]
    assert code.decoded("dtstart") == date(2020, 7, 5)
    assert str(code["uid"]) == f"{number}.code@testserver"
    assert "行政区划管理条例 第十七条" in str(code["description"])
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))


def test_a_secret_case_is_in_nobody_elses_calendar(office: TestClient, sessions: Sessions) -> None:
    act = {**ACT, "classification": "涉密"}
    approved(office, a_proposal(CONVERSION, classification="涉密"), act)
    own = client_on(sessions, somebody(sessions, "南通查阅", "320600", Role.viewer))
    assert due(own, "on=2020-06-20") == {}
