"""Lines walked in their direction: chainage, feet of points, sections."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from gis_service.foundation.measure import distance_m, length_km, lengths_m
from gis_service.registers.boundaries.rules.courses import course_of, gaps_m, runs_eastward

BENT = [
    LineString([(119.1, 32.0), (119.0, 32.1)]),
    LineString([(119.1, 32.0), (119.3, 32.05), (119.3, 31.9)]),
]


def test_edges_are_sewn_and_walked_from_west_to_east() -> None:
    course = course_of(BENT)
    assert [part.coords[0] for part in course.parts] == [(119.0, 32.1)]
    assert course.parts[0].coords[-1] == (119.3, 31.9)
    assert course.length_m == pytest.approx(sum(lengths_m(BENT)), abs=1e-6)


def test_a_line_on_record_as_southward_is_walked_from_the_north() -> None:
    steep = [LineString([(119.0, 31.0), (119.05, 31.5)]), LineString([(119.05, 31.5), (119.02, 32.0)])]
    assert not runs_eastward(steep)
    assert course_of(steep).parts[0].coords[0] == (119.02, 32.0)
    assert course_of(steep, eastward=True).parts[0].coords[0] == (119.0, 31.0)


def test_degrees_of_longitude_count_as_they_are_on_the_ground() -> None:
    """At 60° north a degree of longitude is half one of latitude."""
    assert not runs_eastward([LineString([(100.0, 60.0), (101.5, 61.0)])])
    assert runs_eastward([LineString([(100.0, 0.0), (101.5, 1.0)])])


def test_parts_that_do_not_meet_follow_one_another() -> None:
    apart = [
        LineString([(119.5, 32.0), (119.3, 32.0)]),
        LineString([(119.0, 32.0), (119.2, 32.0)]),
        LineString([(119.8, 32.0), (119.6, 32.0)]),
    ]
    course = course_of(apart)
    assert [part.coords[0][0] for part in course.parts] == [119.0, 119.3, 119.6]
    assert gaps_m(course) == pytest.approx(
        [distance_m(119.2, 32, 119.3, 32), distance_m(119.5, 32, 119.6, 32)]
    )


def test_a_foot_is_where_a_surveyor_would_drop_it() -> None:
    course = course_of([LineString([(119.0, 60.0), (119.3, 60.1)])])  # meridians twice as near as parallels
    foot = course.foot(Point(119.1, 60.04))
    assert foot.side == "左"
    assert foot.offset_m == pytest.approx(distance_m(119.1, 60.04, foot.point.x, foot.point.y), rel=0.01)
    around = [course.point_at(foot.chainage_m + step) for step in (-50.0, 50.0)]
    assert all(distance_m(119.1, 60.04, place.x, place.y) > foot.offset_m for place in around)


def test_beyond_the_ends_the_ends_are_nearest() -> None:
    course = course_of(BENT)
    assert course.foot(Point(118.9, 32.2)).chainage_m == 0.0
    assert course.foot(Point(119.3, 31.8)).chainage_m == pytest.approx(course.length_m)
    assert course.point_at(-5.0) == Point(119.0, 32.1)
    assert course.point_at(1e9) == Point(119.3, 31.9)


@given(
    share=st.floats(0.0, 1.0),
    corners=st.lists(st.tuples(st.floats(118, 120), st.floats(31, 33)), min_size=2, max_size=8, unique=True),
)
def test_a_point_on_the_line_is_its_own_foot(share: float, corners: list[tuple[float, float]]) -> None:
    line = LineString(corners)
    if not line.is_simple or min(math.dist(*step) for step in pairwise(corners)) < 1e-4:
        return
    course = course_of([line])
    place = course.point_at(course.length_m * share)
    foot = course.foot(place)
    assert foot.offset_m < 1e-3
    again = course.point_at(foot.chainage_m)
    assert distance_m(place.x, place.y, again.x, again.y) < 0.5  # planes and geodesics part on long segments


@given(one=st.floats(0.0, 1.0), other=st.floats(0.0, 1.0))
def test_sections_add_up(one: float, other: float) -> None:
    course = course_of([*BENT, LineString([(119.4, 31.9), (119.6, 31.95)])])
    first, second = sorted((one * course.length_m, other * course.length_m))
    sections = [
        course.between(0.0, first),
        course.between(first, second),
        course.between(second, course.length_m),
    ]
    total = sum(length_km(section) for section in sections if not section.is_empty)
    assert total * 1000 == pytest.approx(course.length_m, abs=0.5)


def test_the_whole_section_is_the_whole_line() -> None:
    course = course_of(BENT)
    assert shapely.equals_exact(course.between(0.0, course.length_m).geoms[0], course.parts[0], tolerance=0)


def test_nothing_has_no_course() -> None:
    with pytest.raises(ValueError, match="edge"):
        course_of([])


def test_many_points_on_a_long_line_take_little() -> None:
    xs = np.linspace(116.0, 122.0, 20_000)
    course = course_of([LineString(np.column_stack([xs, 32 + 0.3 * np.sin(xs * 40)]))])
    feet = [course.foot(Point(x, 32.0)) for x in xs[::40]]
    assert [foot.chainage_m for foot in feet] == sorted(foot.chainage_m for foot in feet)
