"""Areas cut and handed over: every day says what it said before, and the new day what was meant."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box
from sqlalchemy import select

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction, no_reaction
from gis_service.registers.boundaries.commands import cut_off, derive, divide, hand_over_faces
from gis_service.registers.boundaries.models import Edge, EdgeDescent, EdgeSurvey, Face
from gis_service.registers.boundaries.queries import areas_on, border_between, extents_on
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.queries import divisions_on
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.grid import CELL_DEGREES, NORTH, WEST

UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320205", "丙区"),
    "D": ("340103", "丁区"),
}
DRAWING = "AAABBB AAABBB AAACCC DDDDDD"
DAY = date(2021, 3, 1)
TOUCHING = Polygon([(119, 31.97), (119.014, 31.96), (119, 32), (119.01, 31.965)])


def cells(west: float, north: float, east: float, south: float) -> Polygon:
    """A box in cells of the drawing, counted from its upper left corner."""
    return box(
        WEST + west * CELL_DEGREES,
        NORTH - south * CELL_DEGREES,
        WEST + east * CELL_DEGREES,
        NORTH - north * CELL_DEGREES,
    )


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, DRAWING, UNITS)


def moved(tx: Transaction, ids: dict[str, UUID], giver: str, part: Any, taker: str, on: date = DAY) -> None:
    """Cut off, hand over and derive, as a change does."""
    act = an_act(tx, f"国函〔{on.year}〕{on.month}号", on)
    faces = cut_off(tx, ids[giver], part, on=on, instrument_id=act)
    hand_over_faces(tx, dict.fromkeys(faces, ids[taker]), on=on, instrument_id=act)
    above = [version.division_id for version in divisions_on(tx.session, on=on) if version.level != "county"]
    derive(tx, leaves=[ids[giver], ids[taker]], superiors=above, on=on, instrument_id=act)


def total_km2(tx: Transaction, on: date) -> float:
    leaves = [v.division_id for v in divisions_on(tx.session, on=on) if v.level == "county"]
    return sum(km2 for _, km2 in areas_on(tx.session, leaves, on=on).values())


def test_a_part_goes_to_the_neighbour_and_the_day_before_stays(tx: Transaction, ids: dict[str, UUID]) -> None:
    before = extents_on(tx.session, ids.values(), on=BEGINNING)
    moved(tx, ids, "A", cells(2, 0, 3, 2), "B")
    after = extents_on(tx.session, ids.values(), on=DAY)
    assert extents_on(tx.session, ids.values(), on=BEGINNING) == before
    assert after[ids["B"]].equals(shapely.union(before[ids["B"]], cells(2, 0, 3, 2)))
    assert after[ids["A"]].equals(shapely.difference(before[ids["A"]], cells(2, 0, 3, 2)))
    assert prove(tx.session) == []
    assert total_km2(tx, DAY) == pytest.approx(total_km2(tx, BEGINNING), abs=1e-9)


def test_a_cut_between_two_vertices_gives_all_who_share_the_border_the_new_one(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    moved(tx, ids, "A", cells(2.4, 0.3, 3, 1.7), "C")
    assert prove(tx.session) == []
    then = shapely.get_coordinates(list(extents_on(tx.session, [ids["B"]], on=BEGINNING).values())).tolist()
    assert [round(WEST + 3 * CELL_DEGREES, 7), round(NORTH - 0.3 * CELL_DEGREES, 7)] in then
    assert not border_between(tx.session, ids["B"], ids["C"], on=DAY).is_empty


def test_a_hole_in_the_middle_may_be_cut_out(tx: Transaction, ids: dict[str, UUID]) -> None:
    moved(tx, ids, "A", cells(1.2, 1.2, 1.8, 1.8), "B")
    assert prove(tx.session) == []
    assert len(extents_on(tx.session, [ids["B"]], on=DAY)[ids["B"]].geoms) == 2


def test_a_border_drawn_by_hand_takes_the_registered_one(tx: Transaction, ids: dict[str, UUID]) -> None:
    exact = cells(2, 0, 3, 2)
    wavering = Polygon(
        [
            (lon + 2e-5 * (-1) ** index, lat + 2e-5 * (-1) ** (index // 2))
            for index, (lon, lat) in enumerate(exact.segmentize(0.001).exterior.coords[:-1])
        ]
    )
    moved(tx, ids, "A", wavering, "B")
    assert prove(tx.session) == []
    gained = extents_on(tx.session, [ids["B"]], on=DAY)[ids["B"]]
    assert shapely.hausdorff_distance(gained, shapely.union(exact, cells(3, 0, 6, 2))) < 5e-5
    assert not border_between(tx.session, ids["A"], ids["B"], on=DAY).is_empty


def test_cuts_of_later_acts_go_on_where_earlier_ones_ended(tx: Transaction, ids: dict[str, UUID]) -> None:
    moved(tx, ids, "A", cells(2.4, 0, 3, 1.5), "B")
    moved(tx, ids, "B", cells(2.6, 0.5, 3.7, 1.2), "A", on=date(2022, 3, 1))
    moved(tx, ids, "D", cells(0.5, 3, 2.5, 3.5), "A", on=date(2023, 3, 1))
    assert prove(tx.session) == []


def test_what_is_cut_back_is_as_it_was(tx: Transaction, ids: dict[str, UUID]) -> None:
    before = extents_on(tx.session, [ids["B"]], on=BEGINNING)[ids["B"]]
    moved(tx, ids, "A", cells(2, 0, 3, 2), "B")
    moved(tx, ids, "B", cells(2, 0, 3, 2), "A", on=date(2022, 3, 1))
    assert extents_on(tx.session, [ids["B"]], on=date(2022, 3, 1))[ids["B"]] == before
    assert prove(tx.session) == []


def test_a_line_divides_a_unit_into_its_pieces(tx: Transaction, ids: dict[str, UUID]) -> None:
    act = an_act(tx, on=DAY)
    line = LineString([(WEST - 0.001, NORTH - 0.012), (WEST + 0.031, NORTH - 0.017)])
    pieces = divide(tx, ids["A"], line, on=DAY, instrument_id=act)
    assert len(pieces) == 2
    areas = {row[0]: row[1] for row in tx.session.execute(select(Face.id, Face.area_km2))}
    sizes = [sum(areas[face] for face in piece) for piece in pieces]
    assert sizes[0] > sizes[1]
    assert prove(tx.session) == []


def test_an_edge_cut_keeps_what_is_known_of_it(tx: Transaction, ids: dict[str, UUID]) -> None:
    for edge in tx.session.scalars(select(Edge)):
        edge.legal_state, edge.accuracy_m = "已定界", 1.5
        tx.session.add(
            EdgeSurvey(
                edge_id=edge.id,
                legal_state="争议",
                follows="河流中心线",
                valid=Period(BEGINNING),
                begun_by=edge.source_id,
            )
        )
    tx.session.flush()
    before = set(tx.session.scalars(select(Edge.id)))
    moved(tx, ids, "A", cells(2.4, 0.3, 3, 1.7), "B")
    descents = {each.edge_id: each.cut_from_id for each in tx.session.scalars(select(EdgeDescent))}
    assert descents
    assert set(descents.values()) <= before
    surveyed = set(tx.session.scalars(select(EdgeSurvey.edge_id).where(EdgeSurvey.legal_state == "争议")))
    assert surveyed == before | set(descents)
    states = [(edge.legal_state, edge.accuracy_m) for edge in tx.session.scalars(select(Edge))]
    assert states.count(("未说明", None)) == 1
    assert set(states) == {("未说明", None), ("已定界", 1.5)}


def journalled(tx: Transaction, command: str) -> list[dict[str, Any]]:
    return [entry for entry in tx.entries if entry["command"] == command]


def test_the_journal_tells_how_far_a_cut_was_moved(tx: Transaction, ids: dict[str, UUID]) -> None:
    moved(tx, ids, "A", cells(2.003, 0, 3, 2), "B")
    [entry] = journalled(tx, "boundaries.cut")
    assert 2 < entry["detail"]["moved_m"] < 5
    assert entry["detail"]["vertices"] == 0
    assert journalled(tx, "boundaries.cut_edge")


BAD_PARTS = {
    "outside": (cells(2, 0, 4, 1), "在甲区之外"),
    "elsewhere": (cells(4, 0, 5, 1), "在甲区之外"),
    "all of it": (cells(0, 0, 3, 3), "不是其中一部分"),
    "too narrow to be told apart": (cells(2.998, 0, 3, 3), "过窄"),
    "a sliver": (cells(2.992, 0, 3, 3), "碎块"),
    "leaves a sliver": (cells(0.008, 0, 3, 3), "碎块"),
    "empty": (Polygon(), "空的"),
    "crosses itself": (Polygon([(119, 32), (119.01, 31.99), (119.01, 32), (119, 31.99)]), "图形无效"),
    "a line": (LineString([(119, 32), (119.01, 31.99)]), "须为面"),
    "metres": (box(400000, 3500000, 401000, 3501000), "不是经纬度"),
}


@pytest.mark.parametrize("what", BAD_PARTS)
def test_what_is_no_part_is_refused_by_its_reason(tx: Transaction, ids: dict[str, UUID], what: str) -> None:
    part, said = BAD_PARTS[what]
    with pytest.raises((InvalidInput, Conflict), match=said):
        cut_off(tx, ids["A"], part, on=DAY, instrument_id=an_act(tx, on=DAY))


BAD_LINES = {
    "too short": (LineString([(119, 31.985), (119.02, 31.985)]), "没有把"),
    "elsewhere": (LineString([(119.04, 31.985), (119.05, 31.985)]), "没有把"),
    "crosses itself": (
        LineString([(119, 31.985), (119.03, 31.985), (119.02, 31.99), (119.02, 31.98)]),
        "自相交",
    ),
    "empty": (LineString(), "空的"),
}


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_line_that_does_not_divide_is_refused(tx: Transaction, ids: dict[str, UUID], what: str) -> None:
    line, said = BAD_LINES[what]
    with pytest.raises(InvalidInput, match=said):
        divide(tx, ids["A"], line, on=DAY, instrument_id=an_act(tx, on=DAY))


def test_units_without_faces_of_their_own_cannot_be_cut(tx: Transaction, ids: dict[str, UUID]) -> None:
    act = an_act(tx, on=DAY)
    with pytest.raises(Conflict, match="尚有下级单位"):
        cut_off(tx, ids["320100"], cells(0, 0, 1, 1), on=DAY, instrument_id=act)
    with pytest.raises(Conflict, match="没有登记范围"):
        cut_off(tx, ids["A"], cells(0, 0, 1, 1), on=date(1999, 1, 1), instrument_id=act)


corner = st.tuples(st.floats(-0.3, 6.3), st.floats(-0.3, 4.3))


@st.composite
def parts(draw: st.DrawFn) -> Polygon:
    """A polygon somewhere on the drawing, some of its corners on corners of cells."""
    points = [
        (round(x), round(y)) if draw(st.booleans()) else (x, y)
        for x, y in draw(st.lists(corner, min_size=3, max_size=7))
    ]
    ring = [(WEST + x * CELL_DEGREES, NORTH - y * CELL_DEGREES) for x, y in points]
    return shapely.make_valid(Polygon(ring)) if len(set(ring)) > 2 else Polygon()


# A vertex set into a straight border of some km is rounded by up to a cm: some 20 m², for each of a few.
ROUNDED_KM2 = 1e-4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(shapes=[(TOUCHING, "D", "A")])  # what is left over is a hole that touches the border at a point
@given(
    shapes=st.lists(
        st.tuples(parts(), st.sampled_from("ABCD"), st.sampled_from("ABCD")), min_size=1, max_size=3
    )
)
def test_whatever_is_cut_off_the_registers_hold_on_every_day(
    sessions: Any, shapes: list[tuple[Any, str, str]]
) -> None:
    with sessions() as session:
        nested = session.begin_nested()
        tx = _transaction(session)
        ids = drawn(tx, DRAWING, UNITS)
        whole = total_km2(tx, BEGINNING)
        then = extents_on(session, ids.values(), on=BEGINNING)
        for number, (shape, giver, taker) in enumerate(shapes):
            on = date(2021 + number, 1, 1)
            held = extents_on(session, [ids[giver]], on=on)[ids[giver]]
            inside = [
                piece for piece in shapely.get_parts(shapely.intersection(shape, held)) if piece.area > 0
            ]
            if not inside:
                continue
            try:
                moved(
                    tx,
                    ids,
                    giver,
                    MultiPolygon([p for p in inside if p.geom_type == "Polygon"]),
                    taker,
                    on=on,
                )
            except (Conflict, InvalidInput):
                continue
        assert prove(session) == []
        for on in (BEGINNING, date(2021, 1, 1), date(2024, 1, 1)):
            assert total_km2(tx, on) == pytest.approx(whole, abs=ROUNDED_KM2)
        now = extents_on(session, ids.values(), on=BEGINNING)
        assert all(shapely.hausdorff_distance(now[unit], area) < 2e-7 for unit, area in then.items())
        nested.rollback()


def _transaction(session: Any) -> Transaction:
    return Transaction(session, REGISTRAR, NOW, no_reaction)
