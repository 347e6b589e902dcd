"""Boundaries: edges stored once, extents and lines derived, areas joined load by load."""

from __future__ import annotations

from datetime import date

import shapely
from sqlalchemy import select

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands import derive, hand_over
from gis_service.registers.boundaries.models import Edge, Face
from gis_service.registers.boundaries.queries import border_between, extents_on, lines_in_force, measured
from gis_service.registers.divisions.commands import NewDivision, end, establish
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.factories import BEGINNING, an_act, drawn

TWO_CITIES = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320205", "丙区"),
    "D": ("340103", "丁区"),
}


def test_every_stretch_of_border_is_stored_once(tx: Transaction) -> None:
    drawn(tx, "AB CD", TWO_CITIES)
    edges = tx.session.scalars(select(Edge)).all()
    inner = [edge for edge in edges if edge.right_face_id is not None]
    assert len(inner) == 4
    assert len(edges) == 8


def test_lines_stand_at_the_highest_level_on_which_sides_differ(tx: Transaction) -> None:
    drawn(tx, "AB CD", TWO_CITIES)
    lines = {(line.level, line.code, line.name) for line in lines_in_force(tx.session, on=BEGINNING)}
    assert lines == {
        ("county", "0204", "甲区—乙区线"),
        ("prefecture", "0102", "3201—3202线"),
        ("province", "3234", "苏皖线"),
    }


def test_length_of_a_line_is_the_sum_of_its_edges_between_all_pairs(tx: Transaction) -> None:
    drawn(tx, "AB CD", TWO_CITIES)
    [line] = measured(tx.session, lines_in_force(tx.session, on=BEGINNING, code="3234"), on=BEGINNING)
    assert [(stretch.low, stretch.high) for stretch in line.stretches] == [
        ("320104", "340103"),
        ("320205", "340103"),
    ]
    assert 2.0 < line.length_km < 2.2


def test_superior_is_the_union_of_its_inferiors(tx: Transaction) -> None:
    ids = drawn(tx, "AB CD", TWO_CITIES)
    extents = extents_on(tx.session, ids.values(), on=BEGINNING)
    assert extents[ids["320100"]].equals(shapely.union_all([extents[ids["A"]], extents[ids["B"]]]))
    assert extents[ids["320000"]].equals(
        shapely.union_all([extents[ids["A"]], extents[ids["B"]], extents[ids["C"]]])
    )


def test_units_loaded_later_join_the_registered_edges(tx: Transaction) -> None:
    first = drawn(tx, "AA.. AA..", {"A": ("320102", "甲区")})
    second = drawn(tx, "..BB ..CC", {"B": ("320104", "乙区"), "C": ("320105", "丙区")})
    edges = tx.session.scalars(select(Edge)).all()
    assert len([edge for edge in edges if edge.right_face_id is not None]) == 3
    assert len(border_between(tx.session, first["A"], second["B"], on=BEGINNING).geoms) == 1
    assert {line.name for line in lines_in_force(tx.session, on=BEGINNING)} == {
        "甲区—乙区线",
        "甲区—丙区线",
        "乙区—丙区线",
    }
    faces = shapely.from_wkb([bytes(f) for f in tx.session.scalars(select(Face.geom.ST_AsBinary()))])
    assert shapely.coverage_is_valid(faces)


def test_units_load_beside_neighbours_that_have_changed_hands_since(tx: Transaction) -> None:
    ids = drawn(tx, "AB.. AB..", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
    day = date(2020, 6, 5)
    act = an_act(tx, on=day)
    end(tx, ids["B"], on=day, instrument_id=act)
    new = NewDivision("320105", "新区", DivisionLevel.county, "市辖区", ids["320100"])
    establish(tx, [new], on=day, instrument_id=act)
    hand_over(tx, {ids["B"]: new.id}, on=day, instrument_id=act)
    derive(tx, leaves=[ids["B"], new.id], superiors=[], on=day, instrument_id=act)
    later = drawn(tx, "..CC ..CC", {"C": ("320106", "丙区")})
    assert not border_between(tx.session, ids["B"], later["C"], on=BEGINNING).is_empty
    assert not border_between(tx.session, new.id, later["C"], on=day).is_empty
    names = {line.name: line for line in lines_in_force(tx.session, on=BEGINNING)}
    assert names["乙区—丙区线"].valid.end == day
    assert names["乙区—丙区线"].ended_by == act
    assert {line.name for line in lines_in_force(tx.session, on=day)} == {
        "甲区—新区线",
        "新区—丙区线",
    }
