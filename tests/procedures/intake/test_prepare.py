"""From a reading to a delivery: columns, codes as text, systems, rows that cannot be units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import GeometryCollection, MultiPolygon, Point, Polygon

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats import Reading, read_delivery
from gis_service.procedures.intake.rules import judge
from gis_service.procedures.intake.schemas import Columns, Delivery, prepare
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType
from tests.support.deliveries import (
    NAMES,
    VALID_ON,
    blocking,
    cell,
    collection,
    frame,
    geojson,
    rules_of,
    shapefile,
)


def reading_of(table: gpd.GeoDataFrame, crs: str | None = "EPSG:4490") -> Reading:
    return Reading(source="来件.gpkg", format="geopackage", sha256="0" * 64, frame=table, crs=crs)


def prepared(
    table: gpd.GeoDataFrame, crs: str | None = "EPSG:4490", **options: Any
) -> tuple[Delivery, list[Finding]]:
    made, findings = prepare(reading_of(table, crs), valid_on=VALID_ON, **options)
    assert made is not None, findings
    return made, findings


def refused(table: gpd.GeoDataFrame, crs: str | None = "EPSG:4490", **options: Any) -> Finding:
    made, findings = prepare(reading_of(table, crs), valid_on=VALID_ON, **options)
    assert made is None
    finding = blocking(findings)[0]
    assert finding.suggestion
    return finding


def test_a_clean_table_becomes_units_with_all_they_need() -> None:
    given, findings = prepared(frame())
    first = given.units[0]
    assert (first.row, first.code, first.name) == (1, "320602", "崇川区")
    assert (first.level, first.type, first.superior_code) == (
        DivisionLevel.county,
        DivisionType.district,
        "320600",
    )
    assert (given.source, given.crs, given.valid_on) == ("来件.gpkg", "EPSG:4490", VALID_ON)
    assert "XZQDM" in findings[0].message


def test_a_reading_of_nothing_hands_its_findings_on(tmp_path: Path) -> None:
    made, findings = prepare(read_delivery(tmp_path / "无.gpkg"), valid_on=VALID_ON)
    assert made is None
    assert len(blocking(findings)) == 1


# Columns


def test_the_named_column_wins_over_the_guess() -> None:
    table = frame().assign(code=["320623", "320684"], name=["如东县", "海门市"])
    given, _ = prepared(table, columns=Columns(code="code", name="name"))
    assert [unit.name for unit in given.units] == ["如东县", "海门市"]


def test_two_columns_of_different_codes_ask_for_one() -> None:
    finding = refused(frame().assign(PAC=["320623", "320684"]))
    assert finding.rule == "R-INT-04"
    assert "--code-column" in finding.suggestion
    assert "PAC" in finding.message


def test_two_columns_of_the_same_codes_are_one() -> None:
    assert len(prepared(frame().assign(PAC=[code for code, _ in NAMES[:2]]))[0].units) == 2


def test_unknown_titles_are_found_by_their_values() -> None:
    table = frame().rename(columns={"XZQDM": "F1", "XZQMC": "F2"})
    given, findings = prepared(table)
    assert [unit.name for unit in given.units] == [name for _, name in NAMES[:2]]
    assert any("F1" in finding.message for finding in findings)


def test_a_table_without_codes_or_without_the_named_column_is_refused() -> None:
    assert "--code-column" in refused(frame().drop(columns="XZQDM")).suggestion
    assert "--name-column" in refused(frame().drop(columns="XZQMC")).suggestion
    assert "代码列" in refused(frame(), columns=Columns(code="代码列")).message


def test_codes_of_the_wanted_level_are_chosen_among_those_of_superiors() -> None:
    table = frame().assign(
        city_adcode=["320600"] * 2,
        city_name=["南通市"] * 2,
        province_adcode=["320000"] * 2,
        province_name="江苏省",
    )
    given, _ = prepared(table, level=DivisionLevel.county)
    assert given.superiors == {"320000": "江苏省", "320600": "南通市"}
    assert given.units[0].superior_as_given == "320600"
    wrong, _ = prepared(table.assign(city_adcode="320500"), level=DivisionLevel.county)
    assert "R-COD-04" in rules_of(judge(wrong), blocking=True)


# Codes


@pytest.mark.parametrize(
    ("codes", "severity"),
    [
        ([320602, 320611], Severity.info),
        ([320602.0, 320611.0], Severity.warning),
        (["320602.0", "320611.00"], Severity.warning),
        (["3.20602E5", "3.20611e+05"], Severity.warning),
        (["３２０６０２", "３２０６１１"], Severity.warning),
        ([" 320602 ", "320611\t"], Severity.info),
        (["320602000000", "320611000000"], Severity.info),
        (["320602000", "320611000"], Severity.info),
    ],
)
def test_codes_kept_as_anything_but_text_are_recognised_and_told(
    codes: list[Any], severity: Severity
) -> None:
    given, findings = prepared(frame(codes=codes), level=DivisionLevel.county)
    assert [unit.code for unit in given.units] == ["320602", "320611"]
    (told,) = [finding for finding in findings if finding.rule == "R-INT-07"]
    assert told.severity is severity
    assert "2 行" in told.message


def test_text_that_is_no_code_and_missing_codes_are_told_row_by_row() -> None:
    table = frame([cell(i) for i in range(4)], codes=["320602", "abc", None, "990101"], names=["崇川区"] * 4)
    given, findings = prepared(table, columns=Columns(code="XZQDM", name="XZQMC"))
    told = blocking(findings)
    assert [finding.rule for finding in told] == ["R-COD-01", "R-INT-08"]
    assert "第2行" in told[0].subject
    assert "第3行" in told[1].subject
    assert "R-COD-01" in rules_of(judge(given), blocking=True)


def test_units_of_another_level_are_told_but_cities_without_counties_stand_in() -> None:
    table = frame(
        [cell(0), cell(1), cell(2)],
        codes=["320602", "320600", "441900"],
        names=["崇川区", "南通市", "东莞市"],
    )
    given, findings = prepared(table, level=DivisionLevel.county)
    assert [unit.name for unit in given.units] == ["崇川区", "东莞市"]
    assert ["第2行" in finding.subject for finding in blocking(findings)] == [True]


def test_rows_outside_the_wanted_divisions_are_counted() -> None:
    table = frame([cell(0), cell(1)], codes=["320602", "340202"], names=["崇川区", "镜湖区"])
    given, findings = prepared(table, within=["320000"])
    assert [unit.code for unit in given.units] == ["320602"]
    assert any("1 行" in finding.message for finding in findings)
    assert prepared(table, within=["340200", "320600"])[0].units[1].code == "340202"


def test_rows_of_one_unit_are_united_only_when_asked() -> None:
    table = frame(
        [cell(0), cell(1), cell(5)], codes=["320602"] * 2 + ["320611"], names=["崇川区"] * 2 + ["港闸区"]
    )
    apart, _ = prepared(table)
    assert "R-INT-30" in rules_of(judge(apart), blocking=True)
    united, findings = prepared(table, merge_parts=True)
    assert [unit.row for unit in united.units] == [1, 3]
    assert united.units[0].geometry.equals(cell(0, width=2))
    assert any("合并" in finding.message for finding in findings)


def test_broken_parts_of_one_unit_stay_broken_when_united() -> None:
    (west, south, east, north) = cell(0).bounds
    bow_tie = Polygon([(west, south), (east, north), (east, south), (west, north)])
    table = frame([bow_tie, cell(3)], codes=["320602"] * 2, names=["崇川区"] * 2)
    united, _ = prepared(table, merge_parts=True)
    assert "R-INT-10" in rules_of(judge(united), blocking=True)


# Geometries


def triangle(number: float) -> Polygon:
    """A triangle with one coordinate that is no number."""
    with np.errstate(invalid="ignore"):
        return Polygon([(120, 32), (121, number), (121, 33), (120, 32)])


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        (None, "没有几何"),
        (Polygon(), "没有几何"),
        (Point(120, 32), "Point"),
        (cell(0).exterior, "LinearRing"),
        (GeometryCollection([cell(0), Point(120, 32)]), "Point"),
        (triangle(np.nan), "NaN"),
        (triangle(np.inf), "NaN"),
    ],
)
def test_rows_without_a_usable_polygon_are_told(geometry: Any, word: str) -> None:
    given, findings = prepared(frame([cell(0), geometry]))
    assert len(given.units) == 1
    (told,) = blocking(findings)
    assert (told.rule, "第2行" in told.message, "港闸区" in told.message) == ("R-INT-06", True, True)
    assert word in told.message


def test_a_collection_of_polygons_is_a_multipolygon() -> None:
    given, findings = prepared(frame([GeometryCollection([cell(0), cell(2)])]))
    assert isinstance(given.units[0].geometry, MultiPolygon)
    assert blocking(findings) == []


def test_heights_are_left_out_and_told() -> None:
    given, findings = prepared(frame([shapely.force_3d(cell(0), 5.0), cell(1)]))
    assert not shapely.has_z(given.units[0].geometry)
    assert any("高程" in finding.message for finding in findings)


def test_coordinates_lie_on_the_grid_and_shared_borders_stay_shared() -> None:
    table = frame([shapely.transform(cell(i), lambda xy: xy + 1.23456789e-8) for i in (0, 1)])
    given, _ = prepared(table)
    xy = shapely.get_coordinates([unit.geometry for unit in given.units])
    assert (np.round(xy, 7) == xy).all()
    assert shapely.coverage_is_valid([unit.geometry for unit in given.units])


# Systems


def in_zone_40(*shapes: Polygon) -> list[Polygon]:
    move = Transformer.from_crs("EPSG:4490", "EPSG:4528", always_xy=True)
    return [
        shapely.transform(shape, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))
        for shape in shapes
    ]


def test_gauss_kruger_coordinates_come_back_to_degrees() -> None:
    given, findings = prepared(frame(in_zone_40(cell(0), cell(1)), crs="EPSG:4528"), "EPSG:4528")
    assert shapely.equals_exact(given.units[0].geometry, cell(0), 2e-7)
    assert (given.crs, blocking(findings)) == ("EPSG:4528", [])


def test_a_missing_system_is_asked_for_and_may_be_given() -> None:
    assert "--crs" in refused(frame(crs=None), None).suggestion
    given, findings = prepared(frame(crs=None), None, crs_override="EPSG:4490")
    assert len(given.units) == 2
    assert any(finding.rule == "R-INT-05" and finding.severity is Severity.info for finding in findings)


def test_an_override_against_the_declaration_warns() -> None:
    _, findings = prepared(frame(), crs_override="EPSG:4326")
    (told,) = [finding for finding in findings if finding.rule == "R-INT-05"]
    assert told.severity is Severity.warning
    assert rules_of(prepared(frame(), crs_override="EPSG:4490")[1]) == {"R-INT-04"}


@pytest.mark.parametrize("system", ["GCJ-02", "BD09", "EPSG:4214", "EPSG:4610", "EPSG:2364", "没有这个"])
def test_offset_grids_and_old_datums_are_refused(system: str) -> None:
    assert refused(frame(), crs_override=system).rule == "R-INT-05"


@pytest.mark.parametrize(
    ("shapes", "system", "word"),
    [
        ([shapely.transform(cell(0), lambda xy: xy[:, ::-1])], "EPSG:4490", "颠倒"),
        (in_zone_40(cell(0)), "EPSG:4490", "平面坐标"),
        ([cell(0)], "EPSG:4528", "经纬度"),
        (in_zone_40(cell(0)), "EPSG:4527", "带号 39"),
        (in_zone_40(cell(0)), "EPSG:4549", "100000"),
        ([shapely.transform(in_zone_40(cell(0))[0], lambda xy: xy[:, ::-1])], "EPSG:4528", "颠倒"),
    ],
    ids=["swapped", "metres as degrees", "degrees as metres", "other zone", "zone unasked", "swapped metres"],
)
def test_coordinates_that_belie_their_system_are_refused(
    shapes: list[Polygon], system: str, word: str
) -> None:
    finding = refused(frame(shapes, crs=system), system)
    assert finding.rule == "R-MAP-02"
    assert word in finding.message


def test_a_system_that_cannot_be_computed_with_is_refused() -> None:
    wkt = (
        'PROJCS["x",GEOGCS["g",DATUM["WGS_1984",SPHEROID["s",6378137,298.257223563]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["No_Such_Projection"],UNIT["metre",1]]'
    )
    finding = refused(frame(in_zone_40(cell(0)), crs="EPSG:4528"), crs_override=wkt)
    assert finding.rule == "R-INT-05"


def test_metres_read_as_degrees_name_the_right_system() -> None:
    assert "EPSG:4528" in refused(frame(in_zone_40(cell(0)), crs="EPSG:4490")).suggestion


# Whole ways


def test_names_survive_from_a_gbk_shapefile_to_the_delivery(tmp_path: Path) -> None:
    names = ["𬇙水区", "\ue5e5镇区"]
    path = shapefile(tmp_path, frame(names=names), cpg="UTF-8")
    made, _ = prepare(read_delivery(path), valid_on=VALID_ON, level=DivisionLevel.county)
    assert made is not None
    assert [unit.name for unit in made.units] == names


def test_numbers_as_codes_in_geojson_are_read(tmp_path: Path) -> None:
    path = geojson(tmp_path, collection(codes=[320602, 320611]))
    made, _ = prepare(read_delivery(path), valid_on=VALID_ON)
    assert made is not None
    assert [unit.code for unit in made.units] == ["320602", "320611"]
