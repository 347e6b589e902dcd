"""Reading lines and edges over HTTP: everything is sewn from edges stored once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands import (
    Claim,
    IndicatorFacts,
    LineFacts,
    Surveyed,
    Use,
    claim_line,
    record_line,
    register_indicator,
    register_use,
    survey_edges,
)
from gis_service.registers.boundaries.models import CrossLineKind
from gis_service.registers.boundaries.queries import (
    border_between,
    line_named,
    lines_in_force,
    measured,
)
from gis_service.registers.divisions.queries import division_by_code
from tests.support.factories import BEGINNING, an_act, drawn
from tests.support.web import Statements

UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320205", "丙区"),
    "D": ("340103", "丁区"),
    "E": ("320106", "戊区"),
    "F": ("340104", "己区"),
}
DRAWING = """
AAB
CCD
EEF
"""


@pytest.fixture
def ids(tx: Transaction) -> dict[str, str]:
    return {key: str(unit) for key, unit in drawn(tx, DRAWING, UNITS).items()}


def shape_of(feature: dict[str, object]) -> BaseGeometry:
    return shapely.geometry.shape(feature["geometry"])


@pytest.mark.usefixtures("ids")
def test_lines_are_listed_by_code_with_sides_and_stretches(client: TestClient) -> None:
    told = client.get("/boundary-lines?code=3234").json()
    [line] = told["items"]
    assert (line["name"], line["level"]) == ("苏皖线", "province")
    assert [side["code"] for side in line["sides"]] == ["320000", "340000"]
    assert [(stretch["low"], stretch["high"]) for stretch in line["stretches"]] == [
        ("320104", "340103"),
        ("320106", "340104"),
        ("320205", "340103"),
    ]
    assert line["length_km"] == pytest.approx(sum(stretch["length_km"] for stretch in line["stretches"]))


@pytest.mark.usefixtures("ids")
def test_lengths_agree_with_the_register_of_lines(client: TestClient, tx: Transaction) -> None:
    known = {
        str(found.line.id): (found.length_km, len(found.stretches))
        for found in measured(tx.session, lines_in_force(tx.session, on=BEGINNING), on=BEGINNING)
    }
    told = client.get(f"/boundary-lines?on={BEGINNING}").json()["items"]
    assert {line["id"]: (pytest.approx(line["length_km"]), len(line["stretches"])) for line in told} == known


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=province", ["苏皖线"]),
        ("side=320000", ["苏皖线"]),
        ("side=340103", ["丁区—己区线"]),
        ("level=province&side=340103", []),
        ("code=9999", []),
    ],
)
def test_lists_of_lines_are_narrowed(client: TestClient, query: str, expected: list[str]) -> None:
    assert [line["name"] for line in client.get(f"/boundary-lines?{query}").json()["items"]] == expected


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize("shape", ["json", "geojson"])
def test_pages_of_lines_hold_every_line_once(client: TestClient, shape: str) -> None:
    address, seen = f"/boundary-lines?limit=2&format={shape}", []
    while address:
        told = client.get(address).json()
        items = told.get("items") or [feature["properties"] for feature in told["features"]]
        seen += [line["id"] for line in items]
        address = told.get("next")
    assert len(seen) == len(set(seen)) == len(client.get("/boundary-lines").json()["items"])


@pytest.mark.usefixtures("ids")
def test_lines_as_geojson_are_the_borders_between_their_sides(client: TestClient, tx: Transaction) -> None:
    for feature in client.get("/boundary-lines?format=geojson").json()["features"]:
        one, other = (
            division_by_code(tx.session, side["code"], on=BEGINNING).division_id
            for side in feature["properties"]["sides"]
        )
        assert shape_of(feature).equals(border_between(tx.session, one, other, on=BEGINNING))


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("shape", "expected"), [("json", 5), ("geojson", 7)])
def test_a_longer_list_of_lines_costs_no_more_statements(
    client: TestClient, statements: Statements, shape: str, expected: int
) -> None:
    counts = []
    for limit in (1, 5):
        with statements.counted() as sent:
            client.get(f"/boundary-lines?limit={limit}&format={shape}")
        counts.append(len(sent))
    assert counts == [expected, expected]


@pytest.mark.usefixtures("ids")
def test_one_line_is_a_feature_found_by_code_or_id(client: TestClient) -> None:
    by_code = client.get("/boundary-lines/3234").json()
    assert by_code["properties"]["name"] == "苏皖线"
    assert client.get(f"/boundary-lines/{by_code['id']}").json() == by_code


def test_a_code_that_several_lines_share_means_the_highest_level_or_is_refused(
    client: TestClient, tx: Transaction
) -> None:
    two_cities = {
        "A": ("320102", "甲区"),
        "B": ("320104", "乙区"),
        "C": ("320202", "丙区"),
        "D": ("320204", "丁区"),
    }
    drawn(tx, "AB CD", two_cities)
    answer = client.get("/boundary-lines/0204")
    assert answer.status_code == 409
    assert "甲区—乙区线" in answer.json()["way_out"]
    assert "丙区—丁区线" in answer.json()["way_out"]


@pytest.mark.usefixtures("ids")
def test_any_two_units_have_a_border_of_their_own(client: TestClient) -> None:
    told = client.get("/boundary-lines/between?one=320100&other=340103").json()
    assert told["properties"]["touching"] is True
    assert [stretch["low"] for stretch in told["properties"]["stretches"]] == ["320104"]
    assert shape_of(told).bounds == pytest.approx((119.02, 31.99, 119.03, 31.99))


@pytest.mark.usefixtures("ids")
def test_units_apart_have_no_border(client: TestClient) -> None:
    told = client.get("/boundary-lines/between?one=320102&other=340104").json()
    assert told["geometry"] is None
    assert (told["properties"]["touching"], told["properties"]["length_km"]) == (False, 0)


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("one", "other"), [("320000", "320102"), ("320102", "320000"), ("320102", "320102")])
def test_there_is_no_border_between_a_whole_and_its_part(client: TestClient, one: str, other: str) -> None:
    answer = client.get(f"/boundary-lines/between?one={one}&other={other}")
    assert answer.status_code == 422
    assert "之内" in answer.json()["detail"]


@pytest.mark.usefixtures("ids")
def test_edges_know_the_units_on_their_sides(client: TestClient) -> None:
    told = client.get("/edges").json()
    sides = {
        frozenset((edge["properties"]["left"], edge["properties"]["right"])) for edge in told["features"]
    }
    assert frozenset(("320102", "320104")) in sides
    assert frozenset(("320102", None)) in sides
    for edge in told["features"]:
        assert edge["geometry"]["type"] == "LineString"
        assert edge["properties"]["length_m"] > 900
        assert edge["properties"]["source"] == "测试数据集"


@pytest.mark.usefixtures("ids")
def test_edges_around_a_unit_are_its_outline(client: TestClient) -> None:
    around = client.get("/edges?division=320100").json()["features"]
    extent = shape_of(client.get("/divisions/320100/geometry").json())
    assert shapely.union_all([shape_of(edge) for edge in around]).equals(extent.boundary)


@pytest.mark.usefixtures("ids")
def test_edges_of_a_line_are_the_line(client: TestClient) -> None:
    edges = client.get("/edges?line=3234").json()["features"]
    line = shape_of(client.get("/boundary-lines/3234").json())
    assert shapely.union_all([shape_of(edge) for edge in edges]).equals(line)


@pytest.mark.usefixtures("ids")
def test_edges_in_a_rectangle_meet_it(client: TestClient) -> None:
    within = client.get("/edges?bbox=119.001,31.995,119.015,31.9975").json()["features"]
    everything = client.get("/edges").json()["features"]
    assert within == []
    touching = client.get("/edges?bbox=119.001,31.985,119.015,31.995").json()["features"]
    assert 0 < len(touching) < len(everything)
    rectangle = shapely.box(119.001, 31.985, 119.015, 31.995)
    assert all(shape_of(edge).intersects(rectangle) for edge in touching)


@pytest.mark.usefixtures("ids")
def test_pages_of_edges_hold_every_edge_once(client: TestClient, statements: Statements) -> None:
    address, seen, counts = "/edges?limit=4", [], []
    while address:
        with statements.counted() as sent:
            told = client.get(address).json()
        counts.append(len(sent))
        seen += [edge["id"] for edge in told["features"]]
        address = told.get("next")
    assert len(seen) == len(set(seen)) == len(client.get("/edges").json()["features"])
    assert set(counts) == {2}


@pytest.mark.usefixtures("ids")
def test_one_edge_is_a_feature(client: TestClient) -> None:
    edge = client.get("/edges?limit=1").json()["features"][0]
    told = client.get(f"/edges/{edge['id']}").json()
    assert (told["geometry"], told["properties"]) == (edge["geometry"], edge["properties"])


@pytest.mark.parametrize("address", ["/edges/", "/boundary-lines/", "/divisions/"])
def test_unknown_ids_are_not_found(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
    assert answer.json()["way_out"]


@pytest.mark.parametrize("address", ["/boundary-lines", "/edges"])
@pytest.mark.parametrize("after", ["x", "3234", "3234.x", ".", "' OR 1=1 --"])
def test_a_page_begins_only_where_one_ended(client: TestClient, address: str, after: str) -> None:
    answer = client.get(address, params={"after": after})
    assert answer.status_code == 422
    assert "next" in answer.json()["way_out"]


@pytest.fixture
def surveyed(tx: Transaction, ids: dict[str, str]) -> None:
    """苏皖线 on record, its first half surveyed and claimed, with an indicator and a use beside it."""
    line = line_named(tx.session, "3234", on=BEGINNING)
    act = an_act(tx, "国函〔2000〕1号", date(2000, 1, 1))
    facts = LineFacts(code="3299", agreement_id=act, approver="国务院", approved_on=BEGINNING)
    record_line(tx, line, replace(facts, published_length_km=9.9), on=BEGINNING, instrument_id=act)
    said = Surveyed(legal_state="已定界", follows="分水岭", follows_name="某山")
    survey_edges(tx, line, said, stretch=(0, 1500), on=BEGINNING, instrument_id=act)
    claim = Claim("第一段", {UUID(ids["B"]): LineString([(119.0205, 32), (119.0205, 31.995)])}, (0.0, 500.0))
    claim_line(tx, line, claim, on=BEGINNING, instrument_id=act)
    canal = IndicatorFacts("沟渠", "团结渠", LineString([(119.02, 32), (119.02, 31.99)]))
    register_indicator(tx, line, canal, on=BEGINNING, instrument_id=act)
    use = Use(CrossLineKind.use, UUID(ids["B"]), UUID(ids["D"]), "某圩", consents=(act,))
    register_use(tx, line, use, on=BEGINNING, instrument_id=act)


@pytest.mark.usefixtures("surveyed")
def test_a_line_is_found_by_the_code_on_record_and_told_with_it(client: TestClient) -> None:
    assert client.get("/boundary-lines/3234").status_code == 404
    told = client.get("/boundary-lines/3299").json()["properties"]
    assert (told["name"], told["record"]["agreement"]) == ("苏皖线", "国函〔2000〕1号")
    assert (told["runs"], told["parts"]) == ("自北向南", 1)
    assert told["by_state"]["已定界"] == pytest.approx(1.5, abs=0.01)
    assert sum(told["by_follows"].values()) == pytest.approx(told["length_km"])
    assert told["lengths"]["difference_km"] == pytest.approx(told["length_km"] - 9.9)
    assert told["lengths"]["reasons"]
    [listed] = client.get("/boundary-lines?code=3299").json()["items"]
    assert listed["record"]["published_length_km"] == 9.9


@pytest.mark.usefixtures("surveyed")
def test_sections_of_a_line_are_told_in_its_direction(client: TestClient) -> None:
    told = client.get("/boundary-lines/3299/sections?by=state").json()
    assert [section["legal_state"] for section in told["items"]] == ["已定界", "未说明"]
    assert told["items"][-1]["to_m"] == pytest.approx(told["length_km"] * 1000)
    units = client.get("/boundary-lines/3299/sections").json()["items"]
    assert units[0]["sides"] == [["340103", "320104"]] or units[0]["sides"] == [["320104", "340103"]]
    edges = client.get("/edges?line=3299").json()["features"]
    assert {edge["properties"]["follows_name"] for edge in edges} == {"某山", None}
    assert any(edge["properties"]["cut_from"] for edge in edges)


@pytest.mark.usefixtures("surveyed")
def test_what_stands_beside_a_line_is_told_with_its_acts(client: TestClient) -> None:
    [claim] = client.get("/boundary-lines/3299/claims").json()["items"]
    assert (claim["claimant"], claim["geometry"]["type"]) == ("320104", "MultiLineString")
    [canal] = client.get("/boundary-lines/3299/indicators").json()["items"]
    assert (canal["name"], canal["instrument"]) == ("团结渠", "国函〔2000〕1号")
    [use] = client.get("/boundary-lines/3299/uses").json()["items"]
    assert (use["user"], use["host"], use["consents"]) == ("320104", "340103", ["国函〔2000〕1号"])


@pytest.mark.usefixtures("surveyed")
def test_places_along_a_line_are_found_both_ways(client: TestClient) -> None:
    place = client.get("/boundary-lines/3299/chainage?m=1200").json()
    assert (place["legal_state"], place["side"]) == ("已定界", None)
    asked = f"lon={place['lon']}&lat={place['lat']}"
    again = client.get(f"/boundary-lines/3299/chainage?{asked}").json()
    assert again["chainage_m"] == pytest.approx(1200, abs=0.1)
    assert again["side"] == "上"
    for wrong in ("", "m=1&lon=119&lat=32", "lon=119", "m=1e7"):
        assert client.get(f"/boundary-lines/3299/chainage?{wrong}").status_code == 422
