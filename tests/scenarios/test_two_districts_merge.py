"""An office merges two districts, through HTTP only: from the application to the new map in the browser."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.rules import required_materials
from gis_service.publications.maps.commands import draw
from gis_service.publications.maps.queries import sheets_listed
from gis_service.registers.boundaries.queries.proofs import days_of_change, prove_day, prove_timeless
from tests.support.changes import ACT, DAY, EVE, a_proposal, draw_city, file_materials
from tests.support.factories import NOW, REGISTRAR


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def office(client: TestClient, sessions: sessionmaker[Session], home: Path) -> TestClient:
    install(client.app, Settings(home=home))
    draw_city(sessions)
    return client


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def codes(client: TestClient, on: str) -> set[str]:
    listed = told(client.get(f"/divisions?level=county&on={on}"))
    return {unit["code"] for unit in listed["items"]}


def lines(client: TestClient, on: str) -> dict[str, float]:
    listed = told(client.get(f"/boundary-lines?on={on}"))
    return {line["name"]: line["length_km"] for line in listed["items"]}


def worker_draws(sessions: sessionmaker[Session], home: Path) -> None:
    """What `sheets draw --stale` does between requests."""
    with sessions() as session:
        waiting = [sheet.id for sheet in sheets_listed(session, stale=True)]
    for sheet in waiting:
        with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
            draw(tx, sheet, Settings(home=home).editions_dir)


def test_two_districts_merge_and_a_city_becomes_a_district(
    office: TestClient, sessions: sessionmaker[Session], home: Path
) -> None:
    rehearsed = told(office.post("/changes/check", json=a_proposal()))
    assert rehearsed["blocking"], "without its documents an application cannot go out"

    case = told(office.post("/changes", json=a_proposal()), 201)
    address = f"/changes/{case['number']}"
    refused = told(office.post(f"{address}/submission"), 422)
    [missing] = [finding for finding in refused["findings"] if finding["severity"] == "blocking"]
    assert all(title in missing["message"] for title in required_materials().values())

    file_materials(office, case["number"])
    rehearsed = told(office.post(f"{address}/check"))
    assert not rehearsed["blocking"]
    assert codes(office, DAY) == codes(office, EVE), "a rehearsal changes nothing"

    told(office.post(f"{address}/submission"))
    told(office.post(f"{address}/approval", json=dict(ACT)))
    enacted = told(office.post(f"{address}/enactment"))
    assert enacted["outcome"]["lines"] == rehearsed["outcome"]["lines"]

    assert codes(office, EVE) == {"320602", "320611", "320684", "320612", "320509"}
    assert codes(office, DAY) == {"320613", "320614", "320612", "320509"}
    before, after = lines(office, EVE), lines(office, DAY)
    assert "崇川—港闸线" in before
    assert "崇川—港闸线" not in after
    ended = {line["name"]: line["length_km"] for line in enacted["outcome"]["lines"]["ended"]}
    assert {name: before[name] for name in ended} == pytest.approx(ended)
    area = {day: sum(_areas(office, day)) for day in (EVE, DAY)}
    assert area[DAY] == pytest.approx(area[EVE], abs=1e-6)

    waiting = told(office.get("/sheets?stale=true"))["items"]
    assert {(sheet["type_name"], len(sheet["editions"])) for sheet in waiting} == {
        ("变更前后对照图", 0),
        ("行政区域界线图", 0),
    }
    worker_draws(sessions, home)
    assert not told(office.get("/sheets?stale=true"))["items"]
    [sheet] = told(office.get("/sheets?type=change"))["items"]
    assert ACT["number"] in sheet["title"]
    [edition] = sheet["editions"]
    assert edition["valid_on"] == DAY
    for file in edition["files"]:
        drawn = office.get(file["address"])
        assert drawn.status_code == 200
        assert sha256(drawn.content).hexdigest() == file["sha256"]
        assert drawn.headers["etag"] == f'"{file["sha256"]}"'
        starts = {"pdf": b"%PDF-", "html": b"<!DOCTYPE html>"}[file["format"]]
        assert drawn.content.startswith(starts)
    page = office.get("/").text
    assert sheet["title"] in page
    assert edition["files"][0]["address"].removeprefix("/") in page
    with sessions() as session:
        assert not prove_timeless(session)
        assert not [finding for day in days_of_change(session) for finding in prove_day(session, on=day)]


def _areas(client: TestClient, on: str) -> list[float]:
    return [unit["area_km2"] for unit in told(client.get(f"/divisions?level=county&on={on}"))["items"]]
