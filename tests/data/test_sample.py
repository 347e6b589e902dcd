"""The sample is right: 201 units that cover what the 199 of today cover, and become them by the two acts."""

import pytest
import shapely

from gis_service.foundation.measure import area_km2

MERGERS = {"320613": {"320602", "320611"}, "340209": {"340203", "340208"}}


def total_km2(units):
    return sum(area_km2(outline) for _, outline in units.values())


def test_the_sample_has_201_units_before_and_199_after(sample):
    assert len(sample.units) == sample.manifest["dataset"]["units"] == 201
    assert len(sample.selected) == 199


@pytest.mark.parametrize("state", ["units", "selected"])
def test_the_coverage_is_valid_on_both_dates(sample, outlines, state):
    polygons = outlines(getattr(sample, state))
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)


def test_the_total_area_is_the_same_before_and_after(sample):
    assert total_km2(sample.units) == pytest.approx(total_km2(sample.selected), abs=1e-6)


def test_every_unit_of_the_sample_hangs_on_its_own_prefecture_and_province(sample):
    columns = sample.manifest["columns"]
    rows = [row for row in sample.rows if row[columns["code"]] in sample.selected]
    for row in rows:
        assert row[columns["prefecture_code"]] == row[columns["code"]][:4] + "00"
        assert row[columns["province_code"]] == row[columns["code"]][:2] + "0000"


@pytest.mark.parametrize(("merged", "parts"), MERGERS.items(), ids=MERGERS)
def test_a_line_splits_its_unit_into_exactly_the_two_old_ones(sample, merged, parts):
    whole = sample.selected[merged][1]
    left, right = (sample.units[code][1] for code in sorted(parts))
    assert left.is_valid
    assert right.is_valid
    assert shapely.union(left, right).equals(whole)
    assert shapely.intersection(left, right).area == 0


@pytest.mark.parametrize(
    ("code", "inside", "low_km2", "high_km2"),
    [
        ("320611", (120.81415, 32.03457), 134, 160),
        ("320602", (120.85317, 32.01201), 380, 440),
        ("340203", (118.36727, 31.31363), 160, 180),
        ("340208", (118.26286, 31.22164), 289, 345),
    ],
    ids=["港闸区", "崇川区", "弋江区", "三山区"],
)
def test_an_old_unit_contains_its_centre_and_has_a_plausible_area(sample, code, inside, low_km2, high_km2):
    outline = sample.units[code][1]
    assert outline.contains(shapely.Point(inside))
    assert low_km2 < area_km2(outline) < high_km2


def test_splitting_adds_no_vertex_to_any_neighbour(sample):
    untouched = set(sample.selected) & set(sample.units)
    assert len(untouched) == 194
    for code in untouched:
        assert sample.units[code][1] is sample.selected[code][1]


def test_the_acts_turn_the_sample_into_the_code_table_of_today(sample, acts, truth):
    names = {code: name for code, (name, _) in sample.units.items()}
    for act in acts:
        for operation in act["operations"]:
            for code in operation["from"]:
                del names[code]
            names[operation["into"]["code"]] = operation["into"]["name"]
    assert set(names.items()) == truth
    assert len(truth) == 199


def test_every_operation_of_an_act_starts_from_units_of_the_sample(sample, acts):
    started = [code for act in acts for operation in act["operations"] for code in operation["from"]]
    assert sorted(started) == ["320602", "320611", "320684", "340203", "340208", "340221", "340222"]
    assert set(started) <= set(sample.units)


def test_an_operation_takes_exactly_the_area_its_unit_has_today(sample, acts):
    for operation in (operation for act in acts for operation in act["operations"]):
        before = shapely.union_all([sample.units[code][1] for code in operation["from"]])
        assert before.equals(sample.selected[operation["into"]["code"]][1])
        assert operation["kind"] == ("merge" if len(operation["from"]) > 1 else "conversion")


def test_a_province_alone_has_the_units_it_announces(dataset):
    shandong = dataset("shandong.toml")
    assert len(shandong.units) == shandong.manifest["dataset"]["units"] == 136
    assert shapely.coverage_is_valid([outline for _, outline in shandong.units.values()])


def test_jiangsu_and_shandong_together_claim_two_islets_twice(sample, dataset):
    one, other = sample.units["320703"][1], dataset("shandong.toml").units["371103"][1]
    overlap = shapely.intersection(one, other)
    assert shapely.get_num_geometries(overlap) == 2
    assert area_km2(overlap) == pytest.approx(0.268, abs=0.001)
