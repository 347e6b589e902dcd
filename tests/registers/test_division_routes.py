"""Reading divisions over HTTP: on any day, by code or id, page by page, with or without their extents."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote
from uuid import UUID

import pytest
import shapely
from fastapi.testclient import TestClient

from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.commands import end
from gis_service.registers.instruments.models import Instrument
from tests.support.factories import BEGINNING, a_dataset, an_act, drawn, registered
from tests.support.web import Statements

ENDING = date(2020, 6, 5)
UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320205", "海丙市"),
    "D": ("340103", "丁县"),
}


@pytest.fixture
def ids(tx: Transaction) -> dict[str, str]:
    return {key: str(unit) for key, unit in drawn(tx, "AAB CDD", UNITS).items()}


def codes(client: TestClient, query: str = "") -> list[str]:
    answer = client.get(f"/divisions?on=2020-06-05{query}")
    assert answer.status_code == 200, answer.text
    return [unit["code"] for unit in answer.json()["items"]]


def test_units_are_listed_by_code_with_what_people_ask_for(client: TestClient, ids: dict[str, str]) -> None:
    told = client.get("/divisions?on=2020-06-05&level=county").json()
    assert told["on"] == "2020-06-05"
    assert [unit["code"] for unit in told["items"]] == ["320102", "320104", "320205", "340103"]
    first = told["items"][0]
    assert first["area_km2"] == pytest.approx(2 * 1.05, rel=0.02)
    assert {key: first[key] for key in first if key not in {"area_km2"}} == {
        "id": ids["A"],
        "code": "320102",
        "name": "甲区",
        "level": "county",
        "type": "市辖区",
        "seat": None,
        "superior": "320100",
        "valid_from": "2020-01-01",
        "valid_to": None,
        "begun_by": "测试数据集",
        "ended_by": None,
        "classification": "公开",
        "begun_edtf": None,
        "ended_edtf": None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&level=province", ["320000", "340000"]),
        ("&within=320000&level=county", ["320102", "320104", "320205"]),
        ("&within=320100", ["320100", "320102", "320104"]),
        ("&name=海", ["320205"]),
        ("&name=%25", []),
        ("&name=_", []),
        ("&type=县", ["340103"]),
        ("&type=县&within=320000", []),
        ("&after=320205&level=county", ["340103"]),
    ],
)
@pytest.mark.usefixtures("ids")
def test_lists_are_narrowed(client: TestClient, query: str, expected: list[str]) -> None:
    assert codes(client, query) == expected


@pytest.mark.usefixtures("ids")
def test_nothing_stands_before_the_beginning(client: TestClient) -> None:
    assert client.get("/divisions?on=2019-12-31").json()["items"] == []


@pytest.mark.usefixtures("ids")
def test_pages_together_hold_every_unit_once(client: TestClient) -> None:
    address, seen = "/divisions?on=2020-06-05&limit=3", []
    while address:
        answer = client.get(address)
        seen += [unit["code"] for unit in answer.json()["items"]]
        address = answer.json()["next"]
        assert answer.headers.get("link") == (f'<{address}>; rel="next"' if address else None)
    assert seen == codes(client)
    assert len(seen) == 9


@pytest.mark.usefixtures("ids")
def test_extents_come_as_geojson_of_the_standard(client: TestClient) -> None:
    answer = client.get("/divisions?on=2020-06-05", headers={"Accept": "application/geo+json"})
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert (told["type"], told["on"], len(told["features"])) == ("FeatureCollection", "2020-06-05", 9)
    assert "crs" not in answer.text
    for feature in told["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert 118.9 < shape.centroid.x < 119.1
        assert all(part.exterior.is_ccw for part in shape.geoms)
        assert feature["id"] == feature["properties"]["id"]


@pytest.mark.usefixtures("ids")
def test_coordinates_carry_seven_decimals(client: TestClient, tx: Transaction) -> None:
    third = shapely.box(119.1234567, 31.7654321, 119.2, 31.8)
    registered(tx, {"E": ("320311", "戊区", third)})
    text = client.get("/divisions/320311/geometry").text
    assert "119.1234567,31.7654321" in text


def test_the_statement_on_the_data_goes_with_its_geometry(client: TestClient, tx: Transaction) -> None:
    drawn(tx, "A", {"A": UNITS["A"]})
    tx.session.get_one(Instrument, a_dataset(tx)).statement = "界线经过综合，无法律效力"
    tx.session.flush()
    for address in ("/divisions?format=geojson", "/divisions/320102/geometry", "/edges"):
        answer = client.get(address)
        assert answer.json()["statement"] == "界线经过综合，无法律效力"
        assert unquote(answer.headers["gis-statement"]) == "UTF-8''界线经过综合，无法律效力"


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("shape", "expected"), [("json", 1), ("geojson", 2)])
def test_a_longer_list_costs_no_more_statements(
    client: TestClient, statements: Statements, shape: str, expected: int
) -> None:
    counts = []
    for limit in (1, 8):
        with statements.counted() as sent:
            client.get(f"/divisions?on=2020-06-05&limit={limit}&format={shape}")
        counts.append(len(sent))
    assert counts == [expected, expected]


def test_one_unit_is_told_in_full(client: TestClient, ids: dict[str, str]) -> None:
    by_code = client.get("/divisions/320100?on=2020-06-05")
    told = by_code.json()
    assert [unit["code"] for unit in told["superiors"]] == ["320000"]
    assert told["inferiors"] == {"count": 2, "codes": ["320102", "320104"]}
    assert [version["code"] for version in told["versions"]] == ["320100"]
    assert told["on"] == by_code.headers["gis-on"] == "2020-06-05"
    assert client.get(f"/divisions/{ids['320100']}?on=2020-06-05").json() == told


def test_the_geometry_of_one_unit_is_a_feature(client: TestClient, ids: dict[str, str]) -> None:
    told = client.get("/divisions/320102/geometry?on=2020-06-05").json()
    assert (told["type"], told["id"], told["on"]) == ("Feature", ids["A"], "2020-06-05")
    assert told["properties"]["name"] == "甲区"
    assert shapely.geometry.shape(told["geometry"]).bounds == pytest.approx((119.0, 31.99, 119.02, 32.0))


def test_a_code_of_another_day_is_explained(client: TestClient, tx: Transaction, ids: dict[str, str]) -> None:
    end(tx, UUID(ids["C"]), on=ENDING, instrument_id=an_act(tx))
    assert client.get("/divisions/320205?on=2020-06-04").status_code == 200
    for reference in ("320205", ids["C"]):
        answer = client.get(f"/divisions/{reference}?on=2020-06-05")
        assert answer.status_code == 404
        assert "海丙市" in answer.json()["way_out"]
        assert "2020-01-01 至 2020-06-05" in answer.json()["way_out"]


def test_history_is_told_whether_or_not_the_unit_still_stands(
    client: TestClient, tx: Transaction, ids: dict[str, str]
) -> None:
    end(tx, UUID(ids["C"]), on=ENDING, instrument_id=an_act(tx))
    [unit] = client.get("/divisions/320205/history").json()["units"]
    assert unit["id"] == ids["C"]
    [version] = unit["versions"]
    assert (version["valid_from"], version["valid_to"]) == (str(BEGINNING), str(ENDING))
    assert version["ended_by"] == "国函〔2020〕1号"


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize("address", ["", "/geometry", "/history"])
@pytest.mark.parametrize("reference", ["320199", "320199001", "320199001001", str(UUID(int=1))])
def test_unknown_units_are_not_found(client: TestClient, reference: str, address: str) -> None:
    answer = client.get(f"/divisions/{reference}{address}")
    assert answer.status_code == 404
    assert answer.json()["way_out"]


@pytest.mark.usefixtures("ids")
def test_units_within_an_unknown_unit_are_not_found(client: TestClient) -> None:
    assert client.get("/divisions?within=990000").status_code == 404


def test_a_misspelt_parameter_is_refused_and_the_right_ones_are_named(client: TestClient) -> None:
    answer = client.get("/divisions?date=2020-06-05")
    assert answer.status_code == 422
    assert "date" in answer.json()["detail"]
    assert "on" in answer.json()["way_out"]
