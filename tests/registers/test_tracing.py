"""What became of units: hard cases of real history, and the laws every trace obeys."""

from __future__ import annotations

from datetime import date

import pytest

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries import Trace, trace
from gis_service.registers.divisions.models import Certainty
from tests.support.stories import CONVERSION, MERGER, SPLIT, TRANSFER, Story

BEGIN, END = date(1981, 12, 31), date(2020, 1, 1)
D1996, D2000, D2005, D2010 = date(1996, 8, 1), date(2000, 1, 1), date(2005, 1, 1), date(2010, 9, 5)


@pytest.fixture
def story(tx: Transaction) -> Story:
    story = Story(tx)
    story.act(
        BEGIN,
        begun=[
            story.unit("js", "320000", "江苏省"),
            story.unit("xz", "320300", "徐州市", "js"),
            story.unit("yz", "321000", "扬州市", "js"),
        ],
    )
    return story


def found(told: Trace) -> dict[str, tuple[float | None, float | None, str]]:
    return {
        heir.unit.code: (heir.share_of_source, heir.share_of_target, heir.certainty) for heir in told.units
    }


def traced(story: Story, key: str, on: date, to: date) -> Trace:
    return trace(story.tx.session, story.ids[key], on=on, to=to)


@pytest.fixture
def jiuli(story: Story) -> Story:
    """九里区 2010: abolished, its area went to three neighbours."""
    keys = {"gl": ("320302", "鼓楼区"), "jl": ("320304", "九里区"), "qs": ("320311", "泉山区")}
    units = [story.unit(key, *named, "xz") for key, named in keys.items()]
    story.act(date(1990, 1, 1), begun=[*units, story.unit("ts", "320323", "铜山县", "xz")])
    tongshan = story.unit("tsq", "320312", "铜山区", "xz")
    story.act(
        D2010,
        begun=[tongshan],
        ended=["jl", "ts"],
        links=[
            ("jl", "gl", SPLIT, 0.2, 0.1),
            ("jl", "qs", SPLIT, 0.3, None),
            ("jl", "tsq", SPLIT, None, None),
            ("ts", "tsq", CONVERSION, 1.0, None),
        ],
    )
    return story


def test_a_unit_split_among_three_is_found_in_all_of_them(jiuli: Story) -> None:
    told = traced(jiuli, "jl", date(2005, 1, 1), END)
    assert found(told) == {
        "320312": (pytest.approx(0.5), None, "确定"),
        "320311": (0.3, None, "确定"),
        "320302": (0.2, 0.1, "确定"),
    }
    assert told.shares_sum == 1
    step = told.units[0].acts[0]
    assert (step.on, step.kind, step.number) == (D2010, "拆分", "国函〔2010〕3号")
    assert step.came_from is not None
    assert step.went_into is not None
    assert (step.came_from.name, step.went_into.name) == ("九里区", "铜山区")


def test_what_a_unit_came_from_is_found_backward(jiuli: Story) -> None:
    told = traced(jiuli, "tsq", END, date(2005, 1, 1))
    assert set(found(told)) == {"320304", "320323"}
    assert found(told)["320323"] == (None, 1.0, "确定")


def test_links_count_after_the_first_day_and_on_the_last(jiuli: Story) -> None:
    eve = date(2010, 9, 4)
    assert set(found(traced(jiuli, "jl", eve, eve))) == {"320304"}
    assert len(found(traced(jiuli, "jl", eve, D2010))) == 3
    assert set(found(traced(jiuli, "tsq", D2010, eve))) == {"320304", "320323"}
    assert set(found(traced(jiuli, "tsq", D2010, D2010))) == {"320312"}


def test_a_whole_city_recoded_keeps_its_units(story: Story) -> None:
    """泰州 1996: 兴化 moves and is re-coded; the city is made of what moved."""
    story.act(
        date(1990, 1, 1),
        begun=[
            story.unit("tz", "321002", "泰州市", "yz"),
            story.unit("xh", "321083", "兴化市", "yz"),
            story.unit("gl", "321001", "广陵区", "yz"),
        ],
    )
    story.act(
        D1996,
        begun=[story.unit("tzs", "321200", "泰州市", "js"), story.unit("hl", "321202", "海陵区", "tzs")],
        ended=["tz"],
        revised=[story.unit("xh", "321281", "兴化市", "tzs")],
        links=[("tz", "hl", CONVERSION, 1.0, 1.0)],
    )
    told = traced(story, "xh", date(1991, 1, 1), END)
    assert found(told) == {"321281": (1.0, 1.0, "确定")}
    assert told.units[0].acts == ()
    [revision] = told.revisions
    assert (revision.before.code, revision.after.code, revision.on) == ("321083", "321281", D1996)
    city = traced(story, "tzs", END, date(1991, 1, 1))
    assert found(city) == {"321000": (1.0, None, "确定")}
    assert set(found(traced(story, "yz", date(1991, 1, 1), END))) == {"321000", "321200"}
    assert found(traced(story, "js", date(1991, 1, 1), END)) == {"320000": (1.0, 1.0, "确定")}


def test_a_conversion_keeps_the_code(story: Story) -> None:
    """北川: 县 → 自治县 under the same code, another unit."""
    story.act(date(1990, 1, 1), begun=[story.unit("bc", "321026", "北川县", "yz")])
    story.act(
        D2005,
        begun=[story.unit("bcz", "321026", "北川羌族自治县", "yz")],
        ended=["bc"],
        links=[("bc", "bcz", CONVERSION, 1.0, 1.0)],
    )
    told = traced(story, "bc", D1996, END)
    assert [(heir.unit.name, heir.share_of_source) for heir in told.units] == [("北川羌族自治县", 1.0)]


def test_shares_of_mixed_units_are_never_guessed(story: Story) -> None:
    """甲 goes whole into 乙, half of which later goes to 丙: which half, nobody knows."""
    keys = {"a": ("320311", "甲区"), "b": ("320312", "乙区"), "c": ("320313", "丙区")}
    story.act(date(1990, 1, 1), begun=[story.unit(key, *named, "xz") for key, named in keys.items()])
    story.act(D2000, ended=["a"], links=[("a", "b", MERGER, 1.0, 0.3)])
    story.act(D2005, links=[("b", "c", TRANSFER, 0.5, 0.4)])
    assert found(traced(story, "a", D1996, END)) == {
        "320312": (None, None, "确定"),
        "320313": (None, None, "确定"),
    }
    assert found(traced(story, "b", D1996, END)) == {
        "320312": (None, None, "确定"),
        "320313": (None, None, "确定"),
    }
    story.act(date(2012, 1, 1), ended=["c"], links=[("c", "b", MERGER, 1.0, 0.9)])
    told = traced(story, "a", D1996, END)
    assert found(told)["320312"][0] == 1.0
    assert told.shares_sum == 1


def test_doubtful_links_carry_nothing_and_are_told(story: Story) -> None:
    keys = {"a": ("320311", "甲区"), "b": ("320312", "乙区"), "c": ("320313", "丙区")}
    story.act(date(1990, 1, 1), begun=[story.unit(key, *named, "xz") for key, named in keys.items()])
    act = story.act(D2000, ended=["a"])
    story.link(D2000, act, [("a", "b", SPLIT, None, None)], Certainty.doubtful)
    story.link(D2000, act, [("a", "c", SPLIT, None, None)], Certainty.reasoned)
    told = traced(story, "a", D1996, END)
    assert [(heir.unit.code, heir.certainty) for heir in told.units] == [("320313", "推定")]
    [doubtful] = told.doubtful
    assert doubtful.went_into is not None
    assert doubtful.went_into.name == "乙区"


def test_a_county_is_followed_where_only_counties_were_kept(story: Story) -> None:
    """Townships known from 2000 to 2005 only; and the reverse."""
    story.act(date(1990, 1, 1), begun=[story.unit("a", "320321", "甲县", "xz")])
    story.act(D2000, begun=[story.unit("t", "320321100", "某镇", "a")])
    told = traced(story, "a", D1996, date(2001, 1, 1))
    assert found(told) == {"320321": (1.0, 1.0, "确定")}
    back = traced(story, "a", date(2001, 1, 1), D1996)
    assert found(back) == {"320321": (1.0, 1.0, "确定")}
    story.act(D2005, ended=["t"])
    assert set(found(traced(story, "a", date(2001, 1, 1), END))) == {"320321"}


def test_a_prefecture_without_heir_at_its_level_is_lifted_to_what_its_units_hang_on(story: Story) -> None:
    story.act(
        date(1990, 1, 1),
        begun=[story.unit("dq", "322100", "某地区", "js"), story.unit("x", "322121", "甲县", "dq")],
    )
    story.act(D2000, ended=["dq"], revised=[story.unit("x", "329021", "甲县", "js")])
    assert found(traced(story, "dq", D1996, END)) == {"320000": (1.0, None, "确定")}


def test_what_passed_its_area_on_to_its_own_inferiors_is_not_told_beside_them(story: Story) -> None:
    """浑江市 1986: a city without districts gets some; its area lies in these, and once only."""
    story.act(
        D1996, begun=[story.unit("hj", "320600", "浑江市", "js"), story.unit("wz", "320621", "外县", "js")]
    )
    story.act(
        D2000,
        begun=[story.unit("bd", "320602", "八道江区", "hj"), story.unit("sc", "320603", "三岔子区", "hj")],
        links=[
            ("hj", "bd", SPLIT, 0.25, 1.0),
            ("hj", "sc", SPLIT, 0.75, None),
            ("wz", "sc", TRANSFER, 0.1, None),
        ],
    )
    told = traced(story, "hj", D1996, END)
    assert {code: shares[0] for code, shares in found(told).items()} == {"320602": 0.25, "320603": 0.75}
    assert set(found(traced(story, "bd", END, D1996))) == {"320600"}
    assert set(found(traced(story, "wz", D1996, END))) == {"320621", "320603"}
