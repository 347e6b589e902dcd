"""Lengths measured on the printed page are lengths on the ground divided by the denominator."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gis_service.publications.maps.formats import pdf
from gis_service.publications.maps.schemas import MapFrame, SheetPlan
from gis_service.publications.maps.sheets import change, division
from tests.publications.maps.pdf_reader import Drawn, read_page
from tests.support import map_samples

ALLOWED_MM = 0.1
LONG_MM = 200.0


@pytest.fixture(scope="module")
def division_sheet() -> tuple[SheetPlan, Drawn]:
    plan = division.plan(map_samples.division("320614"))
    return plan, read_page(pdf.draw(plan))


def straight_lines(drawn: Drawn, width_mm: float, axis: int) -> np.ndarray:
    """Positions in mm of straight strokes of this width whose x (axis 0) or y (axis 1) is constant."""
    found = []
    for stroke_mm, path in drawn.paths:
        if abs(stroke_mm - width_mm) < 0.005:
            pairs = path[: len(path) // 2 * 2].reshape(-1, 2, 2)
            flat = np.abs(pairs[:, 0, axis] - pairs[:, 1, axis]) < 0.001
            found.extend(pairs[flat][:, 0, axis])
    return np.unique(np.round(found, 5))


def drawn_near(points: np.ndarray, expected: tuple[float, float]) -> np.ndarray:
    return points[np.argmin(np.hypot(*(points - np.array(expected)).T))]


def ground_vertices(
    plan: SheetPlan, frame: MapFrame, shapes: list[shapely.Geometry]
) -> list[tuple[float, float]]:
    """Projected vertices, by pyproj alone, that lie well within the frame, west first."""
    to_metres = Transformer.from_crs("EPSG:4490", f"EPSG:{plan.projection.epsg}", always_xy=True)
    lonlat = np.vstack([shapely.get_coordinates(shape) for shape in shapes])
    east, north = to_metres.transform(lonlat[:, 0], lonlat[:, 1])
    width_m = frame.inner.width_mm * frame.denominator / 1000
    height_m = frame.inner.height_mm * frame.denominator / 1000
    inside = (
        (east > frame.west_m + 500)
        & (east < frame.west_m + width_m - 500)
        & (north > frame.south_m + 500)
        & (north < frame.south_m + height_m - 500)
    )
    return sorted(set(zip(east[inside].tolist(), north[inside].tolist(), strict=True)))


def worst_error_mm(
    plan: SheetPlan, frame: MapFrame, drawn: Drawn, shapes: list[shapely.Geometry]
) -> tuple[float, float]:
    """Largest error of a drawn distance between far ground points, and the longest such distance, in mm."""
    points = drawn.points()
    box = frame.inner
    within = points[
        (points[:, 0] >= box.x_mm) & (points[:, 0] <= box.right_mm)
        & (points[:, 1] >= box.y_mm) & (points[:, 1] <= box.bottom_mm)
    ]  # fmt: skip
    ground = ground_vertices(plan, frame, shapes)
    chosen = ground[:12] + ground[-12:]
    errors, longest = [], 0.0
    for one, other in combinations(chosen, 2):
        expected = float(np.hypot(other[0] - one[0], other[1] - one[1])) * 1000 / plan.denominator
        ends = [drawn_near(within, frame.on_page(*point)) for point in (one, other)]
        measured = float(np.hypot(*(ends[1] - ends[0])))
        errors.append(abs(measured - expected))
        longest = max(longest, expected)
    return max(errors), longest


def test_ground_points_over_200_mm_apart_are_drawn_within_a_tenth_of_a_millimetre(
    division_sheet: tuple[SheetPlan, Drawn],
) -> None:
    plan, drawn = division_sheet
    shapes = [plan.evidence.subject.geometry, *(unit.geometry for unit in plan.evidence.neighbours)]
    error_mm, longest_mm = worst_error_mm(plan, plan.frames[0], drawn, shapes)
    assert longest_mm >= LONG_MM
    assert error_mm <= ALLOWED_MM


def test_both_frames_of_a_change_sheet_keep_the_same_true_scale() -> None:
    plan = change.plan(map_samples.nantong_change())
    drawn = read_page(pdf.draw(plan))
    for frame, units in zip(
        plan.frames[:2], (plan.evidence.units_before, plan.evidence.units_after), strict=True
    ):
        error_mm, longest_mm = worst_error_mm(plan, frame, drawn, [unit.geometry for unit in units])
        assert longest_mm > 150
        assert error_mm <= ALLOWED_MM


def test_kilometre_lines_stand_where_their_values_say(division_sheet: tuple[SheetPlan, Drawn]) -> None:
    plan, drawn = division_sheet
    frame = plan.frames[0]
    positions = straight_lines(drawn, 0.08, 0)
    positions = positions[positions < frame.inner.right_mm]  # the table beside it has as fine a rule
    eastings = [line.value for line in frame.grid if line.kind == "kilometre" and line.axis == "x"]
    expected = [frame.inner.x_mm + (east - frame.west_m) * 1000 / frame.denominator for east in eastings]
    assert len(positions) == len(expected) >= 2
    assert np.abs(positions - np.array(expected)).max() < 0.01
    assert positions[-1] - positions[0] >= LONG_MM


def test_graticule_crossings_agree_with_the_projection(division_sheet: tuple[SheetPlan, Drawn]) -> None:
    plan, drawn = division_sheet
    frame = plan.frames[0]
    to_metres = Transformer.from_crs("EPSG:4490", f"EPSG:{plan.projection.epsg}", always_xy=True)
    lon = next(line.value for line in frame.grid if line.kind == "graticule" and line.axis == "x")
    line = next(line for line in frame.grid if line.kind == "graticule" and line.value == lon)
    points = drawn.points()
    for x, y in (line.path[0], line.path[-1]):
        north = frame.south_m + (frame.inner.bottom_mm - y) * frame.denominator / 1000
        back = Transformer.from_crs(f"EPSG:{plan.projection.epsg}", "EPSG:4490", always_xy=True)
        _, lat = back.transform(frame.west_m + (x - frame.inner.x_mm) * frame.denominator / 1000, north)
        expected = frame.on_page(*to_metres.transform(lon, lat))
        assert np.hypot(*(drawn_near(points, expected) - np.array(expected))) < ALLOWED_MM


def test_scale_bar_segments_have_the_length_they_name(division_sheet: tuple[SheetPlan, Drawn]) -> None:
    plan, drawn = division_sheet
    bar = plan.scale_bars[0]
    kilometres = float(bar.labels[-1].split()[0])
    expected_mm = kilometres * 1_000_000 / plan.denominator
    on_bar = [
        path for _, path in drawn.paths if np.abs(path[:, 1] - bar.y_mm).min() < 0.01 and len(path) >= 4
    ]
    assert on_bar
    joined = np.vstack(on_bar)
    assert np.ptp(joined[:, 0]) == pytest.approx(expected_mm, abs=ALLOWED_MM)


def test_north_arrow_turns_to_true_north(division_sheet: tuple[SheetPlan, Drawn]) -> None:
    plan, _ = division_sheet
    frame = plan.frames[0]
    to_metres = Transformer.from_crs("EPSG:4490", f"EPSG:{plan.projection.epsg}", always_xy=True)
    west, south, east, north = plan.evidence.subject.geometry.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    start, end = to_metres.transform(lon, lat), to_metres.transform(lon, lat + 0.01)
    bearing_deg = np.degrees(np.arctan2(end[0] - start[0], end[1] - start[1]))
    assert plan.north_arrows[0].rotation_deg == pytest.approx(bearing_deg, abs=0.01)
    assert frame.denominator == plan.denominator
