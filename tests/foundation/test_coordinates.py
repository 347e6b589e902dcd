"""Coordinates of surveys: every usual spelling, published values, PROJ as the oracle, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis_service.foundation.coordinates import (
    Axis,
    Bursa,
    HeightSystem,
    PairFault,
    PairRefused,
    Similarity,
    System,
    Zone,
    convergence_deg,
    ellipsoid_distance,
    format_dms,
    grid_azimuth,
    grid_offset,
    grid_polar,
    place,
    project,
    read_angle,
    read_height_system,
    read_pair,
    read_system,
    read_transform,
    sheet_at,
    sheet_numbered,
    sheet_scales,
    true_azimuth,
    unproject,
    zone_of_epsg,
    zone_of_meridian,
    zones_holding,
)
from gis_service.foundation.errors import InvalidInput

WHERE = 118 + 46 / 60 + 30.5 / 3600
LONS, LATS = st.floats(73.7, 134.9), st.floats(3.5, 53.5)


@pytest.mark.parametrize(
    "text",
    [
        "118°46′30.5″E",
        "118°46'30.5\"",
        "118º46’30.5”",
        "118度46分30.5秒",
        "东经118度46分30.5秒",
        "E118°46′30.5″",
        "118-46-30.5",
        "118:46:30.5",
        "118 46 30.5",
        "1184630.5",
        "１１８°４６′３０．５″",
        "  118°46′30.5″e ",
    ],
)
def test_an_angle_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_angle(text, axis=Axis.longitude).degrees == pytest.approx(WHERE, abs=1e-12)


def test_a_decimal_is_packed_only_when_told() -> None:
    assert read_angle("118.4630500").degrees == 118.46305
    assert read_angle("118.463050", packed_decimal=True).degrees == pytest.approx(WHERE, abs=1e-12)
    assert read_angle("-32.5").degrees == -32.5
    assert read_angle("南纬3度30分").degrees == -3.5
    assert read_angle("32°03.5′N").degrees == pytest.approx(32 + 3.5 / 60)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("118°46′60″", "118°47′00.00″"),
        ("118-61-00", "小于 60"),
        ("118.4661", "小于 60"),
        ("198°00′00″E", "范围"),
        ("32°00′00″N", "颠倒"),
        ("abc", "118°46′30.5″"),
        ("", "118°46′30.5″"),
        ("118.5°30′00″", "小数"),
        ("11846", "118°46′30.5″"),
    ],
)
def test_what_is_no_angle_is_refused_with_a_way_out(text: str, word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_angle(text, axis=Axis.longitude, packed_decimal=text == "118.4661")
    assert word in str(refused.value)


def test_the_resolution_of_what_was_written_is_known() -> None:
    assert read_angle("118°46′30.50″").resolution == pytest.approx(0.01 / 3600)
    assert read_angle("118.775").resolution == pytest.approx(0.001)


@given(st.integers(-180 * 360_000, 180 * 360_000))
def test_degrees_minutes_and_seconds_lead_back(hundredths: int) -> None:
    degrees = hundredths / 360_000
    for axis in (None, Axis.longitude):
        assert read_angle(format_dms(degrees, axis)).degrees == pytest.approx(degrees, abs=1e-11)


def test_a_full_minute_is_carried_over() -> None:
    assert format_dms(118 + 46 / 60 + 59.999 / 3600, Axis.longitude) == "118°47′00.00″E"
    assert format_dms(-0.5, Axis.latitude, decimals=0) == "0°30′00″S"


@pytest.mark.parametrize(
    ("lon", "lat", "east", "north"),
    [
        (120.159, 30.267, 40515300.0941, 3349722.3021),
        (118.7667, 32.05, 40383520.9347, 3548062.1017),
        (119.5, 33.25, 40453405.3785, 3680586.1878),
        (120.0, 32.0, 40500000.0, 3541852.4342),
    ],
)
def test_published_values_of_zone_40(lon: float, lat: float, east: float, north: float) -> None:
    zone = Zone(3, 40)
    x, y = project((lon, lat), zone)
    assert (x, zone.easting(y)) == pytest.approx((north, east), abs=1e-4)
    pair = read_pair(north, east)
    assert (pair.zone, pair.prefixed) == (zone, True)
    assert unproject((pair.x, pair.y), zone) == pytest.approx((lon, lat), abs=1e-9)


@settings(max_examples=40)
@given(LONS, LATS, st.sampled_from([3, 6]), st.booleans())
def test_projecting_agrees_with_the_registered_systems(
    lon: float, lat: float, width: int, prefixed: bool
) -> None:
    zone = zones_holding(width, lon)[0]
    oracle = Transformer.from_crs("EPSG:4490", f"EPSG:{zone.epsg(prefixed=prefixed)}", always_xy=True)
    x, y = project((lon, lat), zone)
    assert (zone.easting(y) if prefixed else y, x) == pytest.approx(oracle.transform(lon, lat), abs=1e-4)
    assert unproject((x, y), zone) == pytest.approx((lon, lat), abs=1e-10)
    assert zone_of_epsg(zone.epsg(prefixed=prefixed)) == (zone, prefixed)
    assert zone_of_meridian(width, zone.central_meridian) == zone


def test_a_point_on_an_edge_is_in_both_zones() -> None:
    assert zones_holding(3, 118.5) == (Zone(3, 39), Zone(3, 40))
    assert zones_holding(3, 60.0) == ()


@pytest.mark.parametrize(("width", "number"), [(3, 24), (3, 46), (6, 12), (6, 24), (5, 20)])
def test_there_are_no_other_zones(width: int, number: int) -> None:
    with pytest.raises(InvalidInput):
        Zone(width, number)


@pytest.mark.parametrize(
    ("x", "y", "zone", "fault", "repaired"),
    [
        (40383520.9, 3548062.1, None, PairFault.swapped, (3548062.1, 40383520.9)),
        (383520.9, 3548062.1, Zone(3, 40), PairFault.swapped, (3548062.1, 383520.9)),
        (3548062.1 / 0.3048, 383520.9 / 0.3048, Zone(3, 40), PairFault.feet, (3548062.1, 383520.9)),
        (118.7667, 32.05, None, PairFault.degrees, None),
        (3548062.1, 40383520.9, Zone(3, 39), PairFault.other_zone, None),
        (3548062.1, 20383520.9, Zone(3, 40), PairFault.other_zone, None),
        (3548062.1, 383520.9, None, PairFault.no_zone, None),
        (9548062.1, 199383520.9, None, PairFault.outside, None),
        (383520.9, 3548062.1, None, PairFault.swapped, (3548062.1, 383520.9)),
    ],
)
def test_what_is_wrong_with_a_pair_is_told_and_its_repair_offered(
    x: float, y: float, zone: Zone | None, fault: PairFault, repaired: tuple[float, float] | None
) -> None:
    with pytest.raises(PairRefused) as refused:
        read_pair(x, y, zone)
    assert refused.value.fault is fault
    assert refused.value.way_out
    if repaired is None:
        assert refused.value.repaired is None
    else:
        assert refused.value.repaired == pytest.approx(repaired, abs=1e-3)


def test_systems_are_known_by_the_words_of_archives() -> None:
    words = {"国家2000": System.cgcs2000, "1980西安坐标系": System.xian80, "北京54": System.beijing54}
    words |= {"WGS-84": System.wgs84, "Xi'an 80": System.xian80, "2000国家大地坐标系": System.cgcs2000}
    assert {word: read_system(word) for word in words} == words
    assert read_height_system("85高程") is HeightSystem.huanghai85
    assert read_height_system("1956黄海高程系") is HeightSystem.huanghai56
    for unknown in ("火星坐标", "某系"):
        with pytest.raises(InvalidInput):
            read_system(unknown)


@settings(max_examples=40)
@given(LONS, LATS)
def test_true_north_lies_off_grid_north_by_the_convergence(lon: float, lat: float) -> None:
    zone = zones_holding(3, lon)[0]
    here = project((lon, lat), zone)
    north = project((lon, lat + 1e-4), zone)
    assert grid_azimuth(0.0, (lon, lat), zone) == pytest.approx(grid_polar(here, north)[0], abs=1e-4)
    assert true_azimuth(grid_azimuth(123.0, (lon, lat), zone), (lon, lat), zone) == pytest.approx(123.0)
    assert (convergence_deg((lon, lat), zone) >= 0) is (lon >= zone.central_meridian)


@settings(max_examples=40)
@given(st.floats(118.6, 121.4), st.floats(30, 35), st.floats(0, 359.9), st.floats(5, 20_000))
def test_grid_distances_lead_to_those_on_the_ellipsoid(
    lon: float, lat: float, azimuth: float, distance: float
) -> None:
    zone = Zone(3, 40)
    here = project((lon, lat), zone)
    there = grid_offset(here, azimuth, distance)
    back = grid_polar(here, there)
    assert back == pytest.approx((azimuth, distance), abs=1e-6)
    oracle = Geod(a=6378137.0, rf=298.257222101).inv(lon, lat, *unproject(there, zone))[2]
    assert ellipsoid_distance(here, there, zone) == pytest.approx(oracle, abs=2e-3)


def test_old_systems_are_placed_by_local_parameters_only() -> None:
    zone, plane = Zone(3, 40), (3548062.1, 383520.9)
    assert place(plane, None, zone, System.xian80, None) is None
    assert place(plane, None, zone, System.cgcs2000, None) == unproject(plane, zone)
    shift = Similarity(-2.0, 115.0, 0.5, -1.2, zone)
    moved = place(plane, None, zone, System.xian80, shift)
    assert moved is not None
    assert grid_polar(plane, project(moved, zone))[1] > 100
    assert read_transform(shift.as_json()) == shift
    bursa = Bursa(-1.1, 2.2, 3.3, 0.1, -0.2, 0.3, 4.0)
    assert read_transform(bursa.as_json()) == bursa
    assert place(None, (118.7667, 32.05), None, System.beijing54, bursa) is not None
    assert place(None, (118.7667, 32.05), None, System.beijing54, shift) is None


def test_a_bursa_of_nothing_changes_nothing_on_one_ellipsoid() -> None:
    nothing = Bursa(0, 0, 0, 0, 0, 0, 0)
    assert nothing.apply((118.5, 32.0), System.cgcs2000) == pytest.approx((118.5, 32.0), abs=1e-11)


@pytest.mark.parametrize("told", [{}, {"method": "similarity", "dx": 1}, {"method": "bursa", "dw": 1}])
def test_incomplete_parameters_are_refused(told: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        read_transform(told)


SHEETS = {
    (118 + 46 / 60, 32 + 3 / 60): (
        "I50 I50B002002 I50C004004 I50D012010 I50E024020 I50F048039 I50G095077 I50H190153 I50I569458"
        " I50J11380916 I50K22761831"
    ),
    (116 + 28 / 60 + 25 / 3600, 39 + 54 / 60 + 30 / 3600): (
        "J50 J50B001001 J50C001002 J50D001005 J50E001010 J50F002020 J50G003040 J50H005080 J50I014238"
        " J50J00270475 J50K00530950"
    ),
}


@pytest.mark.parametrize(("point", "numbers"), SHEETS.items())
def test_published_sheet_numbers(point: tuple[float, float], numbers: str) -> None:
    assert " ".join(sheet_at(*point, scale.scale).number for scale in sheet_scales()) == numbers


@given(st.floats(-180, 179.99), st.floats(0, 87.99), st.sampled_from(sheet_scales()))
def test_a_sheet_number_leads_back_and_its_sheet_holds_the_point(
    lon: float, lat: float, scale: object
) -> None:
    frame = sheet_at(lon, lat, scale.scale)  # type: ignore[attr-defined]
    assert sheet_numbered(frame.number) == frame
    west, south, east, north = frame.bounds
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    for word, number in frame.neighbours.items():
        assert number != frame.number, word
    eastern = frame.neighbour(1, 0)
    assert eastern is not None
    assert eastern.neighbour(-1, 0) == frame


def test_neighbours_cross_the_millionth_sheets() -> None:
    around = sheet_numbered("J50E001001").neighbours
    assert (around["北"], around["西"], around["东"]) == ("K50E024001", "J49E001024", "J50E001002")


@pytest.mark.parametrize(
    "number", ["J5", "W50", "J50E025001", "J50E001025", "J50L001001", "J50E01001", "J00"]
)
def test_what_is_no_sheet_number_is_refused(number: str) -> None:
    with pytest.raises(InvalidInput):
        sheet_numbered(number)


def test_a_point_beyond_the_series_is_refused() -> None:
    for point in ((118.0, -1.0), (118.0, 88.5)):
        with pytest.raises(InvalidInput):
            sheet_at(*point, 50_000)
    with pytest.raises(InvalidInput):
        sheet_at(118.0, 32.0, 30_000)
