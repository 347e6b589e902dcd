"""Keeping markers at the keyboard: see, list, show, move, scrap, attach, and what lies around a place."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.markers.commands import (
    NewMarker,
    NewTriPoint,
    register_markers,
    register_tri_points,
)
from tests.cli.conftest import Desk
from tests.registers.test_marker_commands import UNITS, at
from tests.registers.test_marker_rules import a_photo
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn

ON = ("--on", "2021-05-01")
BY = ("--by", "协议〔2021〕1号")


@pytest.fixture
def office(desk: Desk) -> Desk:
    return furnished(desk)


def furnished(desk: Desk) -> Desk:
    """Three districts and two markers."""
    desk.run("divisions", "list")  # brings the database up to date
    engine = desk.engine()
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
        ids = drawn(tx, "AABB AABB CCBB", UNITS)
        line = _between(tx.session.scalars(select(BoundaryLine)).all(), ids["A"], ids["B"])
        act = an_act(tx, BY[1])
        new = [
            NewMarker(f"020400{n}Q", line, position=at(119.02, 32 - n / 200), managing_id=ids["A"])
            for n in (1, 2)
        ]
        register_markers(tx, new, on=BEGINNING, instrument_id=act)
        met = NewTriPoint("甲乙丙交点", (119.02, 31.98), (ids["A"], ids["B"], ids["C"]))
        register_tri_points(tx, [met], on=BEGINNING, instrument_id=act)
    engine.dispose()
    return desk


def _between(lines: object, one: UUID, other: UUID) -> UUID:
    assert isinstance(lines, list)
    return next(line.id for line in lines if {line.first_id, line.second_id} == {one, other})


def test_markers_are_kept_at_the_keyboard(office: Desk, tmp_path: Path) -> None:
    assert [each["number"] for each in office.json("markers", "list", "--line", "0204", *ON)] == [
        "0204001Q",
        "0204002Q",
    ]
    seen = ("markers", "observe", "0204001", "损坏", *BY, "--observer", "某局", *ON)
    assert not office.json(*seen, "--dry-run")["written"]
    assert office.json("markers", "show", "0204001Q", *ON)["observations"] == []
    assert office.json(*seen)["written"]
    refused = office.json(*seen, "--action", "修复", code=1)
    assert refused["findings"][0]["rule"] == "R-BND-12"
    there = ("markers", "relocate", "0204001Q", "119.02", "31.994", *BY, *ON, "--agreed", "320102")
    assert office.json(*there, code=1)["findings"][0]["rule"] == "R-BND-13"
    papers = ("--agreed", "320104", "--survey", BY[1], "--filing", BY[1])
    assert office.json(*there, *papers, "--application", BY[1])["written"]
    photo = tmp_path / "东面.jpg"
    photo.write_bytes(a_photo(located=False))
    assert office.json("markers", "attach", "0204001Q", photo, *BY, *ON)["findings"][0]["rule"] == "R-MRK-15"
    told = office.json("markers", "show", "0204001Q", *ON)
    assert (told["lat"], len(told["positions"]), len(told["files"])) == (31.994, 2, 1)
    assert [each["role"] for each in told["papers"]] == ["申请", "协议", "共同测量", "备案"]
    assert [unit["code"] for unit in told["papers"][1]["signed_by"]] == ["320102", "320104"]
    shown = office.run("markers", "show", "0204001Q", *ON).output
    assert "移位、增设的文件" in shown
    office.run("markers", "scrap", "0204002Q", *BY, "--reason", "修路", *ON)
    assert "0204002Q" not in office.run("markers", "list", *ON).output
    office.run(
        "markers", "observe", "0204001Q", "完好", "--by", "无此文号", "--observer", "某局", *ON, code=1
    )


def test_what_lies_around_is_told(office: Desk) -> None:
    told = office.json("nearest", "119.013", "31.9951", *ON)
    assert [each["number"] for each in told["markers"]] == ["0204001Q", "0204002Q"]
    assert "甲区" in office.run("nearest", "119.013", "31.9951", *ON).output
    office.run("nearest", "31.9951", "119.013", *ON, code=2)
    assert [each["name"] for each in office.json("markers", "tri-points", *ON)] == ["甲乙丙交点"]
    [met] = office.json("markers", "tri-points", "--candidates", "county", *ON)
    assert met == {"name": "甲区、乙区、丙区", "lon": 119.02, "lat": 31.98}
