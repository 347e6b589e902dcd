"""Townships below a county that was entered as a whole: its area is handed down, its border stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis_service.foundation.findings import Finding, RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import LoadReport, Request, load, mend, open_delivery
from gis_service.procedures.intake.schemas import Columns
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.commands import NewDivision, rewrite
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.deliveries import collection, geojson
from tests.support.factories import BEGINNING, an_act, drawn

LATER = date(2021, 1, 1)
NAMES = {"320602001": "东街道", "320602002": "西街道", "320602100": "北镇"}


@pytest.fixture
def county(tx: Transaction) -> UUID:
    """崇川区, four cells by two, beside 港闸区; both entered as a whole."""
    drawn(tx, "AAAAB\nAAAAB", {"A": ("320602", "崇川区"), "B": ("320611", "港闸区")})
    return division_by_code(tx.session, "320602", on=BEGINNING).division_id


def area(tx: Transaction, unit: UUID, on: date) -> BaseGeometry:
    return extents_on(tx.session, [unit], on=on)[unit]


def halves(whole: BaseGeometry, *, short: float = 0.0, beyond: float = 0.0) -> list[Polygon]:
    """An eastern half, and a western one in two; all of them short of the border, or beyond it."""
    west, south, east, north = whole.bounds
    west, south = west + short - beyond, south + short - beyond
    east, north = east - short + beyond, north - short + beyond
    middle, across = round((west + east) / 2 + 0.0003, 7), round((south + north) / 2 + 0.0007, 7)
    return [
        Polygon([(middle, south), (east, south), (east, north), (middle, north), (middle, across)]),
        Polygon([(west, south), (middle, south), (middle, across), (west, across)]),
        Polygon([(west, across), (middle, across), (middle, north), (west, north)]),
    ]


def deliver(
    tx: Transaction,
    folder: Path,
    shapes: Sequence[BaseGeometry],
    *,
    on: date = LATER,
    repair: bool = False,
    codes: Sequence[str] = tuple(NAMES),
) -> LoadReport:
    document = collection(list(shapes), codes=list(codes))
    for feature, name in zip(document["features"], NAMES.values(), strict=False):
        feature["properties"]["name"] = name
    path = geojson(folder, document)
    columns = Columns(code="code", name="name")
    opened = open_delivery(Request(str(path), on, level=DivisionLevel.township, columns=columns))
    return load(tx, mend(opened) if repair else opened)


def refused(tx: Transaction, folder: Path, shapes: Sequence[BaseGeometry]) -> Finding:
    with pytest.raises(RuleViolated) as told:
        deliver(tx, folder, shapes)
    [finding] = [each for each in told.value.findings if each.blocking]
    return finding


@pytest.mark.parametrize("on", [BEGINNING, LATER])
def test_the_area_is_handed_down_and_the_border_stays(
    tx: Transaction, county: UUID, tmp_path: Path, on: date
) -> None:
    before = area(tx, county, BEGINNING)
    report = deliver(tx, tmp_path, halves(before), on=on)
    assert (report.entered, report.superiors, report.faces) == (3, 0, 3)
    after = area(tx, county, on)
    assert shapely.equals(after, before)
    towns = {code: division_by_code(tx.session, code, on=on).division_id for code in NAMES}
    parts = extents_on(tx.session, towns.values(), on=on)
    assert shapely.coverage_is_valid([*parts.values()])
    assert shapely.equals(shapely.coverage_union_all([*parts.values()]), after)
    held = tx.session.scalars(select(Membership).where(Membership.division_id == county)).all()
    assert not [each for each in held if each.valid and on in each.valid]
    vertices = [{tuple(xy) for xy in shapely.get_coordinates(shape)} for shape in (before, after)]
    assert vertices[0] <= vertices[1]
    assert len(vertices[1] - vertices[0]) <= 3  # where the new lines end
    assert not prove(tx.session)
    assert deliver(tx, tmp_path, halves(before), on=on).changed_nothing


def test_what_is_drawn_beside_the_border_means_it(tx: Transaction, county: UUID, tmp_path: Path) -> None:
    before = area(tx, county, BEGINNING)
    deliver(tx, tmp_path, halves(before, short=0.00003))
    assert shapely.equals(area(tx, county, LATER), before)
    assert not prove(tx.session)


@pytest.mark.parametrize("how", ["short", "beyond"])
def test_a_border_drawn_farther_off_needs_mending(
    tx: Transaction, county: UUID, tmp_path: Path, how: str
) -> None:
    before = area(tx, county, BEGINNING)
    shapes = halves(before, **{how: 0.0002})
    finding = refused(tx, tmp_path, shapes)
    assert finding.rule == "R-INT-72"
    assert ("没有覆盖的" if how == "short" else "超出的") in finding.message
    assert finding.place is not None
    report = deliver(tx, tmp_path, shapes, repair=True)
    assert any("以登记为准" in each.message for each in report.findings)
    assert shapely.equals(area(tx, county, LATER), before)
    assert not prove(tx.session)


def test_a_township_that_is_missing_is_told(tx: Transaction, county: UUID, tmp_path: Path) -> None:
    finding = refused(tx, tmp_path, halves(area(tx, county, BEGINNING))[:2])
    assert "没有覆盖的" in finding.message


def test_neighbours_keep_every_vertex_but_those_a_new_line_ends_at(
    tx: Transaction, county: UUID, tmp_path: Path
) -> None:
    other = division_by_code(tx.session, "320611", on=BEGINNING).division_id
    before = area(tx, other, BEGINNING)
    deliver(tx, tmp_path, halves(area(tx, county, BEGINNING)))
    assert area(tx, other, LATER).equals_exact(before)


def test_with_others_that_lie_elsewhere_it_is_refused(tx: Transaction, county: UUID, tmp_path: Path) -> None:
    codes = ["320602001", "320602002", "320612100"]
    with pytest.raises(RuleViolated) as told:
        deliver(tx, tmp_path, halves(area(tx, county, BEGINNING)), codes=codes)
    messages = [each.message for each in told.value.findings if each.rule == "R-INT-71" and each.blocking]
    assert any("320602" in message and "整体入库" in message for message in messages)


def test_a_county_that_changes_later_is_not_divided_before(
    tx: Transaction, county: UUID, tmp_path: Path
) -> None:
    before = division_by_code(tx.session, "320602", on=BEGINNING)
    renamed = NewDivision("320602", "崇海区", DivisionLevel.county, "市辖区", before.superior_id, id=county)
    rewrite(tx, revised=[renamed], on=date(2022, 1, 1), instrument_id=an_act(tx))
    finding = refused(tx, tmp_path, halves(area(tx, county, BEGINNING)))
    assert "来件日期之后尚有变动" in finding.message
    deliver(tx, tmp_path, halves(area(tx, county, BEGINNING)), on=date(2022, 1, 1))
    assert not prove(tx.session)
