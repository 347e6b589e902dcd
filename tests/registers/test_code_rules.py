"""Codes to be given, long codes, codes that are kept and codes that end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Severity
from gis_service.foundation.periods import Period
from gis_service.registers.divisions.rules import (
    Coded,
    DivisionType,
    Holder,
    is_urban,
    judge_code,
    judge_kept_code,
    judge_place_code,
    judge_statistical_code,
    judge_successors,
    must_change_code,
    propose_codes,
    urban_rural_classes,
)

DAY = date(2020, 6, 5)
DISTRICT, COUNTY, COUNTY_CITY = DivisionType.district, DivisionType.county, DivisionType.county_city


def held(code: str, start: int = 1990, end: int | None = None) -> Holder:
    return Holder(code, f"单位{code}", Period(date(start, 1, 1), date(end, 1, 1) if end else None))


def proposed(
    type_: DivisionType, superior: str, *holders: Holder, on: date = DAY, count: int = 3
) -> list[str]:
    return [each.code for each in propose_codes(type_, superior, on=on, holders=holders, count=count)]


@pytest.mark.parametrize(
    ("type_", "superior", "codes"),
    [
        (DISTRICT, "320600", ["320602", "320603", "320604"]),
        (COUNTY_CITY, "320600", ["320681", "320682", "320683"]),
        (COUNTY_CITY, "422800", ["422801", "422802", "422803"]),
        (COUNTY_CITY, "420000", ["429001", "429002", "429003"]),
        (COUNTY, "320600", ["320621", "320622", "320623"]),
        (DISTRICT, "310000", ["310101", "310102", "310103"]),
        (COUNTY, "500000", ["500221", "500222", "500223"]),
        (DivisionType.prefecture_city, "320000", ["320100", "320200", "320300"]),
        (DivisionType.autonomous_prefecture, "530000", ["532100", "532200", "532300"]),
        (DivisionType.town, "320621", ["320621100", "320621101", "320621102"]),
        (DivisionType.subdistrict, "441900", ["441900001", "441900002", "441900003"]),
        (DivisionType.village, "320621100", ["320621100200", "320621100201", "320621100202"]),
    ],
)
def test_codes_are_proposed_in_the_band_of_the_type(
    type_: DivisionType, superior: str, codes: list[str]
) -> None:
    assert proposed(type_, superior) == codes


def test_the_next_number_comes_first_then_what_was_left_out_then_what_was_given_up() -> None:
    held_ = [held("320602"), held("320604", end=2000), held("320619"), held("320680")]
    found = propose_codes(DISTRICT, "320600", on=DAY, holders=held_, count=100)
    codes = [each.code for each in found]
    assert codes[:3] == ["320620", "320603", "320605"]
    assert codes[-1] == "320604"
    assert [finding.rule for finding in found[-1].findings] == ["R-COD-06"]
    assert not {"320602", "320619", "320680", "320601"} & set(codes)


def test_districts_beyond_twenty_are_free_since_the_amendment() -> None:
    full = [held(f"3206{number:02}") for number in range(1, 21)]
    assert proposed(DISTRICT, "320600", *full, on=date(2016, 12, 31)) == []
    assert proposed(DISTRICT, "320600", *full, on=date(2017, 1, 1)) == ["320651", "320652", "320653"]


def test_a_code_that_will_be_given_later_is_not_free() -> None:
    assert proposed(DISTRICT, "320600", held("320602", start=2025), count=1) == ["320603"]


@pytest.mark.parametrize(
    ("type_", "superior"),
    [
        (DISTRICT, "422800"),
        (DivisionType.province, "320000"),
        (DivisionType.town, "320600"),
        (DivisionType.prefecture_city, "110000"),
        (COUNTY, "320621"),
        (COUNTY, "710000"),
        (DivisionType.village, "320621"),
    ],
)
def test_what_cannot_hang_there_is_refused(type_: DivisionType, superior: str) -> None:
    with pytest.raises(InvalidInput):
        proposed(type_, superior)


@given(
    st.sampled_from(
        [
            (DISTRICT, "320600"),
            (COUNTY, "320600"),
            (COUNTY_CITY, "320600"),
            (COUNTY, "422800"),
            (DISTRICT, "310000"),
        ]
    ),
    st.dates(date(1999, 1, 1), date(2030, 1, 1)),
    st.sets(st.integers(1, 99), max_size=40),
)
def test_no_proposal_breaks_a_rule(place: tuple[DivisionType, str], on: date, taken: set[int]) -> None:
    type_, superior = place
    prefix = "3101" if superior == "310000" else superior[:4]
    holders = [held(f"{prefix}{number:02}") for number in taken]
    for code in proposed(type_, superior, *holders, on=on, count=99):
        assert not judge_code(code, f"某{type_.value[-1]}", type_, on=on, superior=superior, holders=holders)


def test_twelve_digits_fit_the_kind_of_committee_and_the_class() -> None:
    village, community = DivisionType.village, DivisionType.community
    assert not judge_statistical_code("320621100200", "某村", village, "220")
    assert not judge_statistical_code("320621100001", "某社区", community, "121")
    assert not judge_statistical_code("320621100498", "虚拟社区", community)
    assert not judge_statistical_code("320621100598", "虚拟生活区", village)
    assert len(judge_statistical_code("320621100001", "某村", village, "221")) == 2
    [finding] = judge_statistical_code("32062110000", "某村", village)
    assert (finding.rule, finding.severity) == ("R-COD-11", Severity.blocking)
    assert set(urban_rural_classes()) == {"111", "112", "121", "122", "123", "210", "220"}
    assert [code for code in urban_rural_classes() if not is_urban(code)] == ["210", "220"]


@pytest.mark.parametrize(
    ("code", "division", "fits"),
    [
        ("33038100122100000001", "330381001", True),
        ("33038100022100000001", "330381", True),
        ("33038100022100000001", "330381001", True),
        ("33038100122100000001", "330381002", False),
        ("33038100122100000001", "330382", False),
        ("3303810012210000001", "330381001", False),
        ("99038100122100000001", "990381001", False),
    ],
)
def test_place_names_carry_the_code_of_their_division(code: str, division: str, fits: bool) -> None:
    assert bool(judge_place_code(code, "某地", division)) is not fits


@pytest.mark.parametrize(
    ("before", "after", "must", "rules"),
    [
        (("320803", "楚州区", DISTRICT, "320800"), ("320803", "淮安区", DISTRICT, "320800"), False, []),
        (
            ("320803", "楚州区", DISTRICT, "320800"),
            ("320804", "淮安区", DISTRICT, "320800"),
            False,
            ["R-COD-08"],
        ),
        (("320621", "海安县", COUNTY, "320600"), ("320685", "海安市", COUNTY_CITY, "320600"), True, []),
        (
            ("320621", "海安县", COUNTY, "320600"),
            ("320621", "海安市", COUNTY_CITY, "320600"),
            True,
            ["R-COD-08"],
        ),
        (
            ("510726", "北川县", COUNTY, "510700"),
            ("510726", "北川羌族自治县", DivisionType.autonomous_county, "510700"),
            False,
            [],
        ),
        (("321083", "兴化市", COUNTY_CITY, "321000"), ("321281", "兴化市", COUNTY_CITY, "321200"), True, []),
        (
            ("321083", "兴化市", COUNTY_CITY, "321000"),
            ("321083", "兴化市", COUNTY_CITY, "321200"),
            True,
            ["R-COD-08"],
        ),
    ],
)
def test_codes_are_kept_and_changed_as_they_must(
    before: tuple[str, str, DivisionType, str],
    after: tuple[str, str, DivisionType, str],
    must: bool,
    rules: list[str],
) -> None:
    was, is_ = Coded(*before), Coded(*after)
    assert must_change_code(was, is_, on=DAY) is must
    assert [finding.rule for finding in judge_kept_code(was, is_, on=DAY)] == rules


def test_a_code_does_not_end_in_silence() -> None:
    assert not judge_successors("320304", "九里区", ["320302", "320311"])
    assert not judge_successors("320304", "九里区", [], says_none=True)
    [finding] = judge_successors("320304", "九里区", [])
    assert (finding.rule, finding.severity) == ("R-COD-10", Severity.blocking)
