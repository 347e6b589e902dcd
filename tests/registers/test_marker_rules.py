"""What is asked of markers: each rule finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from math import atan2, degrees

import pytest
from PIL import ExifTags, Image
from pyproj import Transformer
from shapely.geometry import Point

from gis_service.foundation.coordinates import convergence_at
from gis_service.foundation.findings import Finding, Severity
from gis_service.registers.boundaries.rules import direction_word
from gis_service.registers.markers.rules import (
    ActionFacts,
    BearingFacts,
    LineEvidence,
    MarkerFacts,
    MoveFacts,
    PositionFacts,
    TriPointFacts,
    grid_bearing,
    judge_actions,
    judge_line,
    judge_moves,
    judge_photo,
    judge_taken,
    normalised,
    read_photo,
)

HERE = Point(119.02, 31.995)
GIVEN = PositionFacts("CGCS2000", zone_width=3, zone=40, x=3541852.4, y=40405000.1)


def bearing(ordinal: int, point: Point) -> BearingFacts:
    azimuth, metres = grid_bearing(HERE, point, 120.0)
    return BearingFacts(ordinal, f"树{ordinal}", azimuth, metres, point)


BEARINGS = tuple(bearing(number, Point(119.02 + number / 2000, 31.996)) for number in (1, 2, 3))
SOUND = MarkerFacts(
    "3234001Q",
    point=HERE,
    position=GIVEN,
    chainage_m=100.0,
    offset_m=0.2,
    lies_in=frozenset({"320000", "340000"}),
    bearings=BEARINGS,
    managing="320000",
    managing_is_side=True,
    is_managed_by_agreement=True,
    state="完好",
)
LINE = LineEvidence("3234", "苏皖线", ("320000", "340000"), (SOUND,))


def on_line(*markers: MarkerFacts, **known: object) -> list[Finding]:
    return judge_line(replace(LINE, markers=markers, **known))  # type: ignore[arg-type]


def rules(findings: Sequence[Finding]) -> list[str]:
    assert all(finding.message and finding.suggestion and finding.legal_basis for finding in findings)
    return [finding.rule for finding in findings]


def a(number: str, **known: object) -> MarkerFacts:
    return replace(SOUND, number=number, **known)  # type: ignore[arg-type]


def test_a_sound_line_gives_nothing_to_say() -> None:
    assert judge_line(LINE) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (a("3234001X"), "R-MRK-01"),
        (a("3237001Q"), "R-MRK-02"),
        (a("3234001A", placement="双立"), "R-MRK-04"),
        (a("3234001Q", placement="三立"), "R-MRK-04"),
        (a("3234001Q", offset_m=5.0), "R-MRK-07"),
        (a("3234001Q", bearings=BEARINGS[:2]), "R-MRK-08"),
        (a("3234001Q", bearings=(*BEARINGS[:2], replace(BEARINGS[2], azimuth_deg=360.0))), "R-MRK-08"),
        (a("3234001Q", bearings=(*BEARINGS[:2], replace(BEARINGS[2], distance_m=0.0))), "R-MRK-08"),
        (a("3234001Q", bearings=(*BEARINGS[:2], replace(BEARINGS[2], distance_m=90.0))), "R-MRK-08"),
        (a("3234001Q", found=Point(119.0201, 31.995)), "R-MRK-12"),
        (a("3234001Q", position=None), "R-MRK-13"),
        (a("3234001Q", position=replace(GIVEN, zone=None)), "R-MRK-13"),
        (a("3234001Q", position=replace(GIVEN, system=" ")), "R-MRK-13"),
        (a("3234001Q", managing=None), "R-MRK-14"),
        (a("3234001Q", managing_is_side=False), "R-MRK-14"),
        (a("3234001Q", is_managed_by_agreement=False), "R-MRK-14"),
    ],
)
def test_one_fault_is_one_finding_with_its_place(wrong: MarkerFacts, rule: str) -> None:
    [finding] = on_line(wrong)
    assert finding.rule == rule
    assert finding.place is not None


def test_a_number_one_digit_short_is_completed_and_told() -> None:
    assert normalised(" 3234001q ") == ("3234001Q", None)
    number, told = normalised("3234001")
    assert number == "3234001Q"
    assert told is not None
    assert told.severity is Severity.info


def test_historic_numbers_and_tri_points_follow_rules_of_their_own() -> None:
    assert on_line(SOUND, a("老12号", is_historic=True), a("238184I", is_tri_point=True)) == []
    [finding] = on_line(SOUND, a("三交点", is_tri_point=True))
    assert (finding.rule, finding.severity) == ("R-MRK-01", Severity.warning)


def test_gaps_are_told_unless_scrapped() -> None:
    third = a("3234003Q", chainage_m=300.0)
    [finding] = on_line(SOUND, third)
    assert finding.rule == "R-MRK-03"
    assert "002" in finding.message
    assert on_line(SOUND, third, scrapped=frozenset({2})) == []


def test_serials_rise_along_the_line() -> None:
    [finding] = on_line(SOUND, a("3234002Q", chainage_m=50.0))
    assert (finding.rule, finding.subject) == ("R-MRK-03", "3234002Q")


def test_pairs_stand_each_on_its_bank() -> None:
    pair = {"placement": "双立", "offset_m": 80.0}
    one = a("3234001A", lies_in=frozenset({"320000"}), **pair)
    other = a("3234001B", lies_in=frozenset({"340000"}), **pair)
    assert on_line(one, other) == []
    swapped = on_line(replace(one, lies_in=other.lies_in), replace(other, lies_in=one.lies_in))
    assert rules(swapped) == ["R-MRK-05", "R-MRK-05"]
    assert rules(on_line(replace(one, offset_m=9000.0), other)) == ["R-MRK-07"]
    assert rules(on_line(replace(one, lies_in=frozenset()), other)) == ["R-MRK-07"]


def test_counts_count_numbers_and_not_stones() -> None:
    pair = [
        a(f"3234002{type_}", placement="双立", chainage_m=200.0, lies_in=frozenset({side}))
        for type_, side in (("A", "320000"), ("B", "340000"))
    ]
    assert on_line(SOUND, *pair, counts=(1, 1, 0)) == []
    assert rules(on_line(SOUND, *pair, counts=(1, 2, None))) == ["R-MRK-06"]


def test_a_line_code_of_other_length_is_no_ground_to_refuse() -> None:
    [finding] = on_line(SOUND, code="320102320104")
    assert (finding.rule, finding.severity) == ("R-MRK-02", Severity.info)


def test_two_markers_of_one_number_are_told_apart() -> None:
    assert rules(on_line(SOUND, replace(SOUND, is_historic=True))) == ["R-MRK-11"]
    assert rules(list(judge_taken(["3234001Q", "3234002Q"], {"3234001Q"}))) == ["R-MRK-11"]


def test_a_tri_point_stands_on_the_list_of_each_line() -> None:
    listed = TriPointFacts("苏皖豫三交点", "238184I", is_listed=True, point=HERE)
    assert on_line(SOUND, tri_points=(listed,)) == []
    assert rules(on_line(SOUND, tri_points=(replace(listed, is_listed=False),))) == ["R-BND-09"]


@pytest.mark.parametrize("lon", [118.6, 119.9, 120.0, 121.3])
def test_grid_north_is_where_the_projection_has_it(lon: float) -> None:
    start, end = Point(lon, 32.0), Point(lon, 32.001)
    project = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)  # 120°E, without prefix
    (x, y), (u, v) = project.transform(start.x, start.y), project.transform(end.x, end.y)
    planar = degrees(atan2(u - x, v - y)) % 360.0
    azimuth, _ = grid_bearing(start, end, 120.0)
    assert (azimuth - planar + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1e-4)
    assert (convergence_at((start.x, start.y), 120.0) > 0) == (lon > 120.0)


@pytest.mark.parametrize(
    ("azimuth", "word"),
    [
        (348.75, "北"),
        (348.74, "北偏西北"),
        (0.0, "北"),
        (11.25, "北偏东北"),
        (90.0, "东"),
        (191.25, "南偏西南"),
    ],
)
def test_direction_words_begin_at_their_lower_bound(azimuth: float, word: str) -> None:
    assert direction_word(azimuth) == word


def test_no_repair_without_the_neighbour() -> None:
    assert rules(list(judge_actions([ActionFacts("3234001Q", "修复", None, HERE)]))) == ["R-BND-12"]
    assert rules(list(judge_actions([ActionFacts("3234001Q", "移位", True, HERE)]))) == ["R-BND-13"]
    assert not list(
        judge_actions([ActionFacts("3234001Q", "修复", True), ActionFacts("3234001Q", "描红", None)])
    )


def test_no_moving_without_all_sides() -> None:
    move = MoveFacts("3234001Q", frozenset({"320000", "340000"}), frozenset({"320000"}), False, False, HERE)
    [finding] = judge_moves([move])
    assert all(word in finding.message for word in ("340000", "共同测量", "备案"))
    agreed = replace(move, agreed=move.sides, is_surveyed_jointly=True, is_filed=True)
    assert not list(judge_moves([agreed]))


def a_photo(*, located: bool) -> bytes:
    picture, file = Image.new("RGB", (8, 8)), BytesIO()
    exif = picture.getexif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:05:04 09:30:00"
    if located:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (31.0, 59.0, 42.0)
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (119.0, 1.0, 12.0)
        place[ExifTags.GPS.GPSImgDirection] = 45.0
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_photo_tells_where_and_when_it_was_taken() -> None:
    photo = read_photo(a_photo(located=True))
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2026-05-04T09:30:00+08:00"
    assert photo.point is not None
    assert (photo.point.x, photo.point.y) == pytest.approx((119.02, 31.995))
    assert photo.azimuth_deg == 45.0
    assert not list(judge_photo("3234001Q", "东.jpg", photo, HERE))
    assert rules(list(judge_photo("3234001Q", "东.jpg", photo, Point(119.1, 32)))) == ["R-MRK-15"]


@pytest.mark.parametrize("content", [a_photo(located=False), b"no picture"])
def test_a_photo_that_tells_nothing_is_told_and_not_refused(content: bytes) -> None:
    findings = list(judge_photo("3234001Q", "东.jpg", read_photo(content), HERE))
    assert rules(findings) == ["R-MRK-15"]
    assert not any(finding.blocking for finding in findings)
