"""Rules about place names over flat records: class, code, split, mandatory fields, names that repeat."""

from __future__ import annotations

import csv
import tomllib
from hashlib import sha256
from typing import Any

import pytest

from gis_service.foundation.findings import Severity
from gis_service.registers.placenames.rules import judge_names, same_names
from gis_service.registers.placenames.rules.classes import DATA, class_of, classes, judge_class
from gis_service.registers.placenames.rules.codes import judge_code, read_code
from gis_service.registers.placenames.rules.generics import judge_split

WHOLE: dict[str, Any] = {
    "code": "32010200122200000001",
    "name": "王家庄",
    "specific": "王家",
    "generic": "庄",
    "roman": "Wangjia Zhuang",
    "class": "22200",
    "division": "320102001",
    "divisions": ["320102001"],
    "facts": {
        "地名含义": "王姓所居",
        "历史沿革": "明代建村",
        "地理实体概况": "某乡东部",
        "登记时间": "2015-06-01",
    },
}


def found(**changes: Any) -> list[tuple[str, str]]:
    judged = judge_names([WHOLE, WHOLE | changes])
    assert {each.row for each in judged} <= {1}
    return [(each.finding.rule, each.finding.severity.value) for each in judged]


def test_a_whole_record_is_found_sound() -> None:
    assert judge_names([WHOLE], publishing=True) == []


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"class": "99000", "code": None}, [("R-CLS-01", "blocking"), ("R-PUB-01", "warning")]),
        ({"class": "22900", "code": None}, [("R-CLS-01", "warning"), ("R-PUB-01", "warning")]),
        ({"code": "3201020012220000000"}, [("R-COD-12", "blocking")]),
        ({"code": "32010400122200000001"}, [("R-COD-12", "blocking")]),
        ({"code": "32010400122200000001", "revision": 1}, [("R-COD-12", "warning")]),
        ({"code": "32010200123514000001"}, [("R-COD-12", "blocking")]),
        ({"specific": "王"}, [("R-NAM-01", "blocking")]),
        ({"name": "王家路", "generic": "路"}, [("R-NAM-01", "warning")]),
        ({"name": "王家庒", "generic": "庒"}, [("R-NAM-02", "blocking"), ("R-NAM-01", "warning")]),
        ({"roman": ""}, [("R-PUB-01", "warning")]),
        ({"facts": {}}, [("R-PUB-01", "warning")]),
    ],
)
def test_each_fault_is_found_by_its_rule(changes: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    assert found(**changes) == wanted


def test_what_is_missing_is_named_and_blocks_what_is_to_be_published() -> None:
    [judged] = judge_names([WHOLE | {"facts": {}, "roman": None}], publishing=True)
    assert judged.finding.severity is Severity.blocking
    assert "罗马字母拼写、地名含义、历史沿革、地理实体概况、登记时间" in judged.finding.message


def test_classes_lie_below_their_prefixes() -> None:
    assert all(class_of(code) is not None and class_of(code[:2]) is not None for code in classes())
    known = class_of("21501")
    assert known is not None
    assert known.code == "21"  # 21500 is a whole code and no prefix of it
    assert class_of("2423") is classes()["2423"]
    assert class_of("24231") is classes()["2423"]
    assert [class_of(code) for code in ("14000", "20000", "9", "", "２２", "222000")] == [None] * 6
    assert judge_class("24231") == ()


def test_the_table_of_classes_is_the_one_its_manifest_names() -> None:
    manifest = tomllib.loads((DATA / "classes.toml").read_text(encoding="utf-8"))
    content = (DATA / "classes.csv").read_bytes()
    assert manifest["files"]["classes.csv"] == sha256(content).hexdigest()
    assert manifest["dataset"]["rows"] == len(list(csv.DictReader(content.decode().splitlines())))


def test_codes_agree_with_units_as_far_as_those_tell() -> None:
    assert read_code("33038100122100000001").class_code == "22100"
    for divisions in (
        ["330381001"],
        ["330381001001"],
        ["330381"],
        ["330300"],
        ["330000"],
        ["320102", "330381"],
    ):
        assert not judge_code("某", "33038100122100000001", class_code="22100", divisions=divisions)
    assert judge_code("某", "33038100122100000001", class_code="22100", divisions=["330381002"])
    assert not judge_code("某", "33038100013400000001", class_code="13400", divisions=["330381002"])


@pytest.mark.parametrize(
    ("name", "specific", "generic", "class_code", "severities"),
    [
        ("紫金山", "紫金", "山", "13400", []),
        ("紫金山", None, None, "13400", []),
        ("南京长江大桥", "南京长江", "大桥", "23610", []),
        ("紫金山", "紫金", "山", "23514", ["warning"]),
        ("紫金", None, None, "23514", ["warning"]),
        ("某某", None, None, "27100", []),  # the table tells nothing of units (单位)
        ("紫金山", "紫", "山", "13400", ["blocking"]),
    ],
)
def test_generic_terms_fit_the_class(
    name: str, specific: str | None, generic: str | None, class_code: str, severities: list[str]
) -> None:
    assert [
        each.severity.value for each in judge_split(name, name, specific, generic, class_code)
    ] == severities


def test_names_that_repeat_in_a_county_are_counted_and_no_fault() -> None:
    rows = [WHOLE, WHOLE | {"division": "320102002"}, WHOLE | {"division": "320104001"}]
    assert same_names(rows) == {("320102", "22", "王家庄"): 2}
