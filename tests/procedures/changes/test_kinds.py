"""Every kind of change: the lawful one passes as foretold, what the law calls otherwise is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from shapely.geometry import box, mapping

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries import areas_on, extents_on
from gis_service.registers.divisions.queries import lineage_of
from tests.support.factories import drawn
from tests.support.kinds import DAY, a_change, at, by_province, carried_out, codes_below, listed, refused

EVE = DAY - timedelta(days=1)
CITY = {
    "A": ("320602", "崇川区"),
    "B": ("320611", "港闸区"),
    "C": ("320684", "海门市"),
    "D": ("320612", "通州区"),
    "E": ("320509", "吴江区"),
}
DRAWING = """
    AABBD
    AABBD
    CCDDD
    EEEEE
"""
TOWNS = {
    "a": ("320602001", "城东街道"),
    "b": ("320602002", "和平桥街道"),
    "c": ("320612101", "金沙镇"),
    "d": ("320612102", "西亭镇"),
    "e": ("320509101", "盛泽镇"),
}
PARTIAL = {"scale": "partial", "scale_reason": "只涉及一个村", "filing": "苏政备〔2020〕1号"}


def shares(tx: Transaction, code: str, on: date) -> dict[tuple[str, str], tuple[str, float | None]]:
    """Kind and share of the predecessor of every link of a unit, by codes."""
    unit = at(tx, code, on).division_id
    return {
        (str(link.predecessor_id == unit), link.kind): (link.kind, link.share_of_predecessor)
        for link in lineage_of(tx.session, [unit])
    }


def a_box(column: float, row: float, wide: float, high: float) -> dict[str, Any]:
    """A rectangle of the drawing, in cells from its north-western corner, as GeoJSON."""
    west, north = 119.0 + column * 0.01, 32.0 - row * 0.01
    return dict(mapping(box(west, north - high * 0.01, west + wide * 0.01, north)))


def test_absorb_keeps_the_survivor_and_its_code(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change({"kind": "absorb", "from": ["320611"], "to": "320602"}))
    assert at(tx, "320602").division_id == ids["A"]
    before = areas_on(tx.session, [ids["A"], ids["B"]], on=EVE)
    after = areas_on(tx.session, [ids["A"]], on=DAY)
    assert after[ids["A"]][1] == pytest.approx(sum(km2 for _, km2 in before.values()), abs=1e-9)
    [link] = lineage_of(tx.session, [ids["B"]])
    assert (link.successor_id, link.kind, link.share_of_predecessor) == (ids["A"], "合并", 1.0)
    assert link.share_of_successor == pytest.approx(0.5, abs=0.01)


def test_transfer_moves_a_polygon_between_standing_units(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    part = a_box(2, 0, 2, 1)
    case = carried_out(
        tx,
        a_change(
            {"kind": "transfer", "from": ["320611"], "to": "320612", "area": part}, **by_province(), **PARTIAL
        ),
    )
    assert case.outcome is not None
    [moved] = case.outcome["moved"]
    assert (moved["from"], moved["to"]) == ("320611", "320612")
    before, after = (areas_on(tx.session, [ids["B"], ids["D"]], on=day) for day in (EVE, DAY))
    assert before[ids["B"]][1] - after[ids["B"]][1] == pytest.approx(moved["area_km2"], abs=1e-9)
    assert after[ids["D"]][1] - before[ids["D"]][1] == pytest.approx(moved["area_km2"], abs=1e-9)
    [link] = lineage_of(tx.session, [ids["B"]])
    assert (link.kind, link.share_of_predecessor) == ("区域划转", pytest.approx(0.5, abs=0.01))
    assert case.outcome["units_ended"] == case.outcome["units_revised"] == []


def test_a_boundary_of_a_county_wants_its_scale_and_its_polygon(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    operation = {"kind": "transfer", "from": ["320611"], "to": "320612"}
    rules = {finding.rule for finding in refused(tx, a_change(operation, **by_province()))}
    assert rules == {"R-CHG-03", "R-CHG-09"}
    drawn_twice = {**operation, "area": a_box(2, 0, 2, 1), "parts": ["320611001"]}
    found = refused(tx, a_change(drawn_twice, **by_province(), **PARTIAL))
    assert {"R-CHG-95", "R-CHG-90"} <= {finding.rule for finding in found}


def test_towns_are_transferred_by_name_and_get_new_codes(tx: Transaction) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)
    case = carried_out(
        tx,
        a_change(
            {"kind": "transfer", "from": ["320602"], "to": "320612", "parts": ["320602002"]},
            **by_province(),
            **PARTIAL,
        ),
    )
    assert codes_below(tx, "320612") == ["320612002", "320612101", "320612102"]
    assert case.outcome is not None
    [town] = case.outcome["units_revised"]
    assert (town["before"]["code"], town["after"]["code"]) == ("320602002", "320612002")
    [link] = lineage_of(tx.session, [at(tx, "320602").division_id])
    assert (link.kind, link.share_of_predecessor) == ("区域划转", pytest.approx(1 / 3, abs=0.01))


def test_split_by_polygons_ends_the_unit(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    into = [
        {"code": "320615", "name": "东甲区", "seat": "甲镇", "area": a_box(2, 2, 3, 1)},
        {"code": "320616", "name": "东乙区", "seat": "乙镇"},
    ]
    carried_out(tx, a_change({"kind": "split", "from": ["320612"], "into": into}))
    links = lineage_of(tx.session, [ids["D"]])
    assert {link.kind for link in links} == {"拆分"}
    assert sum(link.share_of_predecessor or 0 for link in links) == pytest.approx(1.0, abs=1e-12)
    assert [link.share_of_successor for link in links] == [1.0, 1.0]


def test_split_by_a_line_lets_the_unit_live_on_with_the_rest(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    line = {"type": "LineString", "coordinates": [[119.01, 32.0], [119.01, 31.98]]}
    into = {"code": "320615", "name": "新城区", "seat": "新镇", "seat_at": [119.005, 31.995]}
    carried_out(
        tx, a_change({"kind": "split", "from": ["320602"], "into": into, "to": "320602", "line": line})
    )
    new = at(tx, "320615").division_id
    assert at(tx, "320602").division_id == ids["A"]
    extents = extents_on(tx.session, [ids["A"], new], on=DAY)
    assert extents[new].bounds[2] == pytest.approx(119.01)
    assert extents[ids["A"]].bounds[0] == pytest.approx(119.01)


def test_establish_takes_parts_of_several_units(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    new = {"code": "320615", "name": "开发区", "type": "市辖区", "seat": "某街道"}
    area = a_box(1, 0, 2, 2)
    case = carried_out(
        tx, a_change({"kind": "establish", "from": ["320602", "320611"], "into": new, "area": area})
    )
    assert case.outcome is not None
    assert {(link["from"], link["kind"]) for link in case.outcome["lineage"]} == {
        ("320602", "拆分"),
        ("320611", "拆分"),
    }
    assert len(case.outcome["moved"]) == 2


def test_establish_on_what_nobody_registered_is_told_as_codes_only(tx: Transaction) -> None:
    listed(tx, {"460000": "海南省"})
    new = {"code": "460300", "name": "三沙市", "type": "地级市", "seat": "永兴岛"}
    case = carried_out(tx, a_change({"kind": "establish", "into": new}))
    assert any("只登记代码与名称" in finding["message"] for finding in case.findings)
    assert at(tx, "460300").superior_id == at(tx, "460000").division_id


def test_abolish_gives_parts_to_several(tx: Transaction) -> None:
    """九里区 2010: one district ends, others share it."""
    ids = drawn(tx, DRAWING, CITY)
    carried_out(
        tx,
        a_change(
            {"kind": "transfer", "from": ["320611"], "to": "320612", "area": a_box(2, 0, 2, 1)},
            {"kind": "abolish", "from": ["320611"], "to": "320602"},
            scale="partial",
            scale_reason="随撤销划转",
        ),
    )
    links = {link.successor_id: link for link in lineage_of(tx.session, [ids["B"]])}
    assert set(links) == {ids["A"], ids["D"]}
    assert {link.kind for link in links.values()} == {"拆分"}
    assert sum(link.share_of_predecessor or 0 for link in links.values()) == pytest.approx(1.0, abs=1e-12)


def test_superior_recodes_what_hangs_below(tx: Transaction) -> None:
    """泰州 1996: a new prefecture takes counties of another, and they get new codes."""
    listed(
        tx,
        {
            "320000": "江苏省",
            "321000": "扬州市",
            "321081": "仪征市",
            "321083": "兴化市",
            "321083100": "昭阳镇",
            "321083101": "戴窑镇",
            "321083100201": "某某村委会",
        },
    )
    ids = {code: at(tx, code, EVE).division_id for code in ("321083", "321083100", "321083100201")}
    case = carried_out(
        tx,
        a_change(
            {
                "kind": "establish",
                "from": ["321000"],
                "parts": ["321083"],
                "into": {"code": "321200", "name": "泰州市", "type": "地级市", "seat": "海陵区"},
            },
            {"kind": "superior", "from": ["321083"], "superior": "321200", "code": "321281"},
        ),
    )
    assert at(tx, "321281").division_id == ids["321083"]
    assert at(tx, "321281100").division_id == ids["321083100"]
    assert at(tx, "321281100201").division_id == ids["321083100201"]
    assert case.outcome is not None
    assert [unit["after"]["code"] for unit in case.outcome["followers"]] == [
        "321281100",
        "321281101",
        "321281100201",
    ]
    [link] = lineage_of(tx.session, [at(tx, "321000").division_id])
    assert (link.kind, link.share_of_predecessor) == ("拆分", None)


def test_conversion_of_a_prefecture_recodes_all_below(tx: Transaction) -> None:
    """林芝地区 → 市: the seat county becomes a district, the others get the digits of the new city."""
    listed(
        tx,
        {
            "540000": "西藏自治区",
            "542600": "林芝地区",
            "542621": "林芝县",
            "542621100": "林芝镇",
            "542622": "工布江达县",
            "542623": "米林县",
            "542623200": "派乡",
        },
    )
    new = {"code": "540400", "name": "林芝市", "type": "地级市", "superior": "540000", "seat": "巴宜区"}
    carried_out(
        tx,
        a_change(
            {"kind": "conversion", "from": ["542600"], "into": new},
            {
                "kind": "conversion",
                "from": ["542621"],
                "into": {
                    "code": "540402",
                    "name": "巴宜区",
                    "superior": "540400",
                    "type": "市辖区",
                    "seat": "某街道",
                },
            },
            {"kind": "recode", "from": ["542622"], "code": "540421"},
            {"kind": "recode", "from": ["542623"], "code": "540422"},
        ),
    )
    assert codes_below(tx, "540400") == ["540402", "540402100", "540421", "540422", "540422200"]
    links = lineage_of(tx.session, [at(tx, "540400").division_id])
    assert [link.kind for link in links] == ["建制变更"]


def test_a_county_may_become_autonomous_under_its_old_code(tx: Transaction) -> None:
    listed(tx, {"510000": "四川省", "510700": "绵阳市", "510726": "北川县", "510726100": "曲山镇"})
    old = at(tx, "510726", EVE).division_id
    new = {
        "code": "510726",
        "name": "北川羌族自治县",
        "type": "自治县",
        "superior": "510700",
        "seat": "曲山镇",
    }
    carried_out(tx, a_change({"kind": "conversion", "from": ["510726"], "into": new}))
    assert at(tx, "510726").division_id != old
    assert at(tx, "510726100").superior_id == at(tx, "510726").division_id
    assert at(tx, "510726100").valid.start == DAY


def test_rename_keeps_everything_but_the_name(tx: Transaction) -> None:
    listed(tx, {"420000": "湖北省", "420600": "襄樊市", "420602": "襄城区"})
    before = at(tx, "420600", EVE)
    case = carried_out(tx, a_change({"kind": "rename", "from": ["420600"], "name": "襄阳市"}))
    after = at(tx, "420600")
    assert (after.division_id, after.name) == (before.division_id, "襄阳市")
    assert at(tx, "420602").valid.start < DAY
    assert lineage_of(tx.session, [after.division_id]) == []
    assert case.outcome is not None
    assert case.outcome["followers"] == []
    [finding] = refused(
        tx, a_change({"kind": "rename", "from": ["420602"], "name": "襄城县"}, on=date(2021, 1, 1))
    )
    assert "只改专名" in finding.message


def test_seat_is_a_case_only_across_lower_units(tx: Transaction) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)
    move: dict[str, Any] = {"kind": "seat", "from": ["320602"], "seat": "城东街道甲路1号"}
    act = by_province() | {"filing": "备〔2020〕1号"}
    first = a_change(move, **act)
    assert any("无法判定" in finding["message"] for finding in carried_out(tx, first).findings)
    again = a_change(move | {"seat": "城东街道乙路2号"}, on=date(2021, 1, 1), **by_province(date(2021, 1, 1)))
    [finding] = refused(tx, again)
    assert (finding.rule, "办公地址" in finding.message) == ("R-CHG-06", True)
    away = move | {"seat": "新城区", "seat_at": [119.025, 31.995]}
    carried_out(tx, a_change(away, on=date(2021, 1, 1), **act | by_province(date(2021, 1, 1))))
    outside = move | {"seat": "外地", "seat_at": [120.0, 30.0]}
    [finding] = refused(tx, a_change(outside, on=date(2022, 1, 1), **by_province(date(2022, 1, 1))))
    assert "不在" in finding.message


def test_merged_towns_that_clash_must_be_named(tx: Transaction) -> None:
    listed(
        tx,
        {
            "320000": "江苏省",
            "320600": "南通市",
            "320602": "崇川区",
            "320602001": "城东街道",
            "320611": "港闸区",
            "320611001": "永兴街道",
        },
    )
    merge = {
        "kind": "merge",
        "from": ["320602", "320611"],
        "into": {"code": "320613", "name": "崇川区", "type": "市辖区", "seat": "城东街道"},
    }
    [finding] = refused(tx, a_change(merge))
    assert (finding.rule, finding.subject) == ("R-COD-05", "320613001")
    assert "recode" in finding.suggestion
    named = {"kind": "recode", "from": ["320611001"], "code": "320613002"}
    carried_out(tx, a_change(merge, named))
    assert codes_below(tx, "320613") == ["320613001", "320613002"]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"kind": "rename", "from": ["320602"], "name": "某区", "to": "320611"}, "不用项目 to"),
        ({"kind": "rename", "from": ["320602"]}, "缺少项目 name"),
        ({"kind": "merge", "from": ["320602"]}, "缺少项目 into"),
        ({"kind": "absorb", "from": ["320602"], "to": "320611", "area": {"type": "Point"}}, "area"),
    ],
)
def test_a_field_a_kind_does_not_take_is_refused_by_name(operation: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        a_change(operation)


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([{"kind": "abolish", "from": ["320611"]}], "没有写明区域归属"),
        ([{"kind": "absorb", "from": ["320611"], "to": "320611"}], "保留的单位也列在"),
        ([{"kind": "superior", "from": ["320611"], "superior": "320600"}], "已隶属于"),
        ([{"kind": "superior", "from": ["320611"], "superior": "320900"}], "不存在"),
        ([{"kind": "recode", "from": ["320611"], "code": "320611"}], "没有改变"),
        ([{"kind": "recode", "from": ["320611"], "code": "320612"}], "仍在用"),
        ([{"kind": "recode", "from": ["320611"], "code": "320685"}], "末两位"),
        (
            [{"kind": "split", "from": ["320611"], "into": {"code": "320615", "name": "甲区", "seat": "镇"}}],
            "两个以上",
        ),
        (
            [
                {"kind": "rename", "from": ["320611"], "name": "甲区"},
                {"kind": "rename", "from": ["320611"], "name": "乙区"},
            ],
            "不同的写法",
        ),
        (
            [
                {"kind": "rename", "from": ["320611"], "name": "甲区"},
                {"kind": "absorb", "from": ["320611"], "to": "320602"},
            ],
            "既撤销又变更",
        ),
        (
            [
                {"kind": "absorb", "from": ["320611"], "to": "320602"},
                {"kind": "absorb", "from": ["320602"], "to": "320612"},
            ],
            "不能划入区域",
        ),
        (
            [
                {
                    "kind": "establish",
                    "into": {"code": "320615", "name": "甲区", "seat": "镇"},
                    "area": a_box(0, 0, 1, 1),
                }
            ],
            "没有写从哪些单位",
        ),
    ],
)
def test_what_contradicts_is_refused(tx: Transaction, operations: list[dict[str, Any]], message: str) -> None:
    drawn(tx, DRAWING, CITY)
    messages = [finding.message for finding in refused(tx, a_change(*operations))]
    assert any(message in each for each in messages), messages
