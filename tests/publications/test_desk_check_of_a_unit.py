"""A unit checks its own border: its stretch of a higher line, and what ran there before it was set up."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.publications.checks.queries import lines_within
from gis_service.registers.boundaries.queries import course_on, line_named
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.markers.commands import NewMarker, Position, register_markers
from tests.support.changes import DAY, EVE, MERGE, a_proposal, approved, draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act

CITIES = "0506"  # between 苏州 and 南通; 海门 and 通州 are sides of it, 崇川 is not


@pytest.fixture
def city(client: TestClient, sessions: sessionmaker[Session]) -> TestClient:
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        line = line_named(tx.session, CITIES, on=BEGINNING)
        course = course_on(tx.session, line, on=BEGINNING)
        assert course is not None
        places = [course.point_at(course.length_m * share) for share in (0.1, 0.9)]
        new = [
            NewMarker(f"{CITIES}{serial}Q", line.id, position=Position((at.x, at.y), "CGCS2000"))
            for serial, at in zip(("001", "003"), places, strict=True)
        ]
        county = division_by_code(tx.session, "320612", on=BEGINNING).division_id
        new.append(NewMarker(f"{CITIES}004Q", line.id, sides={county: "某村"}))
        register_markers(tx, new, on=BEGINNING, instrument_id=an_act(tx))
    return client


def _checked(client: TestClient, line: str, on: str = EVE, **asked: Any) -> Any:
    answer = client.get(f"/boundary-lines/{line}/check", params={"on": on} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _about(check: Any, rule: str) -> list[str]:
    return [each["subject"] for each in check["findings"] if each["rule"] == rule]


def test_a_county_checks_its_stretch_of_a_city_line(city: TestClient) -> None:
    whole = _checked(city, CITIES)
    assert whole["whole"]
    assert whole["markers"] == 3
    assert _about(whole, "R-MRK-03") == ["3205—3206线"]  # 002 lacks: told of the whole line only
    west, east = _checked(city, CITIES, within="320684"), _checked(city, CITIES, within="320612")
    assert [each["unit"]["name"] for each in (west, east)] == ["海门市", "通州区"]
    [[first], [second]] = west["stretches"], east["stretches"]
    assert first["from_m"] == 0.0
    assert first["to_m"] == second["from_m"]
    assert second["to_m"] == whole["to_m"]
    assert not west["whole"]
    assert "R-MRK-03" not in {each["rule"] for each in west["findings"]}
    assert set(_about(west, "R-MRK-14")) == {"0506001Q"}
    assert set(_about(east, "R-MRK-14")) == {
        "0506003Q",
        "0506004Q",
    }  # 004Q by what is told
    assert (west["markers"], east["markers"]) == (1, 2)
    assert "吴江区、海门市、通州区" in _about(west, "R-BND-09")  # at its end
    assert _checked(city, CITIES, within="320600")["whole"]


def test_a_unit_that_is_nowhere_a_side_is_refused(city: TestClient) -> None:
    answer = city.get(f"/boundary-lines/{CITIES}/check", params={"on": EVE, "within": "320602"})
    assert answer.status_code == 422
    assert "不在3205—3206线的任何一侧" in answer.text


@pytest.mark.usefixtures("city")
def test_a_jurisdiction_has_the_lines_along_its_border(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        named = {line.name for line in lines_within(session, "320684", on=BEGINNING)}
        other = {line.name for line in lines_within(session, "320602", on=BEGINNING)}
    assert "3205—3206线" in named
    assert "3205—3206线" not in other
    assert "崇川—海门线" in named & other


def test_a_line_of_a_new_unit_is_held_against_those_that_ran_there(city: TestClient) -> None:
    number = approved(city, a_proposal(MERGE))
    assert city.post(f"/changes/{number}/enactment").status_code == 200
    previous = _checked(city, "1213", DAY)["previous"]
    assert previous["since"] == EVE
    assert {each["name"] for each in previous["lines"]} == {"港闸—通州线"}
    assert previous["match"]["same"]
    assert previous["difference_km"] == 0.0
    both = _checked(city, "1384", DAY)
    assert {each["name"] for each in both["previous"]["lines"]} == {"崇川—海门线"}
    assert any(
        "崇川—海门线（0284）" in each["message"] for each in both["findings"] if each["rule"] == "R-BND-23"
    )
    assert _checked(city, CITIES, DAY)["previous"] is None  # the line of the cities runs as it did
