"""Coordinate systems: the accepted ones are known, the offset grids of web maps are refused by name."""

from __future__ import annotations

import pytest
from pyproj import CRS, Transformer

from gis_service.foundation.crs import ELLIPSOID, STORAGE_CRS, STORAGE_SRID, is_storage_equivalent, read_crs
from gis_service.foundation.errors import InvalidInput


@pytest.mark.parametrize(
    "text",
    [
        "GCJ02",
        "GCJ-02",
        "gcj-02",
        "EPSG:GCJ02",
        "gcj 02",
        "火星坐标系",
        "BD09",
        "bd-09",
        "BD09LL",
        "百度坐标",
    ],
)
def test_offset_grids_are_refused_by_name_with_a_way_out(text: str) -> None:
    with pytest.raises(InvalidInput, match="加偏坐标") as refused:
        read_crs(text)
    assert "CGCS2000" in refused.value.way_out


@pytest.mark.parametrize("text", ["", "EPSG:1", "北京坐标", "EPSG", "4490; DROP TABLE face"])
def test_unknown_systems_are_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(InvalidInput, match="无法识别") as refused:
        read_crs(text)
    assert "EPSG" in refused.value.way_out


@pytest.mark.parametrize(
    ("text", "code"), [("EPSG:4490", 4490), ("epsg:4326", 4326), (" EPSG:4528 ", 4528), ("EPSG:4610", 4610)]
)
def test_declared_systems_are_read(text: str, code: int) -> None:
    assert read_crs(text).to_epsg() == code


@pytest.mark.parametrize("code", [4490, 4326, 4480, 4979])
def test_cgcs2000_and_wgs84_are_stored_unchanged(code: int) -> None:
    assert is_storage_equivalent(CRS.from_epsg(code))


@pytest.mark.parametrize("code", [4610, 4214, 4528, 3857, 32650, 4555])
def test_other_systems_are_not_stored_unchanged(code: int) -> None:
    """Xi'an 1980, Beijing 1954, projected systems: other datums, or no degrees."""
    assert not is_storage_equivalent(CRS.from_epsg(code))


def test_proj_takes_wgs84_for_cgcs2000_as_this_house_does() -> None:
    move = Transformer.from_crs("EPSG:4326", STORAGE_CRS, always_xy=True)
    assert move.transform(118.7, 32.1) == (118.7, 32.1)


def test_the_storage_system_is_cgcs2000_on_the_stated_ellipsoid() -> None:
    stored = CRS.from_epsg(STORAGE_SRID)
    assert stored == CRS.from_user_input(STORAGE_CRS)
    assert stored.name == "China Geodetic Coordinate System 2000"
    stated = CRS.from_user_input(f"+proj=longlat +ellps={ELLIPSOID}").ellipsoid
    assert stored.ellipsoid is not None
    assert stated is not None
    assert stored.ellipsoid.semi_major_metre == stated.semi_major_metre
    shorter_m = stored.ellipsoid.semi_minor_metre - stated.semi_minor_metre
    assert abs(shorter_m) < 0.0002
