"""Scans on the ground, images along a line, what files say of themselves, and what must be on file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import LineString, box

from gis_service.foundation.coordinates import System, Zone, project
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Severity
from gis_service.registers.archives.models import ArchiveGroup, ArchiveKind, FitMethod, Retention
from gis_service.registers.archives.rules import (
    ControlPoint,
    Given,
    covered,
    expires_on,
    filings,
    fitted,
    gaps,
    judge_appraised,
    judge_complete,
    judge_fit,
    place_of,
    read_contents,
    read_control,
    read_scan,
    rectified,
    residual_allowed,
    window,
    world_rows,
)
from gis_service.registers.boundaries.rules import Course
from tests.support.archives import CONTROL, a_geotiff, a_scan, ground
from tests.support.changes import a_pdf

MORE = [*CONTROL, (100, 300), (500, 100)]
POINTS = [ControlPoint(str(n), c, r, *ground(c, r)) for n, (c, r) in enumerate(MORE, 1)]


@pytest.mark.parametrize("method", list(FitMethod))
def test_a_scan_comes_to_lie_where_its_control_points_say(method: FitMethod, tmp_path: Path) -> None:
    fit = fitted(POINTS, method.value)
    assert fit.rms_m < 1e-3
    path = tmp_path / "图.tif"
    path.write_bytes(rectified(read_scan(a_scan()), fit))
    place = place_of(path.read_bytes())
    assert place is not None
    assert place.crs == "EPSG:4490"
    assert place.resolution_m == pytest.approx(1.0, abs=0.01)
    lon, lat = ground(320, 200)
    seen = np.asarray(window(path, (lon - 3e-3, lat - 3e-3, lon + 3e-3, lat + 3e-3), (200, 200)))
    rows, columns = (seen[:, :, 0] > 200).nonzero()
    assert (rows.mean(), columns.mean()) == pytest.approx((99.5, 99.5), abs=0.6)
    assert (seen[100, 100, 3], seen[0, 199, 3]) == (255, 0)


def test_a_bent_scan_is_straightened_by_a_polynomial() -> None:
    bent = [replace(point, column=point.column + 1e-4 * point.row**2) for point in POINTS]
    assert fitted(bent, "仿射").rms_m > 1
    fit = fitted(bent, "二次多项式")
    assert fit.rms_m < fitted(bent, "仿射").rms_m
    pixels = np.array([(50.0, 60.0), (500.0, 300.0)])
    assert fit.pixels(fit.ground(pixels), pixels + 5) == pytest.approx(pixels, abs=1e-4)


def test_a_point_that_is_off_is_named() -> None:
    off = [replace(POINTS[0], lon=POINTS[0].lon + 0.003), *POINTS[1:]]
    [finding] = judge_fit("图", off, fitted(off, "仿射"))
    assert (finding.rule, finding.severity) == ("R-ARC-04", Severity.warning)
    assert "去掉控制点 1，中误差为 0.0 米" in finding.message
    assert judge_fit("图", POINTS[:3], fitted(POINTS[:3], "仿射"))[0].blocking
    exact = judge_fit("图", POINTS[:4], fitted(POINTS[:4], "投影变换"))
    assert [each.severity for each in exact] == [Severity.info]


def test_points_that_fix_nothing_are_refused() -> None:
    row = [ControlPoint(str(n), n, 2 * n, 119 + n / 100, 32 - n / 100) for n in range(6)]
    for method in FitMethod:
        with pytest.raises(InvalidInput, match="控制点"):
            fitted(row, method.value)
    with pytest.raises(InvalidInput, match="至少需要"):
        fitted(POINTS[:5], "二次多项式")
    with pytest.raises(InvalidInput, match="颠倒"):
        fitted([replace(point, lat=64 - point.lat) for point in POINTS], "仿射")


def test_control_points_come_in_any_system() -> None:
    zone = Zone(3, 40)
    x, y = project((119.02, 31.99), zone)
    plane = {"点号": "K1", "列": "1", "行": "2", "X": f"{x:.4f}", "Y": f"{zone.easting(y):.4f}"}
    [point] = read_control([plane], Given())
    assert (point.lon, point.lat) == pytest.approx((119.02, 31.99), abs=1e-8)
    [same] = read_control([{"列": 1, "行": 2, "经度": "119°01′12″", "纬度": "31.99"}], Given())
    assert same.lon == pytest.approx(119.02)
    with pytest.raises(InvalidInput, match="控制点 K1：1954北京坐标系的坐标须有转换参数"):
        read_control([plane], Given(System.beijing54))
    with pytest.raises(InvalidInput, match="不是数"):
        read_control([{"列": "甲", "行": 2, "经度": "119", "纬度": "31"}], Given())
    with pytest.raises(InvalidInput, match="范围"):
        read_control([{"列": 1, "行": 2, "经度": "31", "纬度": "32"}], Given())


def test_images_cover_stretches_of_a_line() -> None:
    course = Course([LineString([(119, 32), (119.1, 32), (119.1, 31.9)])])
    length = course.length_m
    [first] = covered(course, box(118.9, 31.99, 119.05, 32.01))
    assert first == pytest.approx((0, 4725), abs=10)
    both = [first, *covered(course, box(119.04, 31.95, 119.2, 32.01))]
    [gap] = gaps(length, both)
    assert gap[1] == pytest.approx(length)
    assert gap[0] == pytest.approx(
        course.foot(LineString([(119.1, 31.95), (119.2, 31.95)]).boundary.geoms[0]).chainage_m, abs=1
    )
    assert gaps(length, [(0, length)]) == []
    assert covered(course, box(100, 30, 101, 31)) == []


def test_files_tell_of_themselves() -> None:
    assert read_contents("图.png", a_scan())["dpi"] == [300.0, 300.0]
    told = read_contents("影像.tif", a_geotiff(119, 32))
    assert (told["crs"], told["width"], told["pages"]) == ("EPSG:4490", 100, 1)
    assert read_contents("协议书.pdf", a_pdf("协议书")) == {"pages": 1, "title": "协议书"}
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [119, 32]}}
    layer = json.dumps({"type": "FeatureCollection", "features": [point]}).encode()
    assert read_contents("点.geojson", layer)["layers"][0]["features"] == 1
    for name in ("坏.pdf", "坏.tif", "坏.gpkg", "坏.png", "文.txt"):
        assert read_contents(name, b"nothing of the kind") == {}
    assert place_of(a_geotiff(119, 32, crs=None)) is None


def test_what_the_law_names_must_be_on_file() -> None:
    assert {each.class_ for each in judge_complete("甲乙线", ["协议书", "批复"])} == {
        "协议书附图",
        "界桩登记表",
    }
    assert set(filings()) == set(ArchiveKind)
    assert {each.group for each in filings().values()} == set(ArchiveGroup)
    assert {each.retention for each in filings().values()} == set(Retention)
    assert expires_on("永久", date(2000, 1, 1)) is None
    assert expires_on("长期", date(1952, 2, 29)) == date(2002, 2, 28)
    assert list(judge_appraised("1", "永久", date(1900, 1, 1), on=date(2026, 1, 1)))
    assert not list(judge_appraised("1", "长期", date(1952, 2, 29), on=date(2002, 2, 28)))


def test_how_far_a_point_may_be_off_depends_on_the_scale_of_the_map() -> None:
    assert (residual_allowed(10_000), residual_allowed(None)) == (5.0, 25.0)
    with pytest.raises(InvalidInput, match="1:12345"):
        residual_allowed(12_345)


def test_a_world_file_places_the_middle_of_the_first_pixel() -> None:
    rows = world_rows("0.0001\n0\n0\n-0.0001\n119.0\n32.0\n", 400, 200)
    assert (rows[0]["经度"], rows[0]["纬度"]) == pytest.approx((118.99995, 32.00005))
    assert (rows[-1]["列"], rows[-1]["经度"]) == pytest.approx((400, 119.03995))
    metres = world_rows("1\n0\n0\n-1\n40383520.5\n3548062.5\n", 100, 100)
    assert metres[0]["X"] == pytest.approx(3548063.0)
    for wrong in ("1\n2\n3\n4\n5", "a b c d e f", "0\n0\n0\n0\n119\n32"):
        with pytest.raises(InvalidInput):
            world_rows(wrong, 10, 10)


def test_a_page_of_a_pdf_is_a_scan() -> None:
    stream = BytesIO()
    Image.open(BytesIO(a_scan())).save(stream, "PDF", resolution=300)
    drawn = read_scan(stream.getvalue())
    assert drawn.shape == pytest.approx((400, 640, 3), abs=1)
    assert drawn[200, 320].tolist() == pytest.approx([254, 0, 0], abs=6)
    with pytest.raises(InvalidInput, match="第 2 页"):
        read_scan(stream.getvalue(), 2)
    with pytest.raises(InvalidInput, match="损坏"):
        read_scan(b"%PDF-1.4 broken")
