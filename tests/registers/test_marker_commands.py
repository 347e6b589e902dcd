"""Markers over time: what is seen, moved, kept and scrapped is added and never overwrites."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Grant, Role
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound, NotPermitted
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.markers.commands import (
    Attachment,
    Bearing,
    Consent,
    Keeping,
    NewMarker,
    NewPoint,
    NewTriPoint,
    Position,
    Seen,
    add_markers,
    attach_files,
    choose_bearings,
    describe_markers,
    observe_markers,
    register_boundary_points,
    register_markers,
    register_tri_points,
    relocate_markers,
    scrap_markers,
    set_keepers,
    set_locations,
)
from gis_service.registers.markers.models import (
    BoundaryPoint,
    MarkerAction,
    MarkerFileKind,
    MarkerState,
)
from gis_service.registers.markers.queries import marker_on, markers_on
from gis_service.registers.markers.queries.evidence import evidence_of
from gis_service.registers.markers.queries.histories import history_of
from gis_service.registers.markers.queries.meeting import tri_points_on
from gis_service.registers.markers.rules import judge_line
from tests.registers.test_marker_rules import a_photo
from tests.support.factories import BEGINNING, NOW, an_act, drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区"), "C": ("320105", "丙区")}
LATER, EVE = date(2021, 5, 1), date(2021, 4, 30)


def at(lon: float, lat: float) -> Position:
    return Position((lon, lat), "CGCS2000", zone_width=3, zone=40, x=3541852.4, y=40405000.1)


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB CCBB", UNITS)


@pytest.fixture
def line(tx: Transaction, ids: dict[str, UUID]) -> BoundaryLine:
    sides = {ids["A"], ids["B"]}
    return next(
        each for each in tx.session.scalars(select(BoundaryLine)) if {each.first_id, each.second_id} == sides
    )


@pytest.fixture
def act(tx: Transaction, line: BoundaryLine) -> UUID:
    assert line
    return an_act(tx, "协议〔2021〕1号")


@pytest.fixture
def marker(tx: Transaction, ids: dict[str, UUID], line: BoundaryLine, act: UUID) -> UUID:
    new = NewMarker(
        "0204001Q", line.id, position=at(119.02, 31.995), managing_id=ids["A"], sides={ids["A"]: "某村"}
    )
    [made] = register_markers(tx, [new], on=BEGINNING, instrument_id=act)
    return made


def seen(marker: UUID, on: date = LATER, **known: object) -> Seen:
    return Seen(marker, on, MarkerState.damaged, "某局", **known)  # type: ignore[arg-type]


def test_what_is_seen_is_added_to_what_was_seen(tx: Transaction, marker: UUID, act: UUID) -> None:
    observe_markers(tx, [seen(marker)], instrument_id=act)
    mended = Seen(marker, LATER, MarkerState.intact, "某局", MarkerAction.repaired, neighbour_present=True)
    observe_markers(tx, [mended], instrument_id=act)
    states = [each.state for each in history_of(tx.session, marker).observations]
    assert states == ["损坏", "完好"]
    assert [each.number for each in markers_on(tx.session, on=LATER, state=MarkerState.intact)] == [
        "0204001Q"
    ]
    assert not markers_on(tx.session, on=EVE, state=MarkerState.intact)


def test_a_repair_without_the_neighbour_is_refused(tx: Transaction, marker: UUID, act: UUID) -> None:
    alone = seen(marker, action=MarkerAction.repaired, neighbour_present=False)
    with pytest.raises(RuleViolated) as refused:
        observe_markers(tx, [seen(marker), alone], instrument_id=act)
    assert refused.value.findings[0].rule == "R-BND-12"
    assert not history_of(tx.session, marker).observations


def test_a_marker_found_elsewhere_is_told(tx: Transaction, marker: UUID, act: UUID) -> None:
    [finding] = observe_markers(tx, [seen(marker, found=(119.021, 31.995))], instrument_id=act)
    assert finding.rule == "R-MRK-12"
    with pytest.raises(InvalidInput, match="尚未到来"):
        observe_markers(tx, [seen(marker, date(2999, 1, 1))], instrument_id=act)


def test_a_marker_is_moved_by_all_sides_only(
    tx: Transaction, marker: UUID, ids: dict[str, UUID], act: UUID
) -> None:
    consent = Consent(act, frozenset({ids["A"]}))
    there = [(marker, at(119.02, 31.985))]
    with pytest.raises(RuleViolated, match="不能移动") as refused:
        relocate_markers(tx, there, on=LATER, consent=consent)
    assert refused.value.findings[0].rule == "R-BND-13"
    asked, approved = an_act(tx, "申请〔2021〕2号"), an_act(tx, "批准〔2021〕3号")
    agreed = Consent(act, frozenset({ids["A"], ids["B"]}), act, act, asked, approved)
    relocate_markers(tx, there, on=LATER, consent=agreed)
    history = history_of(tx.session, marker)
    papers = [(each.action, each.role, each.instrument_id) for each in history.moved_by]
    roles = ("申请", "协议", "批准", "共同测量", "备案")
    assert papers == [
        ("移位", role, paper) for role, paper in zip(roles, (asked, act, approved, act, act), strict=True)
    ]
    assert [set(each.signed_by) for each in history.moved_by if each.signed_by] == [{ids["A"], ids["B"]}]
    assert {unit.name for unit in history.signers.values()} == {"甲区", "乙区"}
    assert {asked, approved} <= history.papers()
    before, after = (marker_on(tx.session, marker, on=day) for day in (EVE, LATER))
    assert before is not None
    assert after is not None
    assert (before.point.y, after.point.y) == (31.995, 31.985)  # type: ignore[union-attr]
    assert after.seen is not None
    assert after.seen.action == "移位"
    with pytest.raises(Conflict, match="相同"):
        relocate_markers(tx, there, on=date(2022, 1, 1), consent=agreed)


def test_markers_are_added_by_all_sides_only(
    tx: Transaction, line: BoundaryLine, ids: dict[str, UUID], act: UUID
) -> None:
    new = NewMarker("0204002Q", line.id, position=at(119.02, 31.985))
    with pytest.raises(RuleViolated, match="不能增设"):
        add_markers(tx, [new], on=LATER, consent=Consent(act, frozenset({ids["A"]})))
    agreed = Consent(act, frozenset({ids["A"], ids["B"]}), survey_id=act, filing_id=act)
    [added] = add_markers(tx, [new], on=LATER, consent=agreed)
    [told] = history_of(tx.session, added).observations
    assert told.action == "增设"


def test_keepers_and_descriptions_succeed_one_another(
    tx: Transaction, marker: UUID, ids: dict[str, UUID], act: UUID
) -> None:
    set_keepers(tx, [Keeping(marker, ids["B"], "王某")], on=LATER, instrument_id=act)
    describe_markers(tx, {marker: {"material": "花岗岩"}}, on=date(2022, 1, 1), instrument_id=act)
    keepers = [
        (each.managing_id, each.custodian, each.material) for each in history_of(tx.session, marker).versions
    ]
    assert keepers == [(ids["A"], None, None), (ids["B"], "王某", None), (ids["B"], "王某", "花岗岩")]
    with pytest.raises(RuleViolated) as refused:
        set_keepers(tx, [Keeping(marker, ids["C"])], on=LATER, instrument_id=act)
    assert refused.value.findings[0].rule == "R-MRK-14"


def test_places_and_bearing_objects_succeed_one_another(
    tx: Transaction, marker: UUID, ids: dict[str, UUID], act: UUID
) -> None:
    set_locations(tx, {marker: {ids["A"]: "某镇某村", ids["B"]: "某乡"}}, on=LATER, instrument_id=act)
    trees = [Bearing(number, f"树{number}", 10.0 * number, 30.0) for number in (1, 2, 3)]
    choose_bearings(tx, {marker: trees}, on=LATER, instrument_id=act)
    with pytest.raises(RuleViolated):
        choose_bearings(tx, {marker: trees[:2]}, on=LATER, instrument_id=act)
    before, after = (marker_on(tx.session, marker, on=day) for day in (EVE, LATER))
    assert before is not None
    assert after is not None
    assert before.sides == {ids["A"]: "某村"}
    assert after.sides == {ids["A"]: "某镇某村", ids["B"]: "某乡"}
    assert (len(before.bearings), len(after.bearings)) == (0, 3)


def test_a_scrapped_marker_ends_and_its_number_stays_taken(
    tx: Transaction, marker: UUID, line: BoundaryLine, act: UUID
) -> None:
    scrap_markers(tx, [marker], on=LATER, instrument_id=act, reason="修路")
    assert marker_on(tx.session, marker, on=EVE) is not None
    assert marker_on(tx.session, marker, on=LATER) is None
    with pytest.raises(NotFound, match="报废"):
        observe_markers(tx, [seen(marker, date(2021, 6, 1))], instrument_id=act)
    with pytest.raises(Conflict, match="0204001Q"):
        register_markers(tx, [NewMarker("0204001Q", line.id)], on=LATER, instrument_id=act)
    found = evidence_of(tx.session, [line], on=LATER)[line.id]
    assert found.scrapped == {1}


def test_files_are_kept_by_their_content(tx: Transaction, marker: UUID, act: UUID, tmp_path: Path) -> None:
    photo = Attachment(marker, MarkerFileKind.photo, "东面.jpg", a_photo(located=True))
    store = FileStore(tmp_path)
    assert attach_files(tx, [photo, photo], on=LATER, instrument_id=act, store=store) == []
    bare = Attachment(marker, MarkerFileKind.photo, "西面.jpg", a_photo(located=False))
    [finding] = attach_files(tx, [bare], on=LATER, instrument_id=act, store=store)
    assert finding.rule == "R-MRK-15"
    files = history_of(tx.session, marker).files
    assert [(each.name, each.azimuth_deg) for each in files] == [("东面.jpg", 45.0), ("西面.jpg", None)]
    assert not list(tmp_path.rglob("*"))


def test_who_acts_for_neither_side_writes_nothing(
    sessions: sessionmaker[Session], tx: Transaction, marker: UUID, ids: dict[str, UUID], act: UUID
) -> None:
    tx.session.commit()
    officer = Actor("员", "丙区局", ids["A"], (Grant(Role.boundary_officer, ids["C"]),))
    with transaction(sessions, actor=officer, at=NOW) as own, pytest.raises(NotPermitted, match="0204001Q"):
        observe_markers(own, [seen(marker)], instrument_id=act)
    neighbour = Actor("员", "乙区局", ids["A"], (Grant(Role.surveyor, ids["B"]),))
    with transaction(sessions, actor=neighbour, at=NOW) as own:
        observe_markers(own, [seen(marker)], instrument_id=act)


def test_evidence_tells_what_rules_ask(tx: Transaction, marker: UUID, line: BoundaryLine) -> None:
    found = evidence_of(tx.session, [line], on=LATER)[line.id]
    [facts] = found.markers
    assert marker
    assert facts.offset_m == pytest.approx(0.0, abs=1e-6)
    assert facts.lies_in == {"320102", "320104"}
    assert (facts.managing, facts.managing_is_side) == ("320102", True)
    assert {finding.rule for finding in judge_line(found)} == {"R-MRK-08", "R-MRK-14"}


def test_points_are_entered(
    tx: Transaction, line: BoundaryLine, ids: dict[str, UUID], marker: UUID, act: UUID
) -> None:
    point = NewPoint(line.id, "1", at(119.02, 31.99), after_marker_id=marker, feature="渠口")
    register_boundary_points(tx, [point], on=BEGINNING, instrument_id=act)
    assert tx.session.scalar(select(func.count()).select_from(BoundaryPoint)) == 1
    meeting = NewTriPoint("三区交点", (119.02, 31.98), (ids["A"], ids["B"], ids["C"]), marker_id=marker)
    register_tri_points(tx, [meeting], on=BEGINNING, instrument_id=act)
    assert [each.name for each in tri_points_on(tx.session, on=LATER, units=[ids["C"]])] == ["三区交点"]
    twice = NewTriPoint("误", (119.02, 31.98), (ids["A"], ids["A"], ids["C"]))
    with pytest.raises(InvalidInput, match="三个不同"):
        register_tri_points(tx, [twice], on=BEGINNING, instrument_id=act)


def test_a_county_looks_after_a_provincial_line_at_its_own_border(
    sessions: sessionmaker[Session], tx: Transaction, tmp_path: Path
) -> None:
    here, there, beyond = ("320102", "甲区"), ("340104", "乙区"), ("320105", "丙区")
    known = drawn(tx, "AABB AABB CCBB", {"A": here, "B": there, "C": beyond})
    act = an_act(tx, "协议〔2021〕1号")
    sides = {known["320000"], known["340000"]}
    lines = tx.session.scalars(select(BoundaryLine))
    line = next(each for each in lines if {each.first_id, each.second_id} == sides)
    new = NewMarker("3234001Q", line.id, position=at(119.02, 31.995), managing_id=known["320000"])
    [marker] = register_markers(tx, [new], on=BEGINNING, instrument_id=act)
    tx.session.commit()
    own = Actor("员", "甲区局", known["A"], (Grant(Role.surveyor, known["A"]),))
    with transaction(sessions, actor=own, at=NOW) as mine:
        observe_markers(mine, [seen(marker)], instrument_id=act)
        photo = Attachment(marker, MarkerFileKind.photo, "东.jpg", a_photo(located=True))
        attach_files(mine, [photo], on=LATER, instrument_id=act, store=FileStore(tmp_path))
    consent = Consent(act, frozenset(sides), act, act)
    with transaction(sessions, actor=own, at=NOW) as mine, pytest.raises(NotPermitted):
        relocate_markers(mine, [(marker, at(119.02, 31.994))], on=LATER, consent=consent)
    other = Actor("员", "丙区局", known["C"], (Grant(Role.surveyor, known["C"]),))
    with transaction(sessions, actor=other, at=NOW) as mine, pytest.raises(NotPermitted):
        observe_markers(mine, [seen(marker)], instrument_id=act)
