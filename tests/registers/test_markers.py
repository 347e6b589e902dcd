"""Markers: entered once under a number for ever, read on any day with all that is known of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from gis_service.foundation.errors import Conflict
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries import course_on
from gis_service.registers.markers.commands import Bearing, NewMarker, Position, register_markers
from gis_service.registers.markers.models import MarkerState, Placement
from gis_service.registers.markers.queries import marker_on, markers_along, markers_of_lines, markers_on
from tests.support.factories import BEGINNING, an_act, drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
EVE = date(2019, 12, 31)


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB AABB", UNITS)


@pytest.fixture
def line(tx: Transaction, ids: dict[str, UUID]) -> BoundaryLine:
    assert ids
    return tx.session.scalars(select(BoundaryLine)).one()


def at(lon: float, lat: float) -> Position:
    return Position((lon, lat), "CGCS2000", zone_width=3, zone=40, x=3541852.4, y=40405000.1, method="GNSS")


def a_marker(line: BoundaryLine, number: str, lat: float, **known: object) -> NewMarker:
    return NewMarker(number, line.id, position=at(119.02, lat), **known)  # type: ignore[arg-type]


def test_a_marker_is_read_with_all_that_is_known_of_it(
    tx: Transaction, ids: dict[str, UUID], line: BoundaryLine
) -> None:
    new = a_marker(
        line,
        "0204001Q",
        31.995,
        managing_id=ids["A"],
        sides={ids["A"]: "甲区某镇某村", ids["B"]: "乙区某乡某村"},
        bearings=(Bearing(2, "水塔", 181.5, 60.2), Bearing(1, "庙", 12.25, 80.0, (119.021, 31.996))),
        state=MarkerState.intact,
    )
    act = an_act(tx)
    assert register_markers(tx, [new], on=BEGINNING, instrument_id=act) == [new.id]
    found = marker_on(tx.session, new.id, on=BEGINNING)
    assert found is not None
    assert found.number == "0204001Q"
    assert found.version.placement == Placement.single
    assert found.point == Point(119.02, 31.995)
    assert found.position is not None
    assert (found.position.zone, found.position.y, found.position.method) == (40, 40405000.1, "GNSS")
    assert [bearing.name for bearing in found.bearings] == ["庙", "水塔"]
    assert found.sides == {ids["A"]: "甲区某镇某村", ids["B"]: "乙区某乡某村"}
    assert found.lines == (line.id,)
    assert found.state is MarkerState.intact
    assert marker_on(tx.session, new.id, on=EVE) is None


def test_markers_stand_along_their_line(tx: Transaction, line: BoundaryLine) -> None:
    several = [
        a_marker(line, f"020400{number}Q", lat) for number, lat in ((1, 31.998), (3, 31.972), (2, 31.99))
    ]
    register_markers(tx, several, on=BEGINNING, instrument_id=an_act(tx))
    [own] = markers_of_lines(tx.session, [line.id], on=BEGINNING).values()
    course = course_on(tx.session, line, on=BEGINNING)
    assert course is not None
    along = markers_along(course, own)
    assert [marker.number for _, marker in along] == ["0204001Q", "0204002Q", "0204003Q"]
    assert all(foot.side == "上" for foot, _ in along)


def test_a_number_is_never_used_again_on_its_line(tx: Transaction, line: BoundaryLine) -> None:
    act = an_act(tx)
    register_markers(tx, [a_marker(line, "0204001Q", 31.99)], on=BEGINNING, instrument_id=act)
    with pytest.raises(Conflict, match="0204001Q"):
        register_markers(tx, [a_marker(line, "0204001Q", 31.98)], on=BEGINNING, instrument_id=act)


def test_pages_follow_one_another(tx: Transaction, line: BoundaryLine) -> None:
    several = [a_marker(line, f"02040{number:02}Q", 31.99) for number in range(1, 8)]
    register_markers(tx, several, on=BEGINNING, instrument_id=an_act(tx))
    first = markers_on(tx.session, on=BEGINNING, limit=4)
    last = first[-1]
    rest = markers_on(tx.session, on=BEGINNING, after=(last.number, last.marker.id))
    assert [each.number for each in first + rest] == [new.number for new in several]


def test_the_journal_names_the_markers_of_each_line(tx: Transaction, line: BoundaryLine) -> None:
    register_markers(tx, [a_marker(line, "0204001Q", 31.99)], on=BEGINNING, instrument_id=an_act(tx))
    [entry] = [entry for entry in tx.entries if entry["command"] == "markers.register"]
    assert entry["after"] == {"0204001Q": [119.02, 31.99]}
