"""Units merge, are converted and are restored: features are listed under the units that hold them."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.registers.divisions.queries import ids_by_code
from gis_service.registers.placenames.commands import (
    NewFeature,
    NewName,
    NewShape,
    enter_features,
    follow_divisions,
)
from gis_service.registers.placenames.models import ShapeRole
from gis_service.registers.placenames.queries import Wanted, records_on
from gis_service.registers.placenames.rules.listing import Change, Lying, listed_after
from tests.support.changes import ACT, CONVERSION, DAY, EVE, MERGE, a_proposal, approved, draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act

BEFORE, AFTER = date.fromisoformat(EVE), date.fromisoformat(DAY)
IN_A, IN_B = Point(119.005, 31.995), Point(119.025, 31.995)


@pytest.fixture
def office(client: TestClient, sessions: sessionmaker[Session]) -> TestClient:
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = ids_by_code(tx.session, ["320602", "320611", "320684", "320600"], on=BEGINNING)
        placed = {"桥": (IN_A, ["320602"]), "山": (None, ["320684"]), "河": (IN_B, ["320611", "320684"])}
        placed |= {"塔": (IN_A, ["320600"])}
        new = [
            NewFeature(
                (NewName(f"某{name}"),),
                "23610",
                tuple(units[code] for code in codes),
                () if point is None else (NewShape(ShapeRole.point, point),),
            )
            for name, (point, codes) in placed.items()
        ]
        enter_features(tx, new, on=BEGINNING, instrument_id=an_act(tx, "普查〔2014〕1号"))
        assert follow_divisions(tx) == 8
    return client


def listed(sessions: sessionmaker[Session], on: date) -> dict[str | None, list[str]]:
    with sessions() as session:
        return {each.name: each.divisions for each in records_on(session, Wanted(), on=on)}


def test_features_follow_units_and_are_given_back(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    before = listed(sessions, BEFORE)
    number = approved(office, a_proposal(MERGE, CONVERSION))
    answer = office.post(f"/changes/{number}/enactment")
    assert answer.status_code == 200, answer.text
    assert listed(sessions, BEFORE) == before
    after = listed(sessions, AFTER)
    assert (after["某桥"], after["某山"]) == (["320613"], ["320614"])
    assert (after["某河"], after["某塔"]) == (["320613", "320614"], ["320600"])
    assert (after["崇川区"], after["海门区"], after["通州区"]) == (["320613"], ["320614"], ["320612"])
    assert "海门市" not in after
    bridge = office.get(f"/placenames?on={DAY}&within=320613&class=2361").json()["items"][0]
    history = office.get(f"/placenames/{bridge['id']}/history").json()
    assert [each["begun_by"] for each in history["versions"]] == ["普查〔2014〕1号", ACT["number"]]
    revoked = {**ACT, "number": "国函〔2021〕9号", "reason": "批复已被撤销", "issued_on": "2021-01-01"}
    answer = office.post(f"/changes/{number}/cancellation", json=revoked)
    assert answer.status_code == 200, answer.text
    assert listed(sessions, AFTER) == before


A, B, C, TOP = (uuid4() for _ in range(4))
LEVELS = {A: "county", B: "county"}


@pytest.mark.parametrize(
    ("units", "ended", "successors", "lying", "wanted"),
    [
        ([A], {A}, {A: {B, C}}, Lying((), ()), ([A], [A])),  # split, no place known
        ([A], {A}, {}, Lying((), ()), ([A], [A])),
        ([A], {A}, {A: {B, C}}, Lying([{"county": A}], [{"county": C}]), ([C], [])),
        ([A], {A}, {A: {B, C}}, Lying([{"county": A}], [{"county": B}, {"county": C}]), ([A], [A])),
        ([A, B], {A}, {A: {B}}, Lying([], []), ([B], [])),  # what crossed a border lies within now
        ([A], set(), {}, Lying([{"county": A}], [{"county": B}]), ([B], [])),  # the area moved
        ([A], set(), {}, Lying([{"county": B}], [{"county": C}]), ([A], [])),  # it never lay there
        ([TOP], {A}, {A: {B}}, Lying([{"county": A}], [{"county": B}]), ([TOP], [])),
    ],
)
def test_where_a_feature_is_listed(
    units: list[UUID],
    ended: set[UUID],
    successors: dict[UUID, set[UUID]],
    lying: Lying,
    wanted: tuple[list[UUID], list[UUID]],
) -> None:
    known = {unit: frozenset(of) for unit, of in successors.items()}
    assert listed_after(units, Change(frozenset(ended), LEVELS, known), lying) == wanted
