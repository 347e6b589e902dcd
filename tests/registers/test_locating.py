"""Points on a day, units to one another, and drawn shapes: by geometry, with every side of a border."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands import cut_off, derive, hand_over_faces
from gis_service.registers.boundaries.queries import areas_on, extents_on, locating
from gis_service.registers.boundaries.queries.chains import chains_of
from gis_service.registers.boundaries.queries.drawn_areas import corresponding, covered_on
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.queries.relating import Predicate, Related, related
from gis_service.registers.boundaries.rules.drawn import drawn, read_drawn
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.divisions.commands import Descent, link
from gis_service.registers.divisions.models import LineageKind
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.factories import BEGINNING, an_act
from tests.support.factories import drawn as registered_drawing
from tests.support.grid import CELL_DEGREES, NORTH, WEST

UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320205", "丙区"),
    "D": ("340103", "丁区"),
    "E": ("340104", "戊区"),
}
DRAWING = "AAABBB AAABBB AAACCC DDDDDD ....EE"
DAY = date(2021, 3, 1)


def at(column: float, row: float) -> tuple[float, float]:
    """A point in cells of the drawing."""
    return round(WEST + column * CELL_DEGREES, 7), round(NORTH - row * CELL_DEGREES, 7)


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return registered_drawing(tx, DRAWING, UNITS)


def letters(tx: Transaction, ids: dict[str, UUID], *points: tuple[float, float]) -> list[str]:
    named = {unit: letter for letter, unit in ids.items() if len(letter) == 1}
    return [
        "".join(sorted(named[unit] for unit in held)) for held in locate(tx.session, points, on=BEGINNING)
    ]


def test_a_point_lies_in_one_unit_on_a_border_in_all_its_sides_and_elsewhere_in_none(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    points = at(1, 1), at(3, 1), at(3, 2), at(3, 3), at(1, 4.5), at(99, 99)
    assert letters(tx, ids, *points) == ["A", "AB", "ABC", "ACD", "", ""]


def test_many_points_are_answered_as_few_are(
    tx: Transaction, ids: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [at(column / 4, row / 4) for column in range(-2, 26) for row in range(-2, 22)]
    by_box = letters(tx, ids, *points)
    assert len(points) > locating.FEW
    monkeypatch.setattr(locating, "FEW", len(points))
    assert letters(tx, ids, *points) == by_box


def test_before_the_registers_begin_nobody_holds_anything(tx: Transaction, ids: dict[str, UUID]) -> None:
    assert ids
    assert locate(tx.session, [at(1, 1)], on=date(1999, 1, 1)) == [()]
    assert locate(tx.session, [], on=BEGINNING) == []


def test_the_chain_runs_from_the_province_down(tx: Transaction, ids: dict[str, UUID]) -> None:
    chain = chains_of(tx.session, [ids["A"]], on=BEGINNING)[ids["A"]]
    assert [unit.code for unit in chain] == ["320000", "320100", "320102"]


@pytest.mark.parametrize(
    ("lon", "lat", "told"),
    [(120.0, 32.0, None), (32.0, 120.0, "写反"), (2.3, 48.9, "不在中国"), (110.0, 4.5, None)],
)
def test_points_that_cannot_lie_in_china_are_told(lon: float, lat: float, told: str | None) -> None:
    remark = remark_on_point(lon, lat)
    assert (remark is None) if told is None else (remark is not None and told in remark)


def codes(found: list[Related]) -> list[str]:
    return [each.unit.code for each in found]


def lying(
    session: Session, unit: UUID, predicate: Predicate, level: DivisionLevel | None = DivisionLevel.county
) -> list[Related]:
    return related(session, unit, predicate, on=BEGINNING, level=level, limit=100)


def test_units_lie_inside_and_around_one_another(tx: Transaction, ids: dict[str, UUID]) -> None:
    assert codes(lying(tx.session, ids["320000"], Predicate.contains)) == ["320102", "320104", "320205"]
    assert codes(lying(tx.session, ids["A"], Predicate.within, None)) == ["320000", "320100"]
    assert lying(tx.session, ids["A"], Predicate.overlaps, None) == []


def test_units_that_touch_tell_how_much_border_they_share(tx: Transaction, ids: dict[str, UUID]) -> None:
    found = {each.unit.code: each.border_km for each in lying(tx.session, ids["C"], Predicate.touches)}
    assert found.keys() == {"320102", "320104", "340103"}
    assert found["320102"] == pytest.approx(1.1, abs=0.05)


def test_the_nearest_units_come_first_with_their_distance(tx: Transaction, ids: dict[str, UUID]) -> None:
    found = lying(tx.session, ids["E"], Predicate.nearest)
    assert codes(found)[0] == "340103"
    far = {each.unit.code: each.distance_m for each in found}
    assert far["340103"] == 0.0
    assert far["320205"] == pytest.approx(1109, abs=5)
    assert [each.distance_m for each in found] == sorted(each.distance_m or 0.0 for each in found)


def test_units_without_area_are_in_no_relation(tx: Transaction, ids: dict[str, UUID]) -> None:
    with pytest.raises(NotFound, match="没有范围"):
        related(tx.session, ids["A"], Predicate.touches, on=date(1999, 1, 1), level=None, limit=1)


def test_a_drawn_area_is_told_by_what_lies_in_whom_and_what_in_nobody(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    assert ids
    shape = drawn(box(*at(2, 2), *at(4, 1)))
    covered = covered_on(tx.session, shape, on=BEGINNING)
    assert {portion.unit.code: portion.relation for portion in covered.portions} == {
        "320102": "overlaps",
        "320104": "overlaps",
        "320205": "touches",
    }
    assert sum(portion.share_of_shape or 0 for portion in covered.portions) == pytest.approx(1.0)
    assert covered.uncovered == 0.0
    outside = covered_on(tx.session, drawn(box(*at(0, 5), *at(6, 4))), on=BEGINNING)
    assert outside.uncovered == pytest.approx((outside.size or 0) * 4 / 6, rel=1e-3)
    assert [portion.relation for portion in outside.portions if portion.size] == ["within"]


def test_lines_are_told_in_kilometres_and_points_by_who_contains_them(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    assert ids
    line = covered_on(tx.session, drawn(LineString([at(1, 0.5), at(5, 0.5)])), on=BEGINNING)
    assert [round(portion.share_of_shape or 0, 2) for portion in line.portions] == [0.5, 0.5]
    point = covered_on(tx.session, drawn(Point(at(3, 2))), on=BEGINNING)
    assert [portion.relation for portion in point.portions] == ["touches"] * 3
    assert point.size is None


def move_east_of_a_to_b(tx: Transaction, ids: dict[str, UUID]) -> None:
    act = an_act(tx, "国函〔2021〕3号", DAY)
    faces = cut_off(tx, ids["A"], box(*at(2, 2), *at(3, 0)), on=DAY, instrument_id=act)
    hand_over_faces(tx, dict.fromkeys(faces, ids["B"]), on=DAY, instrument_id=act)
    link(tx, [Descent(ids["A"], ids["B"], LineageKind.transfer, 0.22, 0.25)], on=DAY, instrument_id=act)
    above = [version.division_id for version in divisions_on(tx.session, on=DAY) if version.level != "county"]
    derive(tx, leaves=[ids["A"], ids["B"]], superiors=above, on=DAY, instrument_id=act)


def test_a_drawn_area_is_told_whose_it_was_and_is_with_the_act_between(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    move_east_of_a_to_b(tx, ids)
    found = corresponding(tx.session, drawn(box(*at(1, 2), *at(4, 0))), on=BEGINNING, to=DAY)
    told = {
        (flow.before.code if flow.before else None, flow.after.code if flow.after else None): flow
        for flow in found.flows
    }
    assert told.keys() == {("320102", "320102"), ("320102", "320104"), ("320104", "320104")}
    assert sum(flow.share_of_shape or 0 for flow in found.flows) == pytest.approx(1.0)
    assert [act.number for act in told["320102", "320104"].acts] == ["国函〔2021〕3号"]
    assert told["320104", "320104"].acts == ()


def test_what_nobody_holds_is_told_as_nobodys(tx: Transaction, ids: dict[str, UUID]) -> None:
    move_east_of_a_to_b(tx, ids)
    beyond = corresponding(tx.session, drawn(box(*at(-1, 1), *at(1, 0))), on=BEGINNING, to=DAY)
    assert [(flow.before is None, flow.after is None) for flow in beyond.flows].count((True, True)) == 1
    point = corresponding(tx.session, drawn(Point(at(2.5, 0.5))), on=BEGINNING, to=DAY)
    [flow] = point.flows
    assert flow.before is not None
    assert flow.after is not None
    assert (flow.before.code, flow.after.code) == ("320102", "320104")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corners=st.lists(st.tuples(st.floats(-2, 8), st.floats(-2, 7)), min_size=3, max_size=6, unique=True),
)
@example(corners=[(0.0, 0.0), (5.0, 0.0), (0.89453125, 4.197410300725471)])  # a thin tip in another unit
@example(corners=[(0.0, 0.0), (0.1, 0.0), (0.0, 0.001)])  # a shape of some square metres
@example(corners=[(-2.0, -1.9), (8.0, 3.1), (8.0, 7.0), (-2.0, 6.3)])  # long edges through all of it
def test_shares_of_whatever_is_drawn_sum_to_the_whole(
    tx: Transaction, ids: dict[str, UUID], corners: list[tuple[float, float]]
) -> None:
    shape = shapely.convex_hull(shapely.multipoints([at(*corner) for corner in corners]))
    if shape.geom_type != "Polygon" or shape.area < 1e-8:
        return
    assert ids
    covered = covered_on(tx.session, drawn(shape), on=BEGINNING)
    held = sum(portion.size or 0 for portion in covered.portions)
    assert held + (covered.uncovered or 0) == pytest.approx(covered.size, rel=2e-6, abs=1e-8)
    flows = corresponding(tx.session, drawn(shape), on=BEGINNING, to=DAY).flows
    assert sum(flow.share_of_shape or 0 for flow in flows) == pytest.approx(1.0, abs=5e-5)


def test_the_whole_of_a_unit_is_that_unit(tx: Transaction, ids: dict[str, UUID]) -> None:
    area = extents_on(tx.session, [ids["B"]], on=BEGINNING)[ids["B"]]
    [portion, *others] = covered_on(tx.session, drawn(area), on=BEGINNING).portions
    assert portion.unit.id == ids["B"]
    assert portion.share_of_unit == pytest.approx(1.0)
    assert portion.size == pytest.approx(
        areas_on(tx.session, [ids["B"]], on=BEGINNING)[ids["B"]][1], abs=1e-5
    )
    assert {other.relation for other in others} == {"touches"}


BAD_SHAPES = {
    "no GeoJSON": {"type": "Polygon", "coordinates": "here"},
    "another kind": {"type": "GeometryCollection", "geometries": []},
    "empty": {"type": "Polygon", "coordinates": []},
    "an open ring": {"type": "Polygon", "coordinates": [[[119, 32], [119.1, 32], [119.1, 31]]]},
    "crossing itself": {
        "type": "Polygon",
        "coordinates": [[[119, 32], [119.1, 31.9], [119.1, 32], [119, 31.9], [119, 32]]],
    },
    "metres": {"type": "Point", "coordinates": [400000.0, 3500000.0]},
    "swapped": {"type": "Point", "coordinates": [32.0, 120.0]},
    "swapped within degrees": {"type": "Point", "coordinates": [32.0, 80.0]},
    "too large": {"type": "LineString", "coordinates": [[119 + i * 1e-5, 32] for i in range(20_001)]},
}


@pytest.mark.parametrize("what", BAD_SHAPES)
def test_shapes_that_cannot_be_meant_are_refused(what: str) -> None:
    with pytest.raises(InvalidInput):
        read_drawn(BAD_SHAPES[what])
