"""Lines on record, surveyed, split, claimed: what holds on a day, and that no border ever moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon
from sqlalchemy import select

from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction, no_reaction
from gis_service.registers.boundaries.commands import (
    ChangeBasis,
    Claim,
    IndicatorFacts,
    LineFacts,
    Surveyed,
    Use,
    change_indicator,
    claim_line,
    correct_record,
    end_indicator,
    end_use,
    record_line,
    register_indicator,
    register_use,
    revise_use,
    settle_claims,
    survey_edges,
)
from gis_service.registers.boundaries.models import CrossLineKind, Edge, EdgeSurvey, LineRecord
from gis_service.registers.boundaries.queries import (
    LineInForce,
    claims_on,
    descents_of,
    extents_on,
    indicators_on,
    line_file_on,
    line_named,
    lines_in_force,
    uses_on,
    walked_on,
)
from gis_service.registers.boundaries.queries.proofs import prove
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.grid import CELL_DEGREES, NORTH, WEST

UNITS = {
    "A": ("320402", "甲区"),
    "B": ("320404", "乙区"),
    "C": ("321102", "丙区"),
    "D": ("321111", "丁区"),
    "E": ("320412", "戊区"),
}
DRAWING = """
AACC
AACC
BBDD
BEDD
EEDD
"""
BETWEEN, LATER, LATEST = date(2020, 9, 1), date(2021, 1, 1), date(2022, 1, 1)
AGREED = {"approver": "江苏省人民政府", "approved_on": date(2019, 6, 1)}


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, DRAWING, UNITS)


@pytest.fixture
def line(tx: Transaction, ids: dict[str, UUID]) -> LineInForce:
    assert ids
    return line_named(tx.session, "0411", on=BEGINNING)


@pytest.fixture
def act(tx: Transaction) -> UUID:
    return an_act(tx, "苏政复〔2019〕1号", date(2019, 1, 1))


def agreed(act: UUID, **facts: Any) -> LineFacts:
    return LineFacts(agreement_id=act, **{**AGREED, **facts})


def on_border(share: float) -> float:
    """A chainage as a share of the border, which is five cells long, from north to south."""
    return share * 5 * CELL_DEGREES * 110_874


def test_what_is_on_record_wins_from_its_day_on(tx: Transaction, line: LineInForce, act: UUID) -> None:
    found = record_line(tx, line, LineFacts(code="0499", name="常镇线"), on=LATER, instrument_id=act)
    assert [finding.rule for finding in found] == ["R-BND-02", "R-BND-01"]
    assert line_named(tx.session, "0411", on=BEGINNING).name == "320 4—321 1线" or line.code == "0411"
    assert line_named(tx.session, "0499", on=LATER).name == "常镇线"
    with pytest.raises(NotFound):
        line_named(tx.session, "0411", on=LATER)
    codes = [each.code for each in lines_in_force(tx.session, on=LATER)]
    assert codes == sorted(codes)
    assert "0499" in codes


def test_pages_of_lines_go_by_the_codes_that_hold(tx: Transaction, line: LineInForce, act: UUID) -> None:
    record_line(tx, line, LineFacts(code="9999"), on=LATER, instrument_id=act)
    seen: list[LineInForce] = []
    while True:
        after = (seen[-1].code, seen[-1].id) if seen else None
        page = lines_in_force(tx.session, on=LATER, after=after, limit=1)
        if not page:
            break
        seen += page
    assert seen == lines_in_force(tx.session, on=LATER)
    assert seen[-1].code == "9999"


def test_a_new_record_ends_the_one_before_and_a_correction_mends_it(
    tx: Transaction, line: LineInForce, act: UUID
) -> None:
    record_line(tx, line, agreed(act, published_length_km=70.0), on=BEGINNING, instrument_id=act)
    record_line(tx, line, agreed(act, published_length_km=73.1), on=LATEST, instrument_id=act)
    record_line(tx, line, agreed(act, published_length_km=72.0), on=LATER, instrument_id=act)
    spans = tx.session.scalars(select(LineRecord).order_by(LineRecord.valid)).all()
    assert [(each.valid.start, each.valid.end) for each in spans] == [
        (BEGINNING, LATER),
        (LATER, LATEST),
        (LATEST, None),
    ]
    correct_record(tx, line, agreed(act, published_length_km=72.5), on=LATER, instrument_id=act)
    entry = next(each for each in tx.entries if each["command"] == "boundaries.correct_record")
    assert (entry["before"]["published_length_km"], entry["after"]["published_length_km"]) == (72.0, 72.5)
    with pytest.raises(Conflict, match="无从更正"):
        correct_record(tx, line, LineFacts(), on=date(2019, 1, 1), instrument_id=act)


def test_a_published_length_stands_beside_the_derived_one(
    tx: Transaction, line: LineInForce, act: UUID
) -> None:
    record_line(tx, line, agreed(act, published_length_km=73.1), on=BEGINNING, instrument_id=act)
    file = line_file_on(tx.session, line, on=BEGINNING)
    assert file.lengths is not None
    assert file.lengths.published_km == 73.1
    assert file.lengths.derived_km == pytest.approx(on_border(1) / 1000, rel=1e-3)
    assert "测试数据集" in "；".join(file.lengths.reasons)
    assert file.record is not None
    assert file.record.agreement == "苏政复〔2019〕1号"


def test_nothing_is_settled_without_agreement_and_approval(
    tx: Transaction, line: LineInForce, act: UUID
) -> None:
    with pytest.raises(RuleViolated, match="勘定情况不能登记"):
        survey_edges(tx, line, Surveyed(legal_state="已定界"), on=LATER, instrument_id=act)
    record_line(tx, line, agreed(act), on=BEGINNING, instrument_id=act)
    done = survey_edges(tx, line, Surveyed(legal_state="已定界", accuracy_m=1.0), on=LATER, instrument_id=act)
    walked = walked_on(tx.session, line, on=LATER)
    assert walked is not None
    assert walked.lengths_km(lambda facts: facts.legal_state) == {
        "已定界": pytest.approx((done.to_m - done.from_m) / 1000)
    }
    assert {facts.legal_state for _, facts in walked_on(tx.session, line, on=BEGINNING).placed} == {"未说明"}  # type: ignore[union-attr]
    with pytest.raises(RuleViolated):
        record_line(tx, line, LineFacts(), on=LATEST, instrument_id=act)


def test_a_stretch_is_surveyed_by_chainage_and_its_edges_are_split(
    tx: Transaction, line: LineInForce, ids: dict[str, UUID], act: UUID
) -> None:
    before = extents_on(tx.session, ids.values(), on=BEGINNING)
    said = Surveyed(follows="河流中心线", follows_name="秦淮河")
    done = survey_edges(
        tx, line, said, stretch=(on_border(0.21), on_border(0.6)), on=LATER, instrument_id=act
    )
    assert done.from_m == pytest.approx(on_border(0.21), abs=0.1)
    walked = walked_on(tx.session, line, on=LATER)
    assert walked is not None
    following = walked.sections("follows")
    assert [section.common["follows_name"] for section in following] == [None, "秦淮河", None]
    assert [section.sides for section in walked.sections("units")] != []
    assert prove(tx.session) == []
    now = extents_on(tx.session, ids.values(), on=BEGINNING)
    assert all(
        now[unit].equals_exact(area, tolerance=1e-6) or now[unit].equals(area)
        for unit, area in before.items()
    )
    cut = descents_of(tx.session, done.edges)
    assert {each.cut_from_id for each in cut} <= set(tx.session.scalars(select(Edge.id)))


def test_an_end_near_a_vertex_means_the_vertex(tx: Transaction, line: LineInForce, act: UUID) -> None:
    cell = on_border(0.2)
    count = len(tx.session.scalars(select(Edge.id)).all())
    done = survey_edges(
        tx, line, Surveyed(follows="道路"), stretch=(0, cell + 0.4), on=LATER, instrument_id=act
    )
    assert done.to_m == pytest.approx(cell, abs=0.7)
    assert len(tx.session.scalars(select(Edge.id)).all()) == count + 1
    assert prove(tx.session) == []


@pytest.mark.parametrize("stretch", [(-1.0, 10.0), (10.0, 5.0), (0.0, 1e7), (5.0, 5.0)])
def test_a_stretch_off_the_line_is_refused(
    tx: Transaction, line: LineInForce, act: UUID, stretch: tuple[float, float]
) -> None:
    with pytest.raises(InvalidInput, match="不在界线上"):
        survey_edges(tx, line, Surveyed(follows="道路"), stretch=stretch, on=LATER, instrument_id=act)


def test_what_is_not_said_anew_stays_as_it_was(tx: Transaction, line: LineInForce, act: UUID) -> None:
    survey_edges(tx, line, Surveyed(follows="道路", follows_name="某路"), on=BEGINNING, instrument_id=act)
    survey_edges(tx, line, Surveyed(legal_state="未定界"), on=LATER, instrument_id=act)
    survey_edges(tx, line, Surveyed(accuracy_m=0.5), on=LATER, instrument_id=act)
    surveys = tx.session.scalars(select(EdgeSurvey).where(EdgeSurvey.accuracy_m == 0.5)).all()
    assert {(each.follows_name, each.legal_state) for each in surveys} == {("某路", "未定界")}
    assert any(each["command"] == "boundaries.replace_edge_survey" for each in tx.entries)
    survey_edges(tx, line, Surveyed(follows="分水岭"), on=LATEST, instrument_id=act)
    walked = walked_on(tx.session, line, on=LATEST)
    assert walked is not None
    assert {facts.follows_name for _, facts in walked.placed} == {None}


def a_claim(west: float, north: float, south: float) -> LineString:
    x = WEST + west * CELL_DEGREES
    return LineString([(x, NORTH - north * CELL_DEGREES), (x, NORTH - south * CELL_DEGREES)])


def test_a_section_is_disputed_once_both_sides_claim_it(
    tx: Transaction, line: LineInForce, ids: dict[str, UUID], act: UUID
) -> None:
    one = Claim("第一段", {ids["A"]: a_claim(2.2, 0.5, 1.5)})
    assert claim_line(tx, line, one, on=LATER, instrument_id=act) is None
    other = Claim("第一段", {ids["321100"]: a_claim(1.8, 0.5, 1.5)})
    done = claim_line(tx, line, other, on=LATER, instrument_id=act)
    assert done is not None
    assert done.from_m == pytest.approx(on_border(0.1), abs=1)
    walked = walked_on(tx.session, line, on=LATER)
    assert walked is not None
    assert [section.common["legal_state"] for section in walked.sections("state")] == [
        "未说明",
        "争议",
        "未说明",
    ]
    assert len(claims_on(tx.session, line, on=LATER)) == 2
    assert prove(tx.session) == []
    assert settle_claims(tx, line, "第一段", on=LATEST, instrument_id=act) == 2
    assert claims_on(tx.session, line, on=LATEST) == []
    with pytest.raises(Conflict, match="没有名为"):
        settle_claims(tx, line, "第一段", on=LATEST, instrument_id=act)


def test_strangers_and_areas_claim_nothing(
    tx: Transaction, line: LineInForce, ids: dict[str, UUID], act: UUID
) -> None:
    area = Claim("第一段", {ids["A"]: Polygon([(119, 32), (119.01, 32), (119.01, 31.99)])})
    with pytest.raises(InvalidInput, match="须为线"):
        claim_line(tx, line, area, on=LATER, instrument_id=act)
    with pytest.raises(Conflict, match="任何一侧"):
        claim_line(
            tx, line, replace(area, lines={ids["320000"]: a_claim(2, 0, 1)}), on=LATER, instrument_id=act
        )


def test_an_indicator_changes_and_the_line_stays(tx: Transaction, line: LineInForce, act: UUID) -> None:
    river = IndicatorFacts("河流", "秦淮河", a_claim(2, 0, 2))
    river_id = register_indicator(tx, line, river, on=BEGINNING, instrument_id=act)
    survey_edges(
        tx, line, Surveyed(follows="河流中心线", follows_name="秦淮河"), on=BEGINNING, instrument_id=act
    )
    shifted = replace(river, geometry=a_claim(2.5, 0, 2), state="改道")
    before = walked_on(tx.session, line, on=LATER)
    with pytest.raises(RuleViolated):
        change_indicator(tx, line, river_id, shifted, ChangeBasis(), on=LATER, instrument_id=act)
    found = change_indicator(tx, line, river_id, shifted, ChangeBasis(act, act), on=LATER, instrument_id=act)
    assert [finding.rule for finding in found] == ["R-BND-14"]
    after = walked_on(tx.session, line, on=LATER)
    assert before is not None
    assert after is not None
    assert before.course.geometry == after.course.geometry
    assert [each.row.state for each in indicators_on(tx.session, line, on=LATER)] == ["改道"]
    assert [each.row.state for each in indicators_on(tx.session, line, on=BEGINNING)] == [None]
    with pytest.raises(RuleViolated):
        end_indicator(tx, line, river_id, ChangeBasis(act), on=LATEST, instrument_id=act)
    with pytest.raises(Conflict):
        end_indicator(tx, line, river_id, ChangeBasis(act, act), on=LATER, instrument_id=act)
    end_indicator(tx, line, river_id, ChangeBasis(act, act), on=LATEST, instrument_id=act)
    assert indicators_on(tx.session, line, on=LATEST) == []
    assert [each.row.state for each in indicators_on(tx.session, line, on=LATER)] == ["改道"]


def test_uses_are_entered_with_what_they_lack(
    tx: Transaction, line: LineInForce, ids: dict[str, UUID], act: UUID
) -> None:
    use = Use(CrossLineKind.use, ids["A"], ids["C"], "某圩", purpose="养殖", consents=(act,))
    key, found = register_use(tx, line, use, on=BEGINNING, instrument_id=act)
    assert [finding.rule for finding in found] == ["R-BND-16"]
    assert [each.row.place for each in uses_on(tx.session, line, on=BEGINNING)] == ["某圩"]
    revised = replace(use, purpose="种植", consents=(act, an_act(tx, "同意2号")), filing_id=act)
    assert revise_use(tx, line, key, revised, on=BETWEEN, instrument_id=act) == []
    assert revise_use(tx, line, key, revised, on=BETWEEN, instrument_id=act) == []
    held = [
        [(each.row.use_id, each.row.purpose) for each in uses_on(tx.session, line, on=day)]
        for day in (BEGINNING, BETWEEN)
    ]
    assert held == [[(key, "养殖")], [(key, "种植")]]
    with pytest.raises(Conflict, match="不能在"):
        end_use(tx, line, key, on=BETWEEN, instrument_id=act)
    with pytest.raises(NotFound):
        revise_use(tx, line, uuid4(), revised, on=BETWEEN, instrument_id=act)
    end_use(tx, line, key, on=LATER, instrument_id=act)
    assert uses_on(tx.session, line, on=LATER) == []
    with pytest.raises(InvalidInput, match="两侧"):
        register_use(tx, line, replace(use, host_id=ids["B"]), on=LATER, instrument_id=act)


def test_enclaves_are_found_by_geometry(tx: Transaction) -> None:
    drawn(
        tx,
        "AAAAAC AAAAAC ABAAAC AAAACC AAAACC",
        {"A": ("320102", "甲区"), "B": ("340103", "乙区"), "C": ("340104", "丙区")},
    )
    line = line_named(tx.session, "3234", on=BEGINNING)
    [enclave] = line_file_on(tx.session, line, on=BEGINNING).enclaves
    assert (enclave.user_id, enclave.host_id) == (line.second_id, line.first_id)
    assert enclave.area_km2 == pytest.approx(1.05, rel=0.02)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6))
def test_however_a_line_is_split_the_registers_hold(sessions: Any, shares: list[float]) -> None:
    with sessions() as session:
        nested = session.begin_nested()
        tx = Transaction(session, REGISTRAR, NOW, no_reaction)
        ids = drawn(tx, DRAWING, UNITS)
        line = line_named(session, "0411", on=BEGINNING)
        act = an_act(tx, "苏政复〔2019〕1号", date(2019, 1, 1))
        survey_edges(tx, line, Surveyed(follows="道路"), on=BEGINNING, instrument_id=act)
        whole = walked_on(session, line, on=BEGINNING)
        areas = extents_on(session, ids.values(), on=BEGINNING)
        assert whole is not None
        for number in range(0, len(shares) - 1, 2):
            stretch = sorted(share * whole.course.length_m for share in shares[number : number + 2])
            try:
                survey_edges(
                    tx,
                    line,
                    Surveyed(accuracy_m=number + 1.0),
                    stretch=(stretch[0], stretch[1]),
                    on=LATER,
                    instrument_id=act,
                )
            except InvalidInput:
                continue
        walked = walked_on(session, line, on=LATER)
        assert walked is not None
        assert {facts.follows for _, facts in walked.placed} == {"道路"}
        assert walked.course.length_m == pytest.approx(whole.course.length_m, abs=0.05)
        assert sum(section.length_km for section in walked.sections("survey")) * 1000 == pytest.approx(
            walked.course.length_m
        )
        assert prove(session) == []
        now = extents_on(session, ids.values(), on=BEGINNING)
        assert all(now[unit].hausdorff_distance(area) < 2e-7 for unit, area in areas.items())
        nested.rollback()
