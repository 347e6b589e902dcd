"""Survey data as people hand them in: what is read, what is told of what cannot be, and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from gis_service.foundation.coordinates import Bursa, System, Zone, project
from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.commands.surveying import Survey, SurveyOptions, open_survey
from gis_service.procedures.intake.commands.templates import write_template
from gis_service.procedures.intake.rules.surveys import Told
from tests.support.surveys import LINE, LON, degrees, row, workbook


def opened(path: Path, kind: str = "markers", **options: Any) -> Survey:
    return open_survey(path, kind, SurveyOptions(**options))


def of_rows(tmp_path: Path, *rows: dict[str, Any], **options: Any) -> Survey:
    return opened(workbook(tmp_path / "界桩.xlsx", rows), **options)


def told(survey: Survey, rule: str) -> list[Finding]:
    return [finding for finding in survey.findings if finding.rule == rule]


def refusal(survey: Survey) -> Finding:
    [found] = [finding for finding in survey.findings if finding.blocking]
    assert found.suggestion
    return found


def test_a_table_is_read_with_all_that_is_known(tmp_path: Path) -> None:
    survey = of_rows(
        tmp_path,
        row(
            "0204001Q",
            类型="单立",
            材质="花岗岩",
            一侧代码="320102",
            一侧所在地="某镇某村",
            状况="良好",
            高程="12.34m",
            高程系="85国家高程",
            方位物1="水塔",
            方位角1="12°30′00″",
            距离1="60.2米",
            测定日期="2026.5.1",
            照片="a.jpg;b.jpg",
        ),
    )
    [marker] = survey.markers
    assert not [finding for finding in survey.findings if finding.blocking]
    position = marker.position
    assert position is not None
    assert position.point == pytest.approx((LON, 31.99), abs=1e-8)
    assert (position.zone_width, position.zone, position.height) == (3, 40, 12.34)
    assert position.height_system == "1985国家高程基准"
    assert position.y is not None
    assert position.y > 40_000_000
    assert position.surveyed_on == date(2026, 5, 1)
    [bearing] = marker.bearings
    assert (bearing.azimuth_deg, bearing.distance_m) == (12.5, 60.2)
    assert (marker.state, marker.sides) == ("完好", (("320102", "某镇某村"),))
    assert marker.photos == ("a.jpg", "b.jpg")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (3234001.0, "3234001Q"),
        ("3234001", "3234001Q"),
        ("3234015a", "3234015A"),
        ("0411001Q", "0411001Q"),
        (411001, "0411001Q"),
        ("411001Q", "0411001Q"),
    ],
)
def test_numbers_stay_text_and_are_completed_aloud(tmp_path: Path, written: Any, number: str) -> None:
    line = number[:4]
    survey = of_rows(tmp_path, row(written, 界线代码=line))
    assert [marker.number for marker in survey.markers] == [number]
    changed = str(written).removesuffix(".0").upper() != number
    assert bool([f for f in told(survey, "R-SUR-01") if number in f.subject]) is changed


def test_lost_zeros_are_not_guessed_without_the_line(tmp_path: Path) -> None:
    survey = of_rows(tmp_path, row(411001, 界线代码="3234"))
    assert "前导零" in refusal(survey).message


def test_degrees_in_all_spellings_lead_to_one_place(tmp_path: Path) -> None:
    rows = [
        degrees("0204001Q"),
        degrees("0204002Q", 经度="东经119度01分12秒", 纬度="31-59-24"),
        degrees("0204003Q", 经度="119.02", 纬度="31.99"),
        degrees("0204004Q", 经度=1190112.0, 纬度=315924.0),
    ]
    survey = of_rows(tmp_path, *rows)
    places = [marker.position and marker.position.point for marker in survey.markers]
    assert len(places) == 4
    assert all(place == pytest.approx((LON, 31.99), abs=1e-8) for place in places)


SWAPPED = {"X坐标": row(1)["Y坐标"], "Y坐标": row(1)["X坐标"]}
FEET = {"X坐标": row(1)["X坐标"] / 0.3048, "Y坐标": (row(1)["Y坐标"] - 40e6) / 0.3048, "分带": 3, "带号": 40}


@pytest.mark.parametrize(
    ("given", "word", "rule"),
    [
        (row("0204001Q") | SWAPPED, "颠倒", "R-SUR-03"),
        (row("0204001Q") | FEET, "英尺", "R-SUR-03"),
        (row("0204001Q", X坐标="11640000ft"), "英尺", "R-SUR-03"),
        (row("0204001Q", X坐标=31.99, Y坐标=119.02), "经纬度", "R-SUR-03"),
        (row("0204001Q", 分带=3, 带号=39), "带号", "R-SUR-03"),
        (row("0204001Q", Y坐标=405000.0), "没有带号", "R-SUR-03"),
        (row("0204001Q", 坐标系=None), "坐标系", "R-SUR-03"),
        (row("0204001Q", 坐标系="火星坐标"), "加偏", "R-SUR-03"),
        (row("0204001Q", X坐标=None), "只有其一", "R-SUR-03"),
        (degrees("0204001Q", 经度="119°01′60″"), "小于 60", "R-SUR-04"),
        (degrees("0204001Q", 经度="31°59′24″N"), "颠倒", "R-SUR-04"),
        (degrees("0204001Q", 经度="31°59′24″", 纬度="30°01′12″"), "范围", "R-SUR-03"),
        (row("0204001Q", 经度="119.12", 纬度="31.99"), "相差", "R-SUR-03"),
        (row(None), "没有界桩编号", "R-SUR-01"),
    ],
)
def test_one_bad_row_is_located_and_the_others_are_read(
    tmp_path: Path, given: dict[str, Any], word: str, rule: str
) -> None:
    survey = of_rows(tmp_path, row("0204002Q", 31.98), given)
    found = refusal(survey)
    assert word in found.message + found.suggestion
    assert (found.rule, "第3行" in found.message) == (rule, True)
    assert [marker.number for marker in survey.markers] == ["0204002Q"]


def test_swapped_columns_and_feet_are_put_right_on_request(tmp_path: Path) -> None:
    for given, wish in ((SWAPPED, Told(swap_xy=True)), (FEET, Told(unit="feet"))):
        survey = of_rows(tmp_path, row("0204001Q") | given, told=wish)
        [marker] = survey.markers
        assert marker.position is not None
        assert marker.position.point == pytest.approx((LON, 31.99), abs=1e-6)
        assert any("已按要求处理" in finding.message for finding in survey.findings)


def test_mixed_zones_are_placed_row_by_row_and_told(tmp_path: Path) -> None:
    west = Zone(3, 39)
    x, y = project((118.4, 31.99), west)
    survey = of_rows(
        tmp_path, row("0204001Q"), row("0204002Q", X坐标=x, Y坐标=west.easting(y)), row("0204003Q", 31.98)
    )
    [found] = told(survey, "R-SUR-08")
    assert "第 39 带 1 行（第3行）" in found.message
    assert [m.position.zone for m in survey.markers if m.position] == [40, 39, 40]


def test_old_systems_are_kept_as_given_and_placed_by_parameters_only(tmp_path: Path) -> None:
    [kept] = of_rows(tmp_path, row("0204001Q", 坐标系="1980西安坐标系")).markers
    assert kept.position is not None
    assert (kept.position.point, kept.position.system) == (None, System.xian80.value)
    way = Bursa(-1.0, 2.0, 3.0, 0.1, 0.1, 0.1, 1.0)
    [placed] = of_rows(tmp_path, row("0204001Q", 坐标系="1980西安坐标系"), told=Told(transform=way)).markers
    assert placed.position is not None
    assert placed.position.point is not None
    assert placed.position.transform == way.as_json()


def test_one_number_on_two_days_is_a_new_epoch_only_when_asked(tmp_path: Path) -> None:
    rows = [
        row("0204001Q", 测定日期="2015-05-01"),
        row("0204001Q", 31.9901, 测定日期="2003-05-01"),
        row("0204002Q", 31.98),
    ]
    assert "--epochs" in refusal(of_rows(tmp_path, *rows)).suggestion
    first, _ = of_rows(tmp_path, *rows, epochs=True).markers
    assert first.position is not None
    assert first.position.surveyed_on == date(2003, 5, 1)
    assert [each.surveyed_on for each in first.epochs] == [date(2015, 5, 1)]
    assert "重复" in refusal(of_rows(tmp_path, row("0204001Q"), row("0204001Q"), epochs=True)).message


def test_marks_of_absence_are_no_heights(tmp_path: Path) -> None:
    survey = of_rows(tmp_path, row("0204001Q", 高程=-9999))
    assert survey.markers[0].position is not None
    assert survey.markers[0].position.height is None
    assert told(survey, "R-SUR-05")


def test_kml_with_no_altitude_and_extended_data(tmp_path: Path) -> None:
    path = tmp_path / "界桩.kml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
        "<name>界桩</name><Placemark><name>0204001Q</name><ExtendedData><Data name='材质'>"
        "<value>花岗岩</value>"
        f"</Data></ExtendedData><Point><coordinates>{LON},31.99,-9999</coordinates></Point></Placemark>"
        f"<Placemark><name>0204002Q</name><Point><coordinates>{LON},31.98,0</coordinates></Point></Placemark>"
        "</Folder></Document></kml>",
        encoding="utf-8",
    )
    survey = opened(path, line=LINE)
    assert [marker.number for marker in survey.markers] == ["0204001Q", "0204002Q"]
    assert survey.markers[0].material == "花岗岩"
    assert [marker.position and marker.position.height for marker in survey.markers] == [None, None]
    assert len(told(survey, "R-SUR-05")) == 1


def test_a_drawing_without_system_is_refused_until_it_is_told(tmp_path: Path) -> None:
    drawing = ezdxf.new("R2010")
    block = drawing.blocks.new("JZ")
    block.add_attdef("界桩编号", (0, 0))
    x, y = row(1)["X坐标"], row(1)["Y坐标"]
    inserted = drawing.modelspace().add_blockref("JZ", (y, x), dxfattribs={"layer": "界桩"})
    inserted.add_auto_attribs({"界桩编号": "0204001"})
    path = tmp_path / "界桩.dxf"
    drawing.saveas(path)
    assert "--crs" in refusal(opened(path, line=LINE)).suggestion
    [marker] = opened(path, line=LINE, crs="EPSG:4528").markers
    assert marker.number == "0204001Q"
    assert marker.position is not None
    assert marker.position.point == pytest.approx((LON, 31.99), abs=1e-7)
    assert marker.position.zone == 40


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_layers_of_points_are_read_as_markers(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"jz{suffix}"
    frame = gpd.GeoDataFrame(
        {"number": ["0204001Q"], "line": [LINE]}, geometry=[Point(LON, 31.99)], crs="EPSG:4490"
    )
    frame.to_file(path, encoding="UTF-8")
    [marker] = opened(path).markers
    assert marker.position is not None
    assert marker.position.point == pytest.approx((LON, 31.99), abs=1e-9)


def test_a_track_keeps_every_vertex_unless_told_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "界.gpx"
    points = "".join(
        f'<trkpt lat="{32 - k * 1e-4:.6f}" lon="{LON}"><ele>{k}</ele></trkpt>' for k in range(21)
    )
    path.write_text(
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><name>界</name><trkseg>{points}</trkseg></trk></gpx>',
        encoding="utf-8",
    )
    whole = opened(path, "points", line=LINE)
    assert len(whole.points) == 21
    assert "全部保留" in told(whole, "R-SUR-09")[0].message
    some = opened(path, "points", line=LINE, every=5)
    assert [point.number for point in some.points][-1] == "1-000021"
    assert len(some.points) == 5
    assert "每 5 点取一" in told(some, "R-SUR-09")[0].message
    [trace] = opened(path, "lines", line=LINE).traces
    expected = LineString([(LON, 32 - k * 1e-4) for k in range(21)])
    assert trace.shape.geoms[0].equals_exact(expected, tolerance=1e-9)


def test_a_torn_track_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "断.gpx"
    path.write_text("<gpx><trk><trkseg><trkpt lat='32' lon='119'>", encoding="utf-8")
    assert "行" in refusal(opened(path, "points", line=LINE)).message


def test_a_table_that_knows_no_markers_says_which_columns_it_has(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名,单位\n张三,某局\n".encode("gb18030"))
    found = refusal(opened(path))
    assert "姓名、单位" in found.message
    assert "template" in found.suggestion


def test_a_template_is_recognised_and_its_cells_are_text(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template("markers", path)
    survey = opened(path)
    assert not [finding for finding in survey.findings if finding.blocking]
    assert not [finding for finding in survey.findings if "未用的列" in finding.message]
