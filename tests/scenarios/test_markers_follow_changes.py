"""Units merge, are converted and are restored: every marker stands on exactly the lines of its place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries import courses_on, lines_in_force
from gis_service.registers.markers.commands import NewMarker, Position, register_markers
from gis_service.registers.markers.queries import markers_on
from gis_service.registers.markers.queries.around import lines_near, markers_near
from tests.support.changes import ACT, CONVERSION, DAY, EVE, MERGE, a_proposal, approved, draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act

BEFORE, AFTER = date.fromisoformat(EVE), date.fromisoformat(DAY)
ON_LINE_M = 0.01


@pytest.fixture
def office(client: TestClient, sessions: sessionmaker[Session]) -> TestClient:
    """A city with a marker every few hundred metres of every line, and where lines meet."""
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        lines = lines_in_force(tx.session, on=BEGINNING)
        courses = courses_on(tx.session, lines, on=BEGINNING)
        places = {
            line.id: [courses[line.id].point_at(300.0 + 700.0 * step) for step in range(3)] for line in lines
        }
        places = {line.id: [*places[line.id], courses[line.id].point_at(0.0)] for line in lines}
        new = [
            NewMarker(
                f"{line.code[-4:]}{serial:03}Q",
                line.id,
                lines=lines_at(tx.session, point, BEGINNING),
                position=Position((point.x, point.y), "CGCS2000"),
            )
            for line in lines
            for serial, point in enumerate(places[line.id], start=1)
        ]
        register_markers(tx, new, on=BEGINNING, instrument_id=an_act(tx, "协议〔2020〕1号"))
    return client


def lines_at(session: Session, point: Point, on: date) -> tuple[UUID, ...]:
    """By the feet on all lines of the day: independent of how the service finds them."""
    lines = lines_in_force(session, on=on)
    courses = courses_on(session, lines, on=on)
    return tuple(line.id for line in lines if courses[line.id].foot(point).offset_m < ON_LINE_M)


def standing(sessions: sessionmaker[Session], on: date) -> dict[str, set[UUID]]:
    with sessions() as session:
        return {f"{each.marker.id}": set(each.lines) for each in markers_on(session, on=on)}


def belonging(sessions: sessionmaker[Session], on: date) -> dict[str, set[UUID]]:
    with sessions() as session:
        return {
            f"{each.marker.id}": set(lines_at(session, each.point, on))
            for each in markers_on(session, on=on)
            if each.point is not None
        }


@pytest.mark.parametrize(
    "operations", [(MERGE,), (CONVERSION,), (MERGE, CONVERSION)], ids=["merge", "conversion", "both"]
)
def test_markers_stand_on_the_lines_of_their_places(
    office: TestClient, sessions: sessionmaker[Session], operations: tuple[dict[str, object], ...]
) -> None:
    before = standing(sessions, BEFORE)
    assert before == belonging(sessions, BEFORE)
    number = approved(office, a_proposal(*operations))
    answer = office.post(f"/changes/{number}/enactment")
    assert answer.status_code == 200, answer.text
    touched = answer.json()["outcome"]["markers"]["touched"]
    assert touched
    assert {each["what"] for each in touched} <= {"改列界线", "不再在任何在册界线上"}
    assert standing(sessions, BEFORE) == before
    after = standing(sessions, AFTER)
    assert after == belonging(sessions, AFTER)
    assert after != before
    revoked = {**ACT, "number": "国函〔2021〕9号", "reason": "批复已被撤销", "issued_on": "2021-01-01"}
    answer = office.post(f"/changes/{number}/cancellation", json=revoked)
    assert answer.status_code == 200, answer.text
    assert standing(sessions, AFTER) == before


def test_what_is_near_is_what_is_nearest(office: TestClient, sessions: sessionmaker[Session]) -> None:
    assert office
    with sessions() as session:
        point = Point(119.013, 31.9853)
        near = lines_near(session, point.x, point.y, on=BEGINNING)
        lines = session.scalars(select(BoundaryLine)).all()
        courses = courses_on(session, lines, on=BEGINNING)
        exact = {line.id: courses[line.id].foot(point).offset_m for line in lines}
        assert {each.line.id for each in near.lines} == set(exact)
        for each in near.lines:
            assert each.distance_m == pytest.approx(exact[each.line.id], rel=5e-3)
        markers = markers_near(session, point.x, point.y, on=BEGINNING)
        assert len(markers) == 3
        assert [each.distance_m for each in markers] == sorted(each.distance_m for each in markers)
