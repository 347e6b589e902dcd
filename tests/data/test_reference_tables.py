"""The reference tables are complete, travel with the installed package, and say what is not verified."""

import csv
from collections import Counter
from importlib.resources import files


def rows(name):
    folder = files("gis_service.registers.divisions") / "reference"
    return list(csv.DictReader(folder.joinpath(name).read_text(encoding="utf-8").splitlines()))


def test_there_are_34_province_level_units_with_distinct_abbreviations_and_letters():
    provinces = rows("provinces.csv")
    assert len(provinces) == 34
    for column in ("code", "name", "abbreviation", "letters"):
        assert len({row[column] for row in provinces}) == 34
    assert all(row["code"].endswith("0000") for row in provinces)


def test_each_abbreviation_has_a_status_and_a_source():
    provinces = rows("provinces.csv")
    status = {row["abbreviation"]: row["abbreviation_status"] for row in provinces}
    assert set(status.values()) == {"V", "P", "M"}
    assert status["黔"] == "M"
    assert {status[abbreviation] for abbreviation in "苏皖鲁浙沪"} == {"V"}
    assert all(row["abbreviation_source"] for row in provinces)


def test_there_are_333_prefecture_level_units_each_in_a_known_province():
    superiors = rows("superiors.csv")
    assert len({row["code"] for row in superiors}) == len(superiors) == 333
    provinces = {row["code"][:2] for row in rows("provinces.csv")}
    assert {row["code"][:2] for row in superiors} <= provinces
    assert all(row["code"].endswith("00") and row["code"][2:4] not in {"00", "90"} for row in superiors)


def test_the_kinds_of_prefecture_level_units_add_up_to_the_national_count():
    endings = Counter(
        next(kind for kind in ("自治州", "地区", "盟", "市") if row["name"].endswith(kind))
        for row in rows("superiors.csv")
    )
    assert endings == {"市": 293, "自治州": 30, "地区": 7, "盟": 3}


def test_the_superiors_of_the_sample_are_in_the_table(sample):
    columns = sample.manifest["columns"]
    named = {
        (row[columns["prefecture_code"]], row[columns["prefecture_name"]])
        for row in sample.rows
        if row[columns["code"]] in sample.selected
    }
    assert len(named) == 29
    assert named <= {(row["code"], row["name"]) for row in rows("superiors.csv")}
