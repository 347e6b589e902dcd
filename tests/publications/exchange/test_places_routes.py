"""Points and drawn shapes over HTTP."""

from __future__ import annotations

from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from gis_service.foundation.transaction import Transaction
from tests.support.factories import drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
INSIDE, BORDER = [119.005, 31.995], [119.01, 31.995]


@pytest.fixture(autouse=True)
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AB", UNITS)


def codes(sides: list[list[dict[str, str]]]) -> list[list[str]]:
    return [[unit["code"] for unit in side] for side in sides]


def test_a_point_is_told_with_the_whole_chain(client: TestClient) -> None:
    answer = client.get("/divisions/at?lon=119.005&lat=31.995&on=2020-02-01").json()
    assert codes(answer["sides"]) == [["320000", "320100", "320102"]]
    assert answer["remark"] is None
    border = client.get("/divisions/at?lon=119.01&lat=31.995&on=2020-02-01").json()
    assert [side[-1] for side in codes(border["sides"])] == ["320102", "320104"]
    swapped = client.get("/divisions/at?lon=31.995&lat=89.9&on=2020-02-01").json()
    assert swapped["sides"] == []
    assert "写反" in swapped["remark"]


def test_many_points_are_answered_in_their_order(client: TestClient) -> None:
    asked = {"points": [INSIDE, [100.0, 30.0], BORDER]}
    items = client.post("/divisions/locate?on=2020-02-01", json=asked).json()["items"]
    assert [[side[-1] for side in codes(item["sides"])] for item in items] == [
        ["320102"],
        [],
        ["320102", "320104"],
    ]


def test_a_table_keeps_its_columns_and_its_own_days(client: TestClient) -> None:
    text = "编号,lon,lat,on\n007,119.005,31.995,2020-02-01\n008,119.005,31.995,1999-01-01\n"
    told = client.post("/divisions/locate?on=2020-02-01", json={"csv": text}).json()["csv"].splitlines()
    assert told[0].startswith("编号,lon,lat,on,province_code")
    assert told[1].startswith("007,")
    assert "320102,甲区" in told[1]
    assert "320102" not in told[2]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"points": [INSIDE], "csv": "lon,lat\n1,2\n"},
        {"points": [[500, 1]]},
        {"points": [[1.0, 2.0]] * 10_001},
        {"csv": "x,y\n1,2\n"},
        {"csv": "lon,lat\n东经,2\n"},
        {"csv": "lon,lat,on\n119,31,明天\n"},
        {"csv": "lon,lat\nnan,2\n"},
    ],
)
def test_what_cannot_be_read_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/divisions/locate?on=2020-02-01", json=body).status_code == 422


def test_a_drawn_shape_is_told_by_its_parts(client: TestClient) -> None:
    ring = [[119.005, 31.992], [119.015, 31.992], [119.015, 31.998], [119.005, 31.998], [119.005, 31.992]]
    asked = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    covered = client.post("/divisions/relations?on=2020-02-01", json=asked).json()
    assert [(part["unit"]["code"], round(part["share_of_shape"], 3)) for part in covered["portions"]] == [
        ("320102", 0.5),
        ("320104", 0.5),
    ]
    flows = client.post("/divisions/correspondence?on=2020-02-01&to=2021-01-01", json=asked).json()["flows"]
    assert [(flow["before"]["code"], flow["after"]["code"]) for flow in flows] == [
        ("320102",) * 2,
        ("320104",) * 2,
    ]


def test_units_around_one_are_told(client: TestClient) -> None:
    told = client.get("/divisions/320102/relations?predicate=touches&on=2020-02-01").json()["items"]
    assert [item["unit"]["code"] for item in told] == ["320104"]
    assert told[0]["border_km"] == pytest.approx(1.109, abs=0.01)
    assert client.get("/divisions/320199/relations?predicate=touches&on=2020-02-01").status_code == 404
    assert client.get("/divisions/320102/relations?predicate=near&on=2020-02-01").status_code == 422
