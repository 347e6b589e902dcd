"""Plans: the same content gives the same plan, whatever the order; names never collide and never vanish."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
import shapely

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.maps.schemas import (
    ChangeEvidence,
    DataSource,
    Level,
    Rect,
    SheetPlan,
    UnitRole,
)
from gis_service.publications.maps.sheets import change, division
from gis_service.publications.maps.sheets.drafting.paper import crosses_along
from tests.support import map_samples

OFFICIAL = DataSource("界线详图", "据省级行政区域界线详图。", has_legal_force=True)


def shuffled(evidence: ChangeEvidence, seed: int) -> ChangeEvidence:
    order = random.Random(seed)

    def mixed(items: tuple) -> tuple:
        return tuple(order.sample(items, len(items)))

    return replace(
        evidence,
        units_before=mixed(evidence.units_before),
        units_after=mixed(evidence.units_after),
        lines=mixed(evidence.lines),
        superiors=mixed(evidence.superiors),
    )


def same_drawing(one: SheetPlan, other: SheetPlan) -> bool:
    return replace(one, evidence=other.evidence) == other


def overlap(one: Rect, other: Rect) -> bool:
    apart = (
        one.right_mm <= other.x_mm
        or other.right_mm <= one.x_mm
        or one.bottom_mm <= other.y_mm
        or other.bottom_mm <= one.y_mm
    )
    return not apart


def assert_names_are_clear(plan: SheetPlan) -> None:
    for frame in plan.frames:
        for one, other in combinations(frame.labels, 2):
            assert not overlap(one.box.grown(-0.01), other.box.grown(-0.01)), (one.text, other.text)
        for label in frame.labels:
            assert not label.box.x_mm < frame.inner.x_mm
            assert not label.box.right_mm > frame.inner.right_mm


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_evidence_changes_neither_fingerprint_nor_drawing(seed: int) -> None:
    evidence = map_samples.nantong_change()
    plan, other = change.plan(evidence), change.plan(shuffled(evidence, seed))
    assert plan.fingerprint == other.fingerprint
    assert same_drawing(plan, other)


def test_direction_and_start_of_outlines_do_not_enter_the_fingerprint() -> None:
    evidence = map_samples.division("320614")
    turned = replace(evidence.subject, geometry=shapely.reverse(evidence.subject.geometry))
    same = division.plan(replace(evidence, subject=turned))
    assert same.fingerprint == division.plan(evidence).fingerprint


def test_a_new_edition_of_the_same_content_has_the_same_fingerprint() -> None:
    first = map_samples.division("320614")
    later = replace(map_samples.IMPRINT, edition=2, edition_on=date(2024, 1, 1))
    assert division.plan(replace(first, imprint=later)).fingerprint == division.plan(first).fingerprint


def test_a_moved_vertex_a_new_name_and_a_review_number_each_change_the_fingerprint() -> None:
    evidence = map_samples.division("320614")
    moved = shapely.transform(evidence.subject.geometry, lambda xy: xy + np.array([1e-6, 0]))
    others = [
        replace(evidence, subject=replace(evidence.subject, geometry=moved)),
        replace(evidence, subject=replace(evidence.subject, name="海门市")),
        replace(evidence, imprint=replace(evidence.imprint, review_number="苏S（2024）1号")),
    ]
    prints = {division.plan(item).fingerprint for item in (evidence, *others)}
    assert len(prints) == 4


@pytest.mark.parametrize("code", ["320614", "320613", "320506"])
def test_names_on_a_division_sheet_keep_clear_of_each_other(code: str) -> None:
    plan = division.plan(map_samples.division(code))
    assert_names_are_clear(plan)
    assert any(label.subject == code for label in plan.frames[0].labels)


def test_every_visible_unit_of_a_change_is_named() -> None:
    plan = change.plan(map_samples.nantong_change())
    assert_names_are_clear(plan)
    for frame in plan.frames[:2]:
        drawn = {layer.key.removeprefix("unit-") for layer in frame.layers if layer.key.startswith("unit-")}
        assert {label.subject for label in frame.labels} == drawn


def test_names_without_room_become_numbers_explained_in_the_notes() -> None:
    names = [f"某某某某某某自治地方第{number}号特别行政管理试验区" for number in range(60)]
    plan = change.plan(map_samples.grid_change([*names, "合并区"], columns=10))
    assert_names_are_clear(plan)
    numbered = [label for label in plan.frames[0].labels if label.number]
    assert numbered
    notes = next(text.text for text in plan.texts if text.key == "notes")
    for label in numbered:
        assert f"{label.number} {plan.numbered_names[label.number - 1]}" in notes
    frame = plan.frames[0]
    drawn = {layer.key.removeprefix("unit-") for layer in frame.layers if layer.key.startswith("unit-")}
    assert {label.subject for label in frame.labels} == drawn


def test_denominators_are_usual_and_the_subject_lies_within_the_neat_line() -> None:
    for plan in (
        change.plan(map_samples.nantong_change()),
        division.plan(map_samples.division("320614")),
        division.plan(map_samples.division("320506")),
    ):
        frame = plan.frames[0]
        assert plan.denominator in {100_000, 150_000, 200_000, 250_000, 300_000, 400_000, 500_000}
        subjects = [
            shape for layer in frame.layers if "affected" in layer.style.key for shape in layer.shapes
        ]
        xs, ys = zip(*(point for shape in subjects for ring in shape for point in ring), strict=True)
        assert frame.inner.x_mm < min(xs) < max(xs) < frame.inner.right_mm
        assert frame.inner.y_mm < min(ys) < max(ys) < frame.inner.bottom_mm
        filled = max((max(xs) - min(xs)) / frame.inner.width_mm, (max(ys) - min(ys)) / frame.inner.height_mm)
        assert filled > 0.6


@pytest.mark.parametrize(
    ("lon", "epsg", "zone"), [(118.2, 4548, 39), (119.9, 4549, 40), (121.6, 4550, 41), (75.1, 4534, 25)]
)
def test_zone_follows_the_centre_of_the_sheet(lon: float, epsg: int, zone: int) -> None:
    plan = change.plan(map_samples.grid_change(["甲区", "乙区", "丙县", "丁区"], lon=lon))
    assert (plan.projection.epsg, plan.projection.zone) == (epsg, zone)


def test_coordinates_outside_the_zones_are_refused_with_a_way_out() -> None:
    with pytest.raises(InvalidInput, match="经度在前"):
        change.plan(map_samples.grid_change(["甲区", "乙区", "丙县", "丁区"], lon=31.5, lat=60.0))


def test_a_change_without_affected_units_on_one_date_is_refused() -> None:
    evidence = map_samples.nantong_change()
    none_after = tuple(replace(unit, role=UnitRole.neighbour) for unit in evidence.units_after)
    with pytest.raises(InvalidInput, match="当事政区"):
        change.plan(replace(evidence, units_after=none_after))


def test_table_lists_ended_begun_and_stayed_lines_with_both_lengths() -> None:
    plan = change.plan(map_samples.nantong_change())
    rows = (*plan.table.rows, *plan.table.more_rows)
    inner = next(row for row in rows if row[2] == "崇川区—港闸区线")
    assert inner[0] == "撤销"
    assert float(inner[3]) > 20
    assert inner[4] == "—"
    assert inner[5] == "实地撤销"
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=["撤销", "新增", "保留"].index)
    assert len(rows) == len(plan.evidence.lines)


def test_only_the_vanished_line_is_emphasised_where_the_rest_merely_changed_its_code() -> None:
    plan = change.plan(map_samples.nantong_change())
    keys = [{layer.key for layer in frame.layers} for frame in plan.frames[:2]]
    assert "ended" in keys[0]
    assert {"ended_trace", "recoded"} <= keys[1]
    assert "begun" not in keys[1]


def test_statement_without_legal_force_stands_on_every_sheet_unless_the_source_has_it() -> None:
    evidence = map_samples.division("320614")
    official = replace(
        evidence, imprint=replace(evidence.imprint, sources=(OFFICIAL,), review_number="苏S（2024）1号")
    )
    notes = [
        next(text.text for text in division.plan(item).texts if text.key == "notes")
        for item in (evidence, official)
    ]
    assert "不具有法律效力" in notes[0]
    assert "不具有法律效力" not in notes[1]
    assert OFFICIAL.statement in notes[1]
    assert "审图号：苏S（2024）1号" in notes[1]
    assert division.plan(official).findings == ()


def test_touching_units_never_share_a_colour() -> None:
    plan = change.plan(map_samples.nantong_change())
    frame = plan.frames[0]
    units = {unit.code: unit for unit in plan.evidence.units_before}
    fills = {
        layer.key.removeprefix("unit-"): layer.style.fill for layer in frame.layers if "unit-" in layer.key
    }
    for one, other in combinations(sorted(fills), 2):
        shared = shapely.intersection(units[one].geometry, units[other].geometry)
        if shared.length > 0:
            assert fills[one] != fills[other], (one, other)


def test_lines_inside_a_subject_are_drawn_in_their_own_level_and_not_as_its_border() -> None:
    evidence = map_samples.division("320614")
    west, south, east, north = evidence.subject.geometry.bounds
    inner = shapely.linestrings([((west + east) / 2, south + 0.1), ((west + east) / 2, north - 0.1)])
    line = replace(evidence.lines[0], code="inner", level=Level.township, geometry=inner, length_km=1.0)
    frame = division.plan(replace(evidence, lines=(*evidence.lines, line))).frames[0]
    layers = {layer.key: layer for layer in frame.layers}
    drawn = layers["border-township"].shapes
    assert len(drawn) == 1
    band = {point for shape in layers["subject"].shapes for path in shape for point in path}
    assert not band & set(drawn[0][0])


def test_a_frame_without_the_ended_line_gets_no_crosses() -> None:
    assert crosses_along(shapely.MultiLineString(), every_mm=7.0, arm_mm=0.75).is_empty
