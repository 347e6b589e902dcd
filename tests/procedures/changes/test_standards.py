"""Standards for setting up units: which edition holds where and when, and what it says of figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.rules.figures import Figure, Figures, Met, judge_figures
from gis_service.procedures.changes.rules.standards import edition_for, editions, indicators, known_standards
from tests.support.changes import CONVERSION, a_proposal, draw_city, opened

Sessions = sessionmaker[Session]


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def figures(**values: Any) -> Figures:
    return {key: Figure(value, "统计年鉴") for key, value in values.items()}


COUNTY: dict[str, Any] = {
    "population": 800_000,
    "area_km2": 1_600.0,
    "seat_nonfarm_workers": 130_000,
    "seat_nonfarm_households": 85_000,
    "nonfarm_population": 300_000,
    "industry_share": 0.82,
    "industry_output_1990": 16.0,
    "gdp": 11.0,
    "tertiary_share": 0.25,
    "revenue_per_head": 105,
    "revenue": 8_400,
    "tap_water_share": 0.66,
    "paved_road_share": 0.61,
}


def test_every_edition_says_where_it_comes_from_and_asks_for_known_things() -> None:
    assert {"镇", "街道", "县级市", "市辖区"} <= set(known_standards())
    for edition in editions():
        assert edition.source
        assert edition.legal_basis
        assert edition.status in "VPDM"
        assert bool(edition.paths) == edition.is_public, edition.id
        for path in edition.paths:
            assert path.demands
            for bound in (*path.when, *path.demands):
                assert bound.indicator in indicators()
                assert bound.limits
                assert bound.status in "VPDM"


@pytest.mark.parametrize(
    ("standard", "province", "on", "edition", "reference"),
    [
        ("县级市", "32", date(1996, 1, 1), "county-city-1993", None),
        ("县级市", "32", date(2020, 1, 1), "county-city-2016", "county-city-1993"),
        ("镇", "33", date(2020, 12, 31), "town-1984", None),
        ("镇", "33", date(2022, 1, 1), "town-zhejiang-2021", None),
        ("镇", "51", date(2022, 1, 1), "town-sichuan-2021", None),
        ("镇", "37", date(2022, 1, 1), "town-1984", None),
        ("镇", "32", date(2018, 12, 31), "town-1984", None),
        ("镇", "32", date(2022, 1, 1), "town-jiangsu", "town-1984"),
        ("街道", "32", date(2022, 1, 1), "subdistrict-jiangsu", None),
        ("街道", "33", date(2022, 1, 1), "subdistrict-national", None),
        ("市辖区", "32", date(2020, 1, 1), "district-2014-draft", None),
        ("镇", "32", date(1950, 1, 1), None, None),
    ],
)
def test_the_edition_of_the_province_and_the_day(
    standard: str, province: str, on: date, edition: str | None, reference: str | None
) -> None:
    found = edition_for(standard, province, on)
    assert (found.edition and found.edition.id, found.reference and found.reference.id) == (
        edition,
        reference,
    )


def test_what_is_not_public_is_said_and_never_decided() -> None:
    for standard in ("镇", "街道"):
        told = judge_figures(
            standard, "32", date(2022, 1, 1), figures(population=90_000, is_county_seat=True)
        )
        assert told.verdict is Met.not_public
        assert "无公开标准" in told.note
    assert judge_figures("镇", "32", date(1950, 1, 1), {}).verdict is Met.not_public


def test_a_province_without_its_own_is_measured_by_the_national_one_and_told() -> None:
    told = judge_figures("镇", "37", date(2022, 1, 1), figures(is_county_seat=True))
    assert told.verdict is Met.met
    assert "未见该省标准" in told.note
    draft = judge_figures("市辖区", "32", date(2020, 1, 1), {})
    assert "从未正式公布" in draft.note


def test_a_county_city_is_judged_by_its_class_of_density() -> None:
    told = judge_figures("县级市", "32", date(1996, 1, 1), figures(**COUNTY))
    assert told.verdict is Met.met
    applying = {path.path: path.applies for path in told.paths}
    assert applying == {"dense": True, "middle": False, "sparse": False}
    [dense] = [path for path in told.paths if path.path == "dense"]
    reckoned = {each.indicator: each.value for each in dense.indicators}
    assert reckoned["nonfarm_share"] == 300_000 / 800_000
    poor = judge_figures("县级市", "32", date(1996, 1, 1), figures(**COUNTY | {"gdp": 9.9}))
    assert poor.verdict is Met.unmet
    middle = judge_figures(
        "县级市", "32", date(1996, 1, 1), figures(**COUNTY | {"gdp": 9.9, "area_km2": 4_000.0})
    )
    assert middle.verdict is Met.met


def test_figures_that_are_missing_or_of_the_wrong_kind_leave_it_open() -> None:
    known = {key: value for key, value in COUNTY.items() if key != "gdp"}
    told = judge_figures("县级市", "32", date(1996, 1, 1), figures(**known))
    assert told.verdict is Met.unknown
    text = judge_figures("县级市", "32", date(1996, 1, 1), figures(**COUNTY | {"gdp": "很多"}))
    assert text.verdict is Met.unknown
    no_area = {key: value for key, value in COUNTY.items() if key != "area_km2"}
    assert judge_figures("县级市", "32", date(1996, 1, 1), figures(**no_area)).verdict is Met.unknown
    assert judge_figures("镇", "33", date(2022, 1, 1), figures(terrain="平原")).unused == ("terrain",)


@pytest.mark.parametrize(
    ("terrain", "population", "verdict"),
    [
        ("平原", 60_000, Met.met),
        ("平原", 59_999, Met.unmet),
        ("高原", 10_000, Met.met),
        ("海岛", 90_000, Met.unmet),
        (None, 90_000, Met.unknown),
    ],
)
def test_the_terrain_decides_in_sichuan(terrain: str | None, population: int, verdict: Met) -> None:
    given_ = {"population": population} | ({"terrain": terrain} if terrain else {})
    assert judge_figures("镇", "51", date(2022, 1, 1), figures(**given_)).verdict is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ({"population": 15_000, "seat_nonfarm_population": 2_001}, Met.met),
        ({"population": 15_000, "seat_nonfarm_population": 2_000, "is_county_seat": False}, Met.unknown),
        (
            {
                "population": 15_000,
                "seat_nonfarm_population": 2_000,
                "is_county_seat": False,
                "is_special_place": False,
            },
            Met.unmet,
        ),
        ({"population": 30_000, "seat_nonfarm_population": 3_000}, Met.met),
        ({"is_special_place": True}, Met.met),
    ],
)
def test_a_town_of_1984_has_several_ways(known: dict[str, Any], verdict: Met) -> None:
    assert judge_figures("镇", "37", date(2000, 1, 1), figures(**known)).verdict is verdict


@given(
    st.dictionaries(
        st.sampled_from(sorted(indicators())),
        st.one_of(st.booleans(), st.floats(-1e15, 1e15), st.integers(-(10**15), 10**15), st.text(max_size=5)),
    ),
    st.sampled_from(known_standards()),
    st.sampled_from(["32", "33", "51", "45"]),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_more_figures_never_turn_a_verdict_around(
    known: dict[str, Any], standard: str, province: str, on: date
) -> None:
    """What was decided stays decided when the figures that were missing come in, one by one."""
    whole = judge_figures(standard, province, on, figures(**known))
    for left_out in known:
        less = {key: value for key, value in known.items() if key != left_out}
        part = judge_figures(standard, province, on, figures(**less))
        assert part.verdict in {whole.verdict, Met.unknown}


TOWN = {
    "standard": "镇",
    "province": "330000",
    "on": "2022-01-01",
    "unit": "某镇",
    "figures": [
        {"indicator": "population", "value": 26_000, "source": "七普"},
        {"indicator": "area_km2", "value": 201},
    ],
}


def test_everybody_may_read_the_standards(office: TestClient) -> None:
    told = office.get("/standards?standard=镇").json()
    assert {each["id"] for each in told["editions"]} == {
        "town-1984",
        "town-jiangsu",
        "town-sichuan-2021",
        "town-zhejiang-2021",
    }
    assert office.get("/standards?standard=村").status_code == 422


def test_figures_are_judged_indicator_by_indicator(office: TestClient) -> None:
    told = office.post("/standards/verdict", json=TOWN).json()
    assert (told["verdict"], told["edition"], told["status"]) == ("不达标", "town-zhejiang-2021", "P")
    by = {each["indicator"]: each for each in told["paths"][0]["indicators"]}
    assert (by["population"]["verdict"], by["population"]["source"]) == ("达标", "七普")
    assert (by["area_km2"]["verdict"], by["area_km2"]["threshold"]) == (
        "不达标",
        "不少于40，不超过200（平方千米）",
    )
    assert by["nonfarm_gdp_share"]["verdict"] == "缺数据"
    strange = TOWN | {"figures": [{"indicator": "happiness", "value": 1}]}
    assert "没有指标" in office.post("/standards/verdict", json=strange).json()["detail"]


def test_a_verdict_is_kept_with_its_case_and_judged_there(office: TestClient) -> None:
    number = opened(office, a_proposal(CONVERSION))

    def found() -> list[tuple[str, str]]:
        findings = office.post(f"/changes/{number}/check").json()["findings"]
        return [(each["severity"], each["message"]) for each in findings if each["rule"] == "R-STD-01"]

    [(severity, message)] = found()
    assert severity == "warning"
    assert message.startswith("没有对照市辖区设立标准的结论")
    good = {"city_population": 2_000_000, "districts": 3, "smallest_district_population": 300_000}
    rest = {"smallest_district_nonfarm": 200_000, "has_enclaves": False}
    sent = [{"indicator": key, "value": value} for key, value in (good | rest).items()]
    wanted = {"standard": "市辖区", "province": "32", "on": "2020-06-05", "unit": "海门区", "figures": sent}
    [kept] = office.post(f"/changes/{number}/verdicts", json=wanted).json()
    assert (kept["verdict"], kept["edition"]) == ("达标", "district-2014-draft")
    assert kept["figures"][0]["value"] == 2_000_000
    assert found() == []
    worse = [each for each in sent if each["indicator"] != "districts"]
    office.post(f"/changes/{number}/verdicts", json=wanted | {"figures": worse})
    [(severity, message)] = found()
    assert "缺数据" in message
    assert len(office.get(f"/changes/{number}/verdicts").json()) == 2
