"""Areas and lengths on the ellipsoid, held against values that were not computed by this code."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis_service.foundation.measure import (
    area_km2,
    areas_km2,
    distance_m,
    length_km,
    lengths_m,
)

# GRS80, which is CGCS2000 to within a tenth of a millimetre: semi-major axis and first eccentricity squared.
A_M, E2 = 6_378_137.0, 0.006694380022903416


def meridian_arc_m(south: float, north: float) -> float:
    """Length of a meridian arc by Simpson's rule over the radius of curvature M(φ)."""
    steps = 2000
    low, high = math.radians(south), math.radians(north)
    width = (high - low) / steps
    radii = [A_M * (1 - E2) / (1 - E2 * math.sin(low + i * width) ** 2) ** 1.5 for i in range(steps + 1)]
    return width / 3 * (radii[0] + radii[-1] + 4 * sum(radii[1:-1:2]) + 2 * sum(radii[2:-1:2]))


def zone_km2(south: float, north: float) -> float:
    """Area between two parallels over one degree of longitude, in closed form."""
    e = math.sqrt(E2)

    def primitive(latitude: float) -> float:
        sine = math.sin(math.radians(latitude))
        return sine / (2 * (1 - E2 * sine**2)) + math.log((1 + e * sine) / (1 - e * sine)) / (4 * e)

    return A_M**2 * (1 - E2) * (primitive(north) - primitive(south)) * math.radians(1) / 1e6


@pytest.mark.parametrize("south", [3.0, 20.0, 31.5, 45.0, 53.0])
def test_a_degree_of_meridian_has_its_known_length(south: float) -> None:
    known = meridian_arc_m(south, south + 1)
    assert distance_m(119, south, 119, south + 1) == pytest.approx(known, abs=0.001)
    assert length_km(LineString([(119, south), (119, south + 1)])) * 1000 == pytest.approx(known, abs=0.001)
    assert lengths_m([LineString([(119, south), (119, south + 0.5), (119, south + 1)])]) == pytest.approx(
        [known], abs=0.001
    )


def test_a_degree_of_the_equator_has_its_known_length() -> None:
    assert distance_m(100, 0, 101, 0) == pytest.approx(A_M * math.radians(1), abs=0.001)


@pytest.mark.parametrize("south", [3.0, 31.5, 53.0])
def test_a_box_between_parallels_has_its_known_area(south: float) -> None:
    """With a vertex each 1/1000 degree the geodesics follow the parallels to well below a millionth."""
    box = shapely.segmentize(shapely.box(118, south, 119, south + 1), 0.001)
    assert area_km2(box) == pytest.approx(zone_km2(south, south + 1), rel=1e-7)


def test_planar_degrees_would_be_wrong_by_a_third_in_the_north() -> None:
    box = shapely.box(125, 53, 126, 54)
    planar_km2 = box.area * (meridian_arc_m(53, 54) / 1000) ** 2
    assert area_km2(box) < planar_km2 * 0.7


def test_holes_are_taken_off_and_parts_add_up() -> None:
    whole, hole = shapely.box(118, 31, 119, 32), shapely.box(118.25, 31.25, 118.75, 31.75)
    ring = whole.difference(hole)
    assert area_km2(ring) == pytest.approx(area_km2(whole) - area_km2(hole), rel=1e-12)
    assert area_km2(shapely.MultiPolygon([ring, hole])) == pytest.approx(area_km2(whole), rel=1e-12)


def test_the_direction_of_a_ring_does_not_matter() -> None:
    box = shapely.box(118, 31, 119, 32)
    assert area_km2(box.reverse()) == area_km2(box) > 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_many_are_measured_as_each_alone(widths: list[int]) -> None:
    boxes = [shapely.box(118, 31, 118 + width / 10, 32) for width in widths]
    assert areas_km2(boxes) == pytest.approx([area_km2(box) for box in boxes], rel=1e-12)
    outlines = [box.exterior for box in boxes]
    assert lengths_m(outlines) == pytest.approx([length_km(outline) * 1000 for outline in outlines], rel=1e-9)


def test_nothing_measures_nothing() -> None:
    assert lengths_m([]) == []
