"""Deliveries that are kept close: who may load them, what becomes of them, whom their findings name."""

from __future__ import annotations

from uuid import UUID

import pytest
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Role
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import transaction
from gis_service.procedures.intake.commands import DeliverySource, LoadReport, Opened, load
from gis_service.procedures.intake.rules import Delivery
from gis_service.registers.boundaries.models import Extent
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import ids_by_code
from gis_service.registers.instruments.models import Instrument
from tests.support.classified import a_reader
from tests.support.deliveries import VALID_ON, cell, of_units, unit
from tests.support.factories import NOW, REGISTRAR

NAMED = "影子区"
EVERYWHERE = a_reader(None, Classification.secret, Role.registrar)


def opened(delivery: Delivery, classification: Classification) -> Opened:
    source = DeliverySource(f"来件{classification}", "来件", "声明", None, None, classification)
    return Opened(delivery, (), source)


def loaded(
    sessions: sessionmaker[Session], actor: Actor, delivery: Delivery, classification: Classification
) -> LoadReport:
    with transaction(sessions, actor=actor, at=NOW) as tx:
        return load(tx, opened(delivery, classification))


def close(geometry: BaseGeometry | None = None) -> Delivery:
    return of_units(unit(1, geometry or cell(1), name=NAMED))


def open_(geometry: BaseGeometry | None = None) -> Delivery:
    return of_units(unit(2, geometry or cell(2)))


@pytest.fixture
def province(sessions: sessionmaker[Session]) -> UUID:
    """A public unit and one that is kept close, side by side; returns the id of their province."""
    loaded(sessions, REGISTRAR, of_units(unit(0, cell(0))), Classification.public)
    loaded(sessions, REGISTRAR, close(), Classification.internal)
    with sessions() as session:
        return ids_by_code(session, ["320000"], on=VALID_ON)["320000"]


def test_what_is_entered_is_as_close_as_the_delivery(sessions: sessionmaker[Session], province: UUID) -> None:
    with sessions() as session:
        paper = session.scalars(select(Instrument).where(Instrument.classification == "内部")).one()
        assert paper.kept_within == [province]
        kept = {v.code: v.classification for v in session.scalars(select(DivisionVersion))}
        assert kept == {"320602": "公开", "320611": "内部", "320600": "公开", "320000": "公开"}
        sources = {extent.division_id: len(extent.sources) for extent in session.scalars(select(Extent))}
        assert sources[province] == 2


@pytest.mark.parametrize(
    ("place", "clearance", "role", "classification", "may"),
    [
        ("320000", "内部", Role.registrar, "内部", True),
        ("320600", "内部", Role.editor, "公开", True),
        ("320000", "公开", Role.registrar, "内部", False),
        ("320000", "内部", Role.registrar, "涉密", False),
        ("320602", "内部", Role.registrar, "公开", False),
        ("320000", "内部", Role.viewer, "公开", False),
    ],
)
def test_who_may_load(
    sessions: sessionmaker[Session],
    province: UUID,
    place: str,
    clearance: str,
    role: Role,
    classification: str,
    may: bool,
) -> None:
    assert province
    with sessions() as session:
        within = ids_by_code(session, [place], on=VALID_ON)[place]
    actor = a_reader(within, Classification(clearance), role)
    if may:
        assert loaded(sessions, actor, open_(), Classification(classification)).entered == 1
        return
    with pytest.raises(NotPermitted) as refused:
        loaded(sessions, actor, open_(), Classification(classification))
    assert NAMED not in str(refused.value)


def test_a_province_that_is_not_registered_is_for_those_who_may_everywhere(
    sessions: sessionmaker[Session], province: UUID
) -> None:
    foreign = of_units(unit(0, cell(9), code="340102", name="瑶海区"))
    with pytest.raises(NotPermitted):
        loaded(sessions, a_reader(province, role=Role.registrar), foreign, Classification.public)
    assert loaded(sessions, EVERYWHERE, foreign, Classification.public).entered == 1


def test_findings_count_what_is_hidden_and_do_not_name_it(
    sessions: sessionmaker[Session], province: UUID
) -> None:
    """The public delivery lies across a unit kept close; its report is read by those cleared for itself."""
    uncleared = a_reader(province, Classification.public, Role.registrar)
    for actor in (uncleared, REGISTRAR):
        with pytest.raises(RuleViolated) as refused:
            loaded(sessions, actor, open_(cell(1.5)), Classification.public)
        told = str([finding.as_json() for finding in refused.value.findings])
        assert "不便示明" in told
        assert NAMED not in told
        assert "320611" not in told
    with pytest.raises(RuleViolated) as refused:
        loaded(sessions, REGISTRAR, open_(cell(1.5)), Classification.internal)
    assert NAMED in str([finding.as_json() for finding in refused.value.findings])


def test_a_code_that_is_held_out_of_sight_is_refused_without_a_name(
    sessions: sessionmaker[Session], province: UUID
) -> None:
    uncleared = a_reader(province, Classification.public, Role.registrar)
    with pytest.raises(RuleViolated) as refused:
        loaded(sessions, uncleared, of_units(unit(1, cell(5))), Classification.public)
    told = str([finding.as_json() for finding in refused.value.findings])
    assert "不便示明" in told
    assert NAMED not in told


def test_sight_ends_with_the_block_whatever_ends_it(sessions: sessionmaker[Session], province: UUID) -> None:
    assert province
    papers = select(Instrument.number).where(Instrument.classification == "内部")
    with transaction(sessions, actor=a_reader(None, Classification.public), at=NOW) as tx:
        with full_sight(tx.session), full_sight(tx.session):
            assert tx.session.scalars(papers).all()
        assert not tx.session.scalars(papers).all()
        with pytest.raises(NotPermitted), full_sight(tx.session):
            raise NotPermitted("某事")
        assert not tx.session.scalars(papers).all()
