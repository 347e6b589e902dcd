"""Seats: recorded as approved and as seen, compared by the next-lower unit, listed where they differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Role
from gis_service.foundation.findings import Severity
from gis_service.foundation.transaction import transaction
from gis_service.procedures.seats.rules import Office, SeatFacts, SeatProblem, UnitNamed, judge_seat
from gis_service.registers.divisions.models import SeatRecord
from tests.support.factories import NOW, REGISTRAR, drawn
from tests.support.offices import somebody
from tests.support.web import client_on

Sessions = sessionmaker[Session]
DISTRICT = UnitNamed("320602", "崇川区")
NORTH, SOUTH = UnitNamed("320602001", "城北街道"), UnitNamed("320602002", "城南街道")
TOWNS = {
    "N": ("320602001", "城北街道"),
    "S": ("320602002", "城南街道"),
    "T": ("320612100", "金沙镇"),
    "E": ("320509100", "松陵镇"),
}
DRAWING = """
    NNTT
    NNTT
    SSTT
    EEEE
"""


def an_office(place: str, within: bool | None, located_in: UnitNamed | None) -> Office:
    return Office(place, None, within, located_in, date(2020, 6, 5), "踏勘")


@pytest.mark.parametrize(
    ("approved", "actual", "kinds"),
    [
        (an_office("北路1号", True, NORTH), an_office("北路1号", True, NORTH), []),
        (an_office("北路1号", True, NORTH), an_office("北路9号", True, NORTH), ["办公地址变更"]),
        (an_office("北路1号", True, NORTH), an_office("南路1号", True, SOUTH), [SeatProblem.elsewhere]),
        (an_office("北路1号", True, NORTH), an_office("外地", False, None), [SeatProblem.outside]),
        (
            an_office("外地", False, None),
            an_office("北路", True, NORTH),
            [SeatProblem.outside, SeatProblem.unknown],
        ),
        (an_office("北路1号", True, NORTH), None, [SeatProblem.unseen]),
        (None, an_office("北路", True, NORTH), [SeatProblem.unknown]),
        (an_office("北路1号", True, NORTH), an_office("某地", None, None), [SeatProblem.unknown]),
        (None, None, [SeatProblem.unseen]),
    ],
)
def test_a_seat_is_judged_by_its_next_lower_unit(
    approved: Office | None, actual: Office | None, kinds: list[str]
) -> None:
    found = judge_seat(SeatFacts(DISTRICT, approved, actual))
    assert [each.class_ for each in found] == kinds
    grave = {SeatProblem.outside, SeatProblem.elsewhere}
    assert {each.class_ for each in found if each.severity is Severity.warning} == grave & set(kinds)


@pytest.fixture
def office(client: TestClient, sessions: Sessions) -> TestClient:
    """The service on a city of districts with streets and towns."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, DRAWING, TOWNS)
    return client


def seat(unit: str = "320602", **changes: Any) -> dict[str, Any]:
    told = {
        "unit": unit,
        "aspect": "实际办公地",
        "place": "城南街道南路1号",
        "known_on": "2020-06-05",
        "source": "实地踏勘",
    }
    return told | changes


def inside(client: TestClient, letter: str) -> dict[str, float]:
    """A point within a unit of the drawing, where its geometry has its middle."""
    shape = client.get(f"/divisions/{TOWNS[letter][0]}/geometry?on=2020-06-05").json()["geometry"]
    ring = shape["coordinates"][0][0] if shape["type"] == "MultiPolygon" else shape["coordinates"][0]
    lons, lats = [x for x, _ in ring], [y for _, y in ring]
    return {"longitude": (min(lons) + max(lons)) / 2, "latitude": (min(lats) + max(lats)) / 2}


def problems(client: TestClient, query: str = "") -> dict[str, list[str]]:
    items = client.get(f"/seats/problems?on=2020-07-01&{query}").json()["items"]
    return {item["code"]: [each["class"] for each in item["problems"]] for item in items}


def test_an_office_in_another_lower_unit_is_a_problem(office: TestClient) -> None:
    approved = seat(aspect="批准驻地", place="城北街道北路1号", located_in="320602001")
    answer = office.post("/seats/observations", json=approved)
    assert answer.status_code == 201, answer.text
    assert answer.json()["approved"]["located_in"] == "320602001"
    assert problems(office)["320602"] == ["未登记办公地"]
    seen = office.post("/seats/observations", json=seat(**inside(office, "S"))).json()
    assert (seen["actual"]["lies_within"], seen["actual"]["located_in"]) == (True, "320602002")
    assert problems(office)["320602"] == ["与批准驻地不在同一下级单位"]
    [item] = office.get("/seats/problems?on=2020-07-01&problem=与批准驻地不在同一下级单位").json()["items"]
    [told] = item["problems"]
    assert (told["rule"], told["severity"], told["place"]["type"]) == ("R-SEAT-01", "warning", "Point")
    assert told["suggestion"]


def test_an_office_beyond_the_border_is_a_problem(office: TestClient) -> None:
    office.post("/seats/observations", json=seat(**inside(office, "T")))
    assert problems(office)["320602"] == ["不在本辖区"]
    by_code = seat("320612", located_in="320602001", place="城北街道某处")
    office.post("/seats/observations", json=by_code)
    assert problems(office)["320612"] == ["不在本辖区"]


def test_the_newest_record_counts_on_its_day_and_none_is_overwritten(
    office: TestClient, sessions: Sessions
) -> None:
    office.post("/seats/observations", json=seat(place="城北街道北路", known_on="2020-03-01"))
    office.post("/seats/observations", json=seat(place="城南街道南路", known_on="2020-06-01"))
    for day, place in (("2020-02-01", None), ("2020-05-31", "城北街道北路"), ("2020-06-01", "城南街道南路")):
        [item] = office.get(f"/seats?on={day}&within=320602&level=county").json()["items"]
        assert (item["actual"] and item["actual"]["place"]) == place
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(SeatRecord)) == 2


def test_a_place_in_words_names_its_lower_unit(office: TestClient) -> None:
    office.post("/seats/observations", json=seat(aspect="批准驻地", place="城北街道"))
    office.post("/seats/observations", json=seat(place="城北街道北路9号"))
    assert "320602" not in problems(office)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"unit": "320699"}, 404),
        ({"located_in": "320602999"}, 404),
        ({"known_on": "2026-01-02"}, 422),
        ({"longitude": 119.0}, 422),
        ({"longitude": 190.0, "latitude": 32.0}, 422),
    ],
)
def test_a_seat_that_cannot_be_is_refused(office: TestClient, changes: dict[str, Any], status: int) -> None:
    assert office.post("/seats/observations", json=seat(**changes)).status_code == status


def test_people_see_and_enter_seats_of_their_own_place(office: TestClient, sessions: Sessions) -> None:
    assert office.get("/seats").status_code == 200
    own = client_on(sessions, somebody(sessions, "南通勘测", "320600", Role.surveyor))
    foreign = client_on(sessions, somebody(sessions, "苏州登记", "320500", Role.registrar))
    assert own.post("/seats/observations", json=seat()).status_code == 201
    assert own.get("/seats").status_code == 403
    assert foreign.post("/seats/observations", json=seat()).status_code == 403
    assert {code[:4] for code in problems(foreign)} == {"3205"}
    registrar = client_on(sessions, somebody(sessions, "南通登记", "320600", Role.registrar))
    assert {code[:4] for code in problems(registrar)} == {"3206"}
    assert client_on(sessions, None).get("/seats/problems").status_code == 401


def test_lists_come_in_pages_and_ask_the_database_as_often_for_many(office: TestClient) -> None:
    whole = list(problems(office))
    paged, address = [], "/seats/problems?on=2020-07-01&limit=2"
    while address:
        page = office.get(address).json()
        paged += [item["code"] for item in page["items"]]
        address = page["next"]
    assert paged == whole
    assert len(whole) > 4
