"""Acts as they were: several kinds at once, several levels, whole prefectures."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries import areas_on, lines_in_force
from gis_service.registers.divisions.queries import lineage_of
from tests.support.factories import NOW, drawn
from tests.support.kinds import a_change, at, carried_out, codes_below, listed

CHAOHU_DAY = date(2020, 7, 14)  # the act is of 2011; the grid of the tests begins in 2020
EVE = CHAOHU_DAY - timedelta(days=1)
CHAOHU = {
    "f": ("340121001", "长丰镇"),
    "j": ("341402001", "居巢街道"),
    "l": ("341421101", "庐城镇"),
    "w": ("341422101", "无城镇"),
    "h": ("341423101", "环峰镇"),
    "e": ("341424101", "历阳镇"),
    "s": ("341424103", "沈巷镇"),
    "q": ("340207001", "清水街道"),
    "m": ("340504001", "雨山街道"),
}
CHAOHU_DRAWING = """
    ffjjhe
    lljjhe
    lwwwqs
    lwwwqm
"""


def test_a_prefecture_is_divided_among_three(tx: Transaction) -> None:
    """巢湖 2011: one county turned into a city, three moved, one town of them moved elsewhere."""
    listed(tx, {"340000": "安徽省", "341400": "巢湖市", "341402": "居巢区"})
    listed(tx, {"341421": "庐江县", "341422": "无为县", "341423": "含山县", "341424": "和县"})
    listed(tx, {"340100": "合肥市", "340121": "长丰县"})
    ids = drawn(tx, CHAOHU_DRAWING, CHAOHU)
    case = carried_out(
        tx,
        a_change(
            {
                "kind": "conversion",
                "from": ["341402"],
                "into": {
                    "code": "340181",
                    "name": "巢湖市",
                    "type": "县级市",
                    "superior": "340100",
                    "seat": "居巢街道",
                },
            },
            {"kind": "superior", "from": ["341421"], "superior": "340100", "code": "340124"},
            {"kind": "superior", "from": ["341422"], "superior": "340200", "code": "340225"},
            {"kind": "superior", "from": ["341423"], "superior": "340500", "code": "340522"},
            {"kind": "superior", "from": ["341424"], "superior": "340500", "code": "340523"},
            {"kind": "transfer", "from": ["341424"], "to": "340207", "parts": ["341424103"]},
            {"kind": "recode", "from": ["341424103"], "code": "340207100"},
            {"kind": "abolish", "from": ["341400"]},
            on=CHAOHU_DAY,
        ),
    )
    assert codes_below(tx, "340100", CHAOHU_DAY) == [
        "340121",
        "340121001",
        "340124",
        "340124101",
        "340181",
        "340181001",
    ]
    assert codes_below(tx, "340207", CHAOHU_DAY) == ["340207001", "340207100"]
    assert at(tx, "340207100", CHAOHU_DAY).division_id == ids["s"]
    links = lineage_of(tx.session, [ids["341400"]])
    assert {link.kind for link in links} == {"拆分"}
    assert sum(link.share_of_predecessor or 0.0 for link in links) == pytest.approx(1.0, abs=1e-12)
    assert len(links) == 3
    before = areas_on(tx.session, [ids["341400"], ids["340200"]], on=EVE)
    assert ids["341400"] in before
    assert ids["341400"] not in areas_on(tx.session, [ids["341400"]], on=CHAOHU_DAY)
    assert case.outcome is not None
    assert case.outcome["area_km2"]["before"] == pytest.approx(case.outcome["area_km2"]["after"], abs=1e-9)
    levels = {line.level for line in lines_in_force(tx.session, on=CHAOHU_DAY, sides=[ids["340200"]])}
    assert levels == {"prefecture"}


def test_a_change_of_superior_redraws_the_areas_above(tx: Transaction) -> None:
    ids = drawn(
        tx, "abc\nabc", {"a": ("321002", "广陵区"), "b": ("321083", "兴化市"), "c": ("320981", "东台市")}
    )
    case = carried_out(
        tx, a_change({"kind": "superior", "from": ["321083"], "superior": "320900", "code": "320983"})
    )
    day = date(2020, 6, 5)
    areas = areas_on(tx.session, [ids["320900"], ids["321000"]], on=day)
    assert areas[ids["320900"]][1] == pytest.approx(2 * areas[ids["321000"]][1], rel=0.01)
    assert case.outcome is not None
    assert {line["level"] for line in case.outcome["lines"]["begun"]} == {"county"}
    assert lineage_of(tx.session, [ids["b"]]) == []


def test_an_act_that_takes_effect_later_is_recorded_beforehand(tx: Transaction) -> None:
    day = NOW.date() + timedelta(days=400)
    drawn(tx, "AABB", {"A": ("110101", "东城区"), "B": ("110103", "崇文区")})
    carried_out(tx, a_change({"kind": "absorb", "from": ["110103"], "to": "110101"}, on=day))
    assert at(tx, "110103", NOW.date()).valid.end == day


def test_a_whole_prefecture_is_recoded_within_seconds(tx: Transaction) -> None:
    units = {"540000": "西藏自治区", "542600": "林芝地区"}
    for county in range(21, 30):
        units[f"5426{county}"] = f"第{county}县"
        units |= {f"5426{county}{town}": f"第{county}之{town}乡" for town in range(200, 214)}
    listed(tx, units)
    new = {"code": "540400", "name": "林芝市", "type": "地级市", "superior": "540000", "seat": "某区"}
    started = time.process_time()
    case = carried_out(tx, a_change({"kind": "conversion", "from": ["542600"], "into": new}))
    assert case.outcome is not None
    assert len(case.outcome["followers"]) == 9 * 15
    assert time.process_time() - started < 5.0  # rehearsed and written
