"""Reading markers over HTTP, and asking what lies around a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web.installation import install
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.markers.commands import (
    Attachment,
    NewMarker,
    NewTriPoint,
    Seen,
    attach_files,
    observe_markers,
    register_markers,
    register_tri_points,
)
from gis_service.registers.markers.models import MarkerFileKind, MarkerState
from tests.registers.test_marker_commands import LATER, UNITS, at
from tests.registers.test_marker_rules import a_photo
from tests.support.factories import BEGINNING, an_act, drawn
from tests.support.web import Statements

ON = f"on={LATER}"
STATEMENTS = 12
PLACES = {"0204001Q": 31.995, "0204002Q": 31.99, "0204003Q": 31.985, "0204004Q": 31.981}


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB CCBB", UNITS)


@pytest.fixture
def line(tx: Transaction, ids: dict[str, UUID]) -> BoundaryLine:
    sides = {ids["A"], ids["B"]}
    lines = tx.session.scalars(select(BoundaryLine))
    return next(each for each in lines if {each.first_id, each.second_id} == sides)


@pytest.fixture
def markers(tx: Transaction, ids: dict[str, UUID], line: BoundaryLine) -> dict[str, UUID]:
    new = [
        NewMarker(
            number,
            line.id,
            position=at(119.02, lat),
            managing_id=ids["A"],
            sides={ids["A"]: "某村"},
            custodian="某人",
        )
        for number, lat in PLACES.items()
    ]
    made = register_markers(tx, new, on=BEGINNING, instrument_id=an_act(tx, "协议〔2021〕1号"))
    return dict(zip(PLACES, made, strict=True))


def test_markers_are_listed_page_by_page(client: TestClient, markers: dict[str, UUID]) -> None:
    first = client.get(f"/markers?{ON}&limit=3").json()
    rest = client.get(first["next"]).json()
    assert [each["number"] for each in first["items"] + rest["items"]] == list(markers)
    assert first["items"][0]["lines"][0]["name"] == "甲区—乙区线"
    assert (
        client.get(f"/markers?{ON}&bbox=119.01,31.98,119.03,31.992").json()["items"][0]["number"]
        == "0204002Q"
    )
    assert client.get(f"/markers?{ON}&managing=320104").json()["items"] == []
    assert len(client.get(f"/markers?{ON}&managing=320102&line=0204").json()["items"]) == 4
    drawn_ = client.get(f"/markers?{ON}&number=0204001Q&format=geojson").json()
    assert drawn_["features"][0]["geometry"] == {"type": "Point", "coordinates": [119.02, 31.995]}
    assert client.get("/markers?on=2019-12-31").json()["items"] == []


def test_one_marker_tells_all_that_is_known(
    client: TestClient, tx: Transaction, markers: dict[str, UUID], tmp_path: Path
) -> None:
    install(client.app, Settings(home=tmp_path))
    marker, act = markers["0204001Q"], an_act(tx, "巡查〔2021〕1号", on=date(2021, 4, 1))
    damaged = Seen(marker, LATER, MarkerState.damaged, "某局", found=(119.0201, 31.995))
    observe_markers(tx, [damaged], instrument_id=act)
    content = a_photo(located=True)
    photo = Attachment(marker, MarkerFileKind.photo, "东面.jpg", content)
    attach_files(tx, [photo], on=LATER, instrument_id=act, store=FileStore(tmp_path))
    FileStore(Settings(home=tmp_path).files_dir).keep(content)
    told = client.get(f"/markers/{marker}?{ON}").json()
    assert (told["state"], told["sides"][0]["location"], told["is_entrusted"]) == ("损坏", "某村", True)
    assert told["observations"][0]["instrument"] == "巡查〔2021〕1号"
    assert "某人" not in str(told)
    [file] = told["files"]
    assert client.get(f"/markers/{marker}/files/{file['sha256']}").content == content
    assert [each["number"] for each in client.get(f"/markers?{ON}&state=损坏").json()["items"]] == [
        "0204001Q"
    ]
    assert client.get(f"/markers/{marker}?on=2019-12-31").status_code == 404
    assert client.get(f"/markers/{marker}/files/{'0' * 64}").status_code == 404


@pytest.mark.usefixtures("markers")
def test_markers_stand_along_the_line_from_its_beginning(client: TestClient) -> None:
    told = client.get(f"/boundary-lines/0204/markers?{ON}").json()["items"]
    assert [each["number"] for each in told] == list(PLACES)
    assert [each["chainage_m"] for each in told] == sorted(each["chainage_m"] for each in told)
    assert {each["side"] for each in told} == {"上"}


@pytest.mark.usefixtures("markers")
def test_what_lies_around_a_place(client: TestClient) -> None:
    told = client.get(f"/nearest?lon=119.013&lat=31.9951&{ON}").json()
    assert [unit["code"] for unit in told["sides"][0]] == ["320000", "320100", "320102"]
    assert [each["number"] for each in told["markers"]] == list(PLACES)[:3]
    assert told["markers"][0]["direction"] == "东"
    assert told["lines"][0]["name"] == "甲区—乙区线"
    assert told["lines"][0]["distance_m"] == pytest.approx(661.3, abs=2.0)
    assert told["within_m"] is None
    nowhere = client.get(f"/nearest?lon=32&lat=119&{ON}")
    assert nowhere.status_code == 422


@pytest.mark.usefixtures("markers")
def test_a_place_takes_few_statements(client: TestClient, statements: Statements) -> None:
    client.get(f"/nearest?lon=119.013&lat=31.9951&{ON}")
    with statements.counted() as sent:
        client.get(f"/nearest?lon=119.014&lat=31.9951&{ON}")
    assert len(sent) <= STATEMENTS, sent


def test_tri_points_are_listed(client: TestClient, tx: Transaction, ids: dict[str, UUID]) -> None:
    new = [
        NewTriPoint(name, (119.02, 31.98), (ids["A"], ids["B"], ids["C"]))
        for name in ("甲乙丙交点", "另一交点")
    ]
    register_tri_points(tx, new, on=BEGINNING, instrument_id=an_act(tx, "协议〔2021〕1号"))
    first = client.get(f"/tri-points?{ON}&limit=1").json()
    rest = client.get(first["next"]).json()
    assert [each["name"] for each in first["items"] + rest["items"]] == ["另一交点", "甲乙丙交点"]
    assert [unit["code"] for unit in first["items"][0]["units"]] == ["320102", "320104", "320105"]
    assert len(client.get(f"/tri-points?{ON}&unit=320105").json()["items"]) == 2
