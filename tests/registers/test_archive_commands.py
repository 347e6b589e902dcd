"""Who may file archives: those who act for a side of each thing an item is newly about."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Grant, Role
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.files import FileStore
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.registers.archives.commands import About, NewItem, attach_to_item, register_item
from gis_service.registers.archives.commands.keeping import Keeping
from gis_service.registers.archives.models import ArchiveItem, ArchiveKind, ArchiveSubject
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.markers.commands import (
    NewMarker,
    NewTriPoint,
    register_markers,
    register_tri_points,
)
from tests.registers.test_marker_commands import UNITS, at
from tests.support.factories import BEGINNING, NOW, an_act, drawn

AB, BC, MARKER, MET = "甲区—乙区线", "乙区—丙区线", "0204001Q", "甲乙丙交点"


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB CCBB", UNITS)


@pytest.fixture
def how(tx: Transaction, tmp_path: Path) -> Keeping:
    return Keeping(an_act(tx, "协议〔2021〕1号"), FileStore(tmp_path))


@pytest.fixture
def named(tx: Transaction, ids: dict[str, UUID], how: Keeping) -> dict[str, UUID]:
    lines = {line.name: line.id for line in tx.session.scalars(select(BoundaryLine))}
    stone = NewMarker(MARKER, lines[AB], position=at(119.02, 31.99), managing_id=ids["A"])
    [marker] = register_markers(tx, [stone], on=BEGINNING, instrument_id=how.instrument_id)
    met = NewTriPoint(MET, (119.02, 31.98), (ids["A"], ids["B"], ids["C"]))
    [point] = register_tri_points(tx, [met], on=BEGINNING, instrument_id=how.instrument_id)
    return {**lines, MARKER: marker, MET: point}


def an_item(number: str) -> NewItem:
    return NewItem(number, "协议书", ArchiveKind.agreement, BEGINNING, "某省民政厅")


def test_nobody_files_under_what_belongs_to_others(
    sessions: sessionmaker[Session],
    tx: Transaction,
    ids: dict[str, UUID],
    named: dict[str, UUID],
    how: Keeping,
) -> None:
    both = About(frozenset({named[AB], named[BC]}))
    shared = register_item(tx, an_item("KJ-1"), both, [], how).item
    tx.session.commit()
    officer = Actor("员", "丙区局", ids["C"], (Grant(Role.boundary_officer, ids["C"]),))
    lines = frozenset({named[BC], named[AB]})
    with transaction(sessions, actor=officer, at=NOW) as own:
        for about in (About(lines), About(frozenset({named[BC]}), frozenset({named[MARKER]}))):
            with pytest.raises(NotPermitted) as refused:
                register_item(own, an_item("KJ-2"), about, [], how)
            assert (AB in refused.value.message) != (MARKER in refused.value.message)
            assert BC not in refused.value.message
        filed = register_item(own, an_item("KJ-2"), About(frozenset({named[BC]})), [], how).item
        for about in (About(frozenset({named[AB]})), About(markers=frozenset({named[MARKER]}))):
            with pytest.raises(NotPermitted, match=f"{AB}|{MARKER}"):
                attach_to_item(own, filed, about, [], how)
        attach_to_item(own, filed, About(tri_points=frozenset({named[MET]})), [], how)
        attach_to_item(own, own.session.get_one(ArchiveItem, shared.id), both, [], how)
        subjects = own.session.scalars(select(ArchiveSubject).where(ArchiveSubject.item_id == filed.id))
        assert {row.line_id or row.tri_point_id for row in subjects} == {named[BC], named[MET]}


def test_who_acts_for_nothing_an_item_is_about_adds_nothing(
    sessions: sessionmaker[Session],
    tx: Transaction,
    ids: dict[str, UUID],
    named: dict[str, UUID],
    how: Keeping,
) -> None:
    item = register_item(tx, an_item("KJ-1"), About(frozenset({named[AB]})), [], how).item
    tx.session.commit()
    officer = Actor("员", "丙区局", ids["C"], (Grant(Role.boundary_officer, ids["C"]),))
    with transaction(sessions, actor=officer, at=NOW) as own, pytest.raises(NotPermitted):
        attach_to_item(own, item, About(frozenset({named[BC]})), [], how)
    neighbour = Actor("员", "乙区局", ids["B"], (Grant(Role.surveyor, ids["B"]),))
    with transaction(sessions, actor=neighbour, at=NOW) as own:
        attach_to_item(own, item, About(frozenset({named[BC]})), [], how)
