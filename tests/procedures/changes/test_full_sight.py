"""A change is computed from every fact, and told only as far as the actor may know."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.proving import prove_registers
from gis_service.foundation.access import Actor, Classification
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.foundation.web.installation import install
from gis_service.registers.boundaries.models import BoundaryLine, Edge, Extent, Face, Membership
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.divisions.commands import NewDivision, establish
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from tests.support.changes import ACT, MERGE, a_proposal, draw_city, file_materials, opened
from tests.support.factories import BEGINNING, NOW, REGISTRAR
from tests.support.offices import somebody, unit_of
from tests.support.web import client_on

Sessions = sessionmaker[Session]
HIDDEN = ("通州", "320612")


def a_hidden_paper(tx: Transaction) -> UUID:
    paper = InstrumentIn(
        number="内部数据集",
        kind=InstrumentKind.dataset,
        title="内部数据",
        issuer="测试",
        issued_on=BEGINNING,
        classification=Classification.internal,
    )
    return register_instrument(tx, paper).id


def hide(tx: Transaction, unit: UUID) -> None:
    """Let everything about a unit stand by a dataset that is not public."""
    paper, session = a_hidden_paper(tx), tx.session
    faces = list(session.scalars(select(Membership.face_id).where(Membership.division_id == unit)))
    around = or_(Edge.left_face_id.in_(faces), Edge.right_face_id.in_(faces))
    beside = or_(BoundaryLine.first_id == unit, BoundaryLine.second_id == unit)
    for hidden in (
        update(DivisionVersion).where(DivisionVersion.division_id == unit).values(begun_by=paper),
        update(Membership).where(Membership.division_id == unit).values(begun_by=paper),
        update(Extent).where(Extent.division_id == unit).values(sources=[paper]),
        update(Face).where(Face.id.in_(faces)).values(source_id=paper),
        update(Edge).where(around).values(source_id=paper),
        update(BoundaryLine).where(beside).values(begun_by=paper),
    ):
        session.execute(hidden)


@pytest.fixture
def people(sessions: Sessions) -> list[Actor]:
    """Three registrars without clearance, in a city of which a district is kept from them."""
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        hide(tx, unit_of(sessions, "320612"))
    return [
        somebody(sessions, name, "320000", clearance=Classification.public) for name in ("甲", "乙", "丙")
    ]


def test_a_change_beside_a_hidden_unit_keeps_the_registers_whole_and_the_secret(
    sessions: Sessions, people: list[Actor], tmp_path: Path
) -> None:
    drafting, deciding, enacting = (client_on(sessions, actor) for actor in people)
    install(drafting.app, Settings(home=tmp_path))
    assert drafting.get("/divisions/320612", params={"on": "2020-01-01"}).status_code == 404
    number = opened(drafting, a_proposal(MERGE, classification="公开"))
    file_materials(drafting, number)
    told = [drafting.post(f"/changes/{number}/check"), drafting.post(f"/changes/{number}/submission")]
    told += [deciding.post(f"/changes/{number}/approval", json=dict(ACT))]
    told += [enacting.post(f"/changes/{number}/enactment"), enacting.get(f"/changes/{number}")]
    told += [client_on(sessions, None).get("/boundary-lines", params={"on": "2020-06-05"})]
    for answer in told:
        assert answer.status_code == 200, answer.text
        assert not [word for word in HIDDEN if word in answer.text], answer.text
    lines = told[3].json()["outcome"]["lines"]
    assert {line["name"] for line in lines["ended"]} == {"崇川—港闸线", "崇川—海门线"}
    with sessions() as session:
        names = set(session.scalars(select(BoundaryLine.name)))
        assert "通州—崇川线" in names
        assert prove_registers(session, days_of_change(session)) == []


def test_what_stands_in_the_way_unseen_is_not_named(sessions: Sessions, people: list[Actor]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        town = NewDivision(
            "320602001", "影子街道", DivisionLevel.township, "街道", unit_of(sessions, "320602")
        )
        paper = a_hidden_paper(tx)
        establish(tx, [town], on=BEGINNING, instrument_id=paper)
    client = client_on(sessions, people[0])
    number = opened(client, a_proposal(MERGE, classification="公开"))
    answer = client.post(f"/changes/{number}/submission")
    assert answer.status_code == 422
    rules = {each["rule"] for each in answer.json()["findings"] if each["severity"] == "blocking"}
    assert rules == {"R-CHG-07"}
    checked = client.post("/changes/check", json=a_proposal(MERGE, instrument=dict(ACT))).json()
    assert [each["rule"] for each in checked["findings"] if each["severity"] == "blocking"] == ["R-CHG-94"]
    assert "影子" not in str(checked)
