"""Direction words on true north, sections told in words, and the words read back to the same numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis_service.registers.boundaries.rules import (
    Following,
    Leg,
    Station,
    course_of,
    course_text_findings,
    direction_word,
    leg_told,
    legs_of,
    read_course_text,
)
from gis_service.registers.boundaries.rules.directions import direction_words, sectors_apart, true_azimuth_deg

# Two kilometres east, then two south, then one east again.
BENT = LineString([(119.0, 32.0), (119.021, 32.0), (119.021, 31.982), (119.032, 31.982)])


@pytest.mark.parametrize(
    ("azimuth", "word"),
    [
        (0, "北"),
        (11.249, "北"),
        (11.25, "北偏东北"),
        (33.75, "东北"),
        (90, "东"),
        (101.25, "东偏东南"),
        (180, "南"),
        (270, "西"),
        (281.25, "西偏西北"),
        (348.749, "北偏西北"),
        (348.75, "北"),
        (360, "北"),
    ],
)
def test_lower_bounds_belong_to_the_sector(azimuth: float, word: str) -> None:
    assert direction_word(azimuth) == word


def test_words_lie_round_the_circle() -> None:
    assert len(set(direction_words())) == 16
    assert sectors_apart("北", "北偏西北") == 1
    assert sectors_apart("东", "西") == 8
    assert true_azimuth_deg(359.5, 1.0) == pytest.approx(0.5)


def told_of(line: LineString, *at_m: float, followings: tuple[Following, ...] = ()) -> list[Leg]:
    course = course_of([line], eastward=True)
    places = [0.0, *at_m, course.length_m]
    stations = [Station(f"{3234001 + number}Q号界桩", place) for number, place in enumerate(places)]
    landmarks = [Station("某桥", 100.0)]
    return legs_of(course, stations, followings, landmarks)


def test_a_section_tells_its_bends() -> None:
    [leg] = told_of(BENT)
    assert [run.word for run in leg.runs] == ["东", "南", "东"]
    assert leg.length_m == pytest.approx(sum(run.length_m for run in leg.runs))
    assert leg.word == "东偏东南" or leg.word == "东南"
    assert leg_told(leg).startswith("从3234001Q号界桩起，沿界线向东行")
    assert "，途经某桥，至3234002Q号界桩止，本段长" in leg_told(leg)


def test_a_section_tells_what_it_follows() -> None:
    river = Following(0.0, 1500.0, "河流中心线", "滁河")
    [leg] = told_of(LineString([(119.0, 32.0), (119.04, 32.0)]), followings=(river,))
    assert [(run.phrase, run.word) for run in leg.runs] == [("沿滁河中心线", "东"), ("沿界线", "东")]
    assert leg.runs[0].length_m == 1500.0


# On a grid of some metres: what lies nearer together is one place to a surveyor.
PLACES = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(
    lambda steps: (118.5 + steps[0] / 10_000, 31.5 + steps[1] / 10_000)
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(PLACES, min_size=2, max_size=12, unique=True),
    st.lists(st.floats(0.01, 0.99), max_size=5),
)
def test_a_text_is_read_back_to_the_same_numbers(
    corners: list[tuple[float, float]], shares: list[float]
) -> None:
    course = course_of([LineString(corners)])
    places = [0.0, *sorted(share * course.length_m for share in shares), course.length_m]
    legs = legs_of(course, [Station(f"{3234001 + n}Q号界桩", place) for n, place in enumerate(places)])
    text = "\n".join(leg_told(leg) for leg in legs)
    read = read_course_text(text)
    assert [(leg.start, leg.end, leg.length_m) for leg in read] == [
        (leg.start.name, leg.end.name, leg.length_m) for leg in legs
    ]
    for told, leg in zip(read, legs, strict=True):
        assert [(run.phrase, run.word, run.length_m) for run in told.runs] == [
            (run.phrase, run.word, run.length_m) for run in leg.runs
        ]
        assert told.word == leg.word
    assert sum(leg.length_m for leg in legs) == pytest.approx(course.length_m, abs=0.051)
    assert not course_text_findings(text, legs, "苏皖线")


def test_a_text_is_judged_against_the_line() -> None:
    legs = told_of(BENT, 2500.0)
    right = "".join(leg_told(leg) for leg in legs)
    [length] = course_text_findings(right.replace("本段长2500.0米", "本段长2.6公里"), legs, "某线")
    assert (length.rule, length.subject) == ("R-MRK-10", "3234001Q号界桩至3234002Q号界桩")
    assert "相差 100.0 米" in length.message
    [missing] = course_text_findings(leg_told(legs[0]), legs, "某线")
    assert "漏写" in missing.message
    turned = leg_told(legs[0]).replace("向南行", "向北行")
    assert any("第 2 折" in found.message for found in course_text_findings(turned, legs[:1], "某线"))
    [unknown] = course_text_findings("从9999001Q起，沿界线向东行5米，至9999002Q止。", [], "某线")
    assert "没有相接" in unknown.message
    [unread] = course_text_findings("大致沿河。", legs, "某线")
    assert "没有可识读" in unread.message
