"""Lists of place names: every cell read or refused by row and column, names as given, loaded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import geopandas as gpd
import orjson
import pytest
from openpyxl import Workbook
from shapely.geometry import LineString, Point
from sqlalchemy import func, select

from gis_service.foundation.access import Actor, Grant, Role
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.placenames.entering import EnteringNames, load_placenames
from gis_service.procedures.intake.commands.placenames.judging import judge_alone
from gis_service.procedures.intake.commands.placenames.opening import ListRequest, PlaceList
from gis_service.procedures.intake.commands.placenames.rejecting import write_refused
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.rules.placenames import NameChange, PlaceRecord, Tally
from gis_service.registers.placenames.models import Feature, FeatureShape, FeatureVersion, PlaceName
from tests.support.factories import drawn

DAY = date(2024, 1, 1)
HEADS = "标准名称,地名类别,所在(跨)行政区,东经,北纬,曾用名,别名\n"
EXTENSION_B, PRIVATE, DECOMPOSED = "𠮷", "\ue000", "e\u0301"


@pytest.fixture
def units(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AAB AAB", {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区")})


def listed(folder: Path, rows: str, name: str = "来件.csv", heads: str = HEADS) -> PlaceList:
    path = folder / name
    path.write_text(heads + rows, encoding="utf-8")
    return PlaceList(ListRequest(str(path)))


def records(given: PlaceList) -> tuple[list[PlaceRecord], Tally]:
    tally = Tally(given.source)
    return [record for chunk in given.chunks(tally) for record in chunk], tally


def load(tx: Transaction, given: PlaceList, **wish: object) -> NamesReport:
    return load_placenames(tx, given, EnteringNames(DAY, **wish))


def names(tx: Transaction, kind: str = "标准名称") -> set[str]:
    return set(tx.session.scalars(select(PlaceName.text).where(PlaceName.kind == kind)))


def test_columns_are_known_by_chinese_and_english_heads(tmp_path: Path) -> None:
    heads = "standard_name,place_type_code,county_code,lon,lat,old_name,place_meaning,某列\n"
    given = listed(tmp_path, "周庄,22200,320102,119.005,31.995,老庄；周家庄,周姓,x\n", heads=heads)
    [record], tally = records(given)
    assert (record.name, record.class_code, record.divisions) == ("周庄", "22200", ("320102",))
    assert record.former == ("老庄", "周家庄")
    assert record.facts == {"地名含义": "周姓"}
    assert record.geometry == Point(119.005, 31.995)
    assert not tally.refused
    assert any("某列" in finding.message for finding in given.findings)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("119°00′18.00″", "31°59′42.00″"), ("东经119度0分18秒", "北纬31度59分42秒"), ("119.005", "31.995")],
)
def test_degrees_and_minutes_are_the_same_place(tmp_path: Path, lon: str, lat: str) -> None:
    [record], _ = records(listed(tmp_path, f"周庄,22200,320102,{lon},{lat},,\n"))
    assert record.geometry is not None
    assert record.geometry.equals_exact(Point(119.005, 31.995), 1e-7)


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (",22200,320102,,,,", "标准名称", "没有标准名称"),
        ("周庄,22200,320102,31.995,119.005,,", "经纬度", "颠倒"),
        ("周庄,22200,320102,119.005,,,", "经纬度", "纬度"),
        ("周庄,22200,320102,2.35,48.85,,", "位置", "我国范围以外"),
        ("周庄,99,320102,,,,", "地名类别", "不属于任何已知门类"),
        ("周\u200b庄,22200,320102,,,,", "标准名称", "不可见字符"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(tmp_path: Path, row: str, column: str, word: str) -> None:
    given = listed(tmp_path, f"好庄,22200,320102,,,,\n{row}\n")
    _, findings = judge_alone(given, lambda _: None)
    [blocking] = [finding for finding in findings if finding.blocking]
    assert blocking.subject.startswith(f"第3行“{column}”列")
    assert word in blocking.message


def test_a_list_without_names_is_refused_with_the_heads_it_has(tmp_path: Path) -> None:
    given = listed(tmp_path, "1,2\n", heads="甲,乙\n")
    assert not given.is_open
    assert "没有“标准名称”列（现有：甲、乙）" in given.findings[-1].message


def test_the_list_of_the_national_database_is_read(tmp_path: Path) -> None:
    point = {"type": "MultiPoint", "coordinates": [[119.005, 31.995]]}
    one = {
        "place_code": "32010200022200000001",
        "standard_name": "周庄",
        "place_type_code": "22200",
        "area_code": "320102",
        "gdm": orjson.dumps(point).decode(),
        "old_name": "老庄",
        "roman_alphabet_spelling": "Zhōuzhuāng",
    }
    path = tmp_path / "dmfw.json"
    path.write_bytes(orjson.dumps({"total": 1, "records": [one]}))
    [record], tally = records(PlaceList(ListRequest(str(path))))
    assert (record.code, record.divisions, record.roman) == (one["place_code"], ("320102",), "Zhōuzhuāng")
    assert record.geometry == Point(119.005, 31.995)
    assert not tally.refused


def test_workbooks_layers_and_shapefiles_say_the_same(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["标准名称", "类别", "政区代码", "东经", "北纬"])
    book.active.append(["周庄", 22200, 320102, 119.005, 31.995])
    book.save(tmp_path / "a.xlsx")
    frame = gpd.GeoDataFrame(
        {"name": ["周庄"], "类别": ["22200"], "政区代码": ["320102"]},
        geometry=[Point(119.005, 31.995)],
        crs=4490,
    )
    frame.to_file(tmp_path / "a.gpkg", layer="a")
    frame.to_file(tmp_path / "a.geojson")
    frame.to_crs(4528).to_file(tmp_path / "a.shp", encoding="GBK")
    told = []
    for name in ("a.xlsx", "a.gpkg", "a.geojson", "a.shp"):
        [record], _ = records(PlaceList(ListRequest(str(tmp_path / name))))
        assert record.geometry is not None
        assert record.geometry.equals_exact(Point(119.005, 31.995), 2e-7)
        told.append((record.name, record.class_code, record.divisions, record.role))
    assert set(told) == {("周庄", "22200", ("320102",), "点")}


def test_offset_coordinates_are_refused_by_name(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["周庄"]}, geometry=[Point(119.005, 31.995)], crs=4490)
    frame.to_file(tmp_path / "a.gpkg", layer="a")
    given = PlaceList(ListRequest(str(tmp_path / "a.gpkg"), crs="GCJ-02"))
    assert any("加偏坐标" in finding.message for finding in given.findings if finding.blocking)


@pytest.mark.usefixtures("units")
def test_names_go_in_exactly_as_given(tx: Transaction, tmp_path: Path) -> None:
    rows = "".join(
        f" {name}庄 ,22200,320102,119.00{number},31.995,,\n"
        for number, name in enumerate((EXTENSION_B, PRIVATE, DECOMPOSED), start=1)
    )
    report = load(tx, listed(tmp_path, rows))
    assert names(tx) == {f"{EXTENSION_B}庄", f"{PRIVATE}庄", f"{DECOMPOSED}庄"}
    assert sum("空白" in finding.message for finding in report.findings) == 3


def test_a_list_is_loaded_once_and_counted(tx: Transaction, tmp_path: Path, units: dict[str, UUID]) -> None:
    rows = (
        "周庄,22200,320102,119.005,31.995,老庄、周家庄,周村\n"
        "李庄,22200,江苏玄武区,119.006,31.995,,\n"
        "王庄,22200,320104001,119.025,31.995,,\n"
        "赵庄,22200,,119.025,31.985,,\n"
    )
    refused = listed(tmp_path, rows)
    with pytest.raises(RuleViolated) as violated:
        load(tx, refused)
    assert "江苏玄武区" in "".join(finding.message for finding in violated.value.findings)
    given = listed(tmp_path, rows.replace("江苏玄武区", "玄武区"))
    report = load(tx, given)
    assert (report.rows, report.entered, report.left) == (4, 4, 0)
    assert any("列于 320104 之下" in finding.message for finding in report.findings)
    assert names(tx, "曾用名") == {"老庄", "周家庄"}
    assert names(tx, "别名") == {"周村"}
    listed_under = dict(
        tx.session.execute(
            select(PlaceName.text, FeatureVersion.division_ids)
            .join(FeatureVersion, FeatureVersion.feature_id == PlaceName.feature_id)
            .where(PlaceName.kind == "标准名称")
        ).all()
    )
    assert listed_under["李庄"] == [units["A"]]
    assert listed_under["王庄"] == listed_under["赵庄"] == [units["B"]]
    computed = tx.session.scalar(select(PlaceName).where(PlaceName.text == "周庄"))
    assert computed is not None
    assert (computed.roman, computed.roman_source) == ("Zhōuzhuāng", "computed")
    assert load(tx, given).known
    again = load(tx, listed(tmp_path, rows.replace("江苏玄武区", "320102"), "另件.csv"))
    assert (again.entered, again.changed, again.unchanged) == (0, 0, 4)
    assert tx.session.scalar(select(func.count()).select_from(Feature)) == 4


@pytest.mark.usefixtures("units")
def test_namesakes_stay_distinct_and_repetitions_are_refused(tx: Transaction, tmp_path: Path) -> None:
    heads = "code12,name,class,streetCode\n"
    rows = (
        "320102001201,张村村委会,27610,320102001\n"
        "320102001202,张村村委会,27610,320102001\n"
        "320102001203,李村村委会,27610,320102001\n"
        "320102001203,王村村委会,27610,320102001\n"
    )
    given = listed(tmp_path, rows, heads=heads)
    with pytest.raises(RuleViolated) as refused:
        load(tx, given)
    assert [f.subject for f in refused.value.findings if f.blocking] == ["第5行"]
    report = load(tx, given, partial=True)
    assert (report.entered, report.left) == (3, 1)
    write_refused(tmp_path / "未装入.csv", given, report.refused)
    [_, row] = (tmp_path / "未装入.csv").read_text("utf-8-sig").splitlines()
    assert row.startswith("320102001203,王村村委会,27610,320102001,5,与第4行是同一地名")
    known = listed(tmp_path, rows.replace("王村村委会", "李村村委会", 1), "再次.csv", heads=heads)
    assert load(tx, known, partial=True).unchanged == 3


@pytest.mark.usefixtures("units")
def test_another_name_must_be_said_to_be_new_or_put_right(tx: Transaction, tmp_path: Path) -> None:
    heads = "place_code,标准名称,类别,政区代码\n"
    code = "32010200022200000001"
    load(tx, listed(tmp_path, f"{code},周庄,22200,320102\n", heads=heads))
    other = listed(tmp_path, f"{code},周村,22200,320102\n", "二.csv", heads=heads)
    with pytest.raises(RuleViolated, match="未入库"):
        load(tx, other)
    later = EnteringNames(date(2025, 1, 1), change=NameChange.rename)
    assert load_placenames(tx, other, later).changed == 1
    kinds = tx.session.execute(select(PlaceName.text, PlaceName.valid).order_by(PlaceName.id)).all()
    assert [(text, period.start.year) for text, period in kinds] == [("周庄", 2024), ("周村", 2025)]


@pytest.mark.usefixtures("units")
def test_positions_outside_their_unit_are_told(tx: Transaction, tmp_path: Path) -> None:
    report = load(tx, listed(tmp_path, "周庄,22200,320102,119.025,31.995,,\n"))
    [told] = [finding for finding in report.findings if finding.rule == "R-PLN-04"]
    assert "位置在 320104 内，不在所注的 320102 内" in told.message


@pytest.mark.usefixtures("units")
def test_lines_and_fields_of_the_census_are_kept(tx: Transaction, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"标准名称": ["小河"], "类别": ["12100"], "所在行政区": ["320102、320104"], "地名含义": ["水小"]},
        geometry=[LineString([(119.0, 31.99), (119.03, 31.99)])],
        crs=4490,
    )
    frame.to_file(tmp_path / "河.gpkg", layer="河")
    load(tx, PlaceList(ListRequest(str(tmp_path / "河.gpkg"))))
    version, role = tx.session.execute(
        select(FeatureVersion, FeatureShape.role).join(
            FeatureShape, FeatureShape.feature_id == FeatureVersion.feature_id
        )
    ).one()
    assert role == "线"
    assert version.facts == {"地名含义": "水小"}
    assert len(version.division_ids) == 2


def test_nobody_loads_beyond_his_jurisdiction(
    tx: Transaction, tmp_path: Path, units: dict[str, UUID]
) -> None:
    editor = Actor("编辑", "玄武区民政局", grants=(Grant(Role.editor, units["A"]),))
    theirs = replace(tx, actor=editor)
    load(theirs, listed(tmp_path, "周庄,22200,320102,,,,\n"))
    with pytest.raises(NotPermitted, match="秦淮区"):
        load(theirs, listed(tmp_path, "王庄,22200,320104,,,,\n", "二.csv"))
    with pytest.raises(NotPermitted, match="没有所在行政区"):
        load(theirs, listed(tmp_path, "某庄,22200,,,,,\n", "三.csv"))


def test_villages_of_one_name_stay_distinct_by_code_and_without_one(
    tx: Transaction, units: dict[str, UUID], tmp_path: Path
) -> None:
    """A plain `code` of twelve digits is a village's; twins without code and place are told and kept."""
    assert units
    rows = "320102001201,王庄村委会,320102001,320102\n320102002201,王庄村委会,320102002,320102\n"
    report = load(tx, listed(tmp_path, rows, heads="code,name,streetCode,areaCode\n"))
    assert report.entered == 2
    versions = tx.session.scalars(select(FeatureVersion).where(FeatureVersion.class_code == "27610")).all()
    assert {each.facts["统计用区划代码"] for each in versions} == {"320102001201", "320102002201"}
    twins = listed(tmp_path, "李庄,22200,320102\n李庄,22200,320102\n", "再.csv", "名称,类别,所在行政区\n")
    report = load(tx, twins)
    assert report.entered == 2
    assert any("没有代码和位置可以区分" in finding.message for finding in report.findings)
