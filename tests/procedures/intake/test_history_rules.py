"""Who is who between two tables, what came out of whom, on which day, by which act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gis_service.procedures.intake.rules.chronicle.joining import Register
from gis_service.procedures.intake.rules.chronicle.naming_acts import name_acts
from gis_service.procedures.intake.rules.chronicle.planning import Plan, plan
from gis_service.procedures.intake.rules.chronicle.replaying import Life, Version
from tests.support.histories import opened, written

Told = Callable[..., Plan]

XUZHOU = """
    320000 江苏省
    320300 徐州市
    320302 鼓楼区
    320304 九里区
    320311 泉山区
    320323 铜山县
    """


def act(number: str, day: str, text: str = "某事。") -> str:
    return f"## 国务院关于某事的批复\n# 文号：{number}\n# 日期：{day}\n#\n# {text}\n"


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Replay a history of one step, 2009 to 2010; every objection fails."""

    def tell(before: str, after: str, *groups: str) -> Plan:
        path = written(tmp_path, {2009: before, 2010: after}, {2010: "".join(groups)})
        listed = opened(path)
        assert not listed.findings
        planned = plan(listed.content, Register())
        assert not [finding for finding in planned.findings if finding.blocking], planned.findings
        return planned

    return tell


def lives(planned: Plan) -> dict[str, Life]:
    """Lives by the code and name they first had."""
    return {f"{life.versions[0].code}{life.versions[0].name}": life for life in planned.story.lives}


def links(planned: Plan) -> set[tuple[str, str, str, str]]:
    """Links by names, with kind and trust."""
    names = {life.id: life.versions[-1].name for life in planned.story.lives}
    return {
        (names[link.predecessor], names[link.successor], link.kind.value, link.trust.value)
        for link in planned.story.descents
    }


def spans(life: Life) -> list[tuple[str, str, date, date | None]]:
    return [(v.code, v.name, v.begun.on, v.ended.on if v.ended else None) for v in life.versions]


def test_a_county_becomes_a_district_and_a_district_is_shared_out(told: Told) -> None:
    after = XUZHOU.replace("320304 九里区", "320312 铜山区").replace("    320323 铜山县\n", "")
    planned = told(
        XUZHOU,
        after,
        act("国函〔2010〕90号", "2010年9月5日"),
        "-320304 九里区>鼓楼区,泉山区,铜山区\n+320312 铜山区<铜山县,九里区\n-320323 铜山县>铜山区\n",
    )
    assert links(planned) == {
        ("九里区", "鼓楼区", "拆分", "确定"),
        ("九里区", "泉山区", "拆分", "确定"),
        ("九里区", "铜山区", "拆分", "确定"),
        ("铜山县", "铜山区", "合并", "确定"),
    }
    assert spans(lives(planned)["320304九里区"]) == [
        ("320304", "九里区", date(2009, 12, 31), date(2010, 9, 5))
    ]
    [version] = lives(planned)["320312铜山区"].versions
    assert (version.begun.on, version.begun.edtf, version.type) == (date(2010, 9, 5), None, "市辖区")
    assert lives(planned)["320302鼓楼区"].versions[0].begun.edtf == "../2009-12-31"


def test_a_survivor_grows_by_the_line_of_the_other_alone(told: Told) -> None:
    before = "110000 北京市\n110101 东城区\n110103 崇文区\n"
    planned = told(
        before,
        before.replace("110103 崇文区\n", ""),
        act("国函〔2010〕55号", "二〇一〇年六月二十八日"),
        "-110103 崇文区>东城区\n",
    )
    assert links(planned) == {("崇文区", "东城区", "合并", "确定")}
    assert len(lives(planned)["110101东城区"].versions) == 1


def test_a_conversion_ends_one_and_begins_another(told: Told) -> None:
    before = "530000 云南省\n532500 红河哈尼族彝族自治州\n532522 蒙自县\n"
    planned = told(
        before,
        before.replace("532522 蒙自县", "532503 蒙自市"),
        act("民函〔2010〕219号", "2010年9月10日"),
        "-532522 蒙自县>蒙自市\n+532503 蒙自市<蒙自县\n",
    )
    assert links(planned) == {("蒙自县", "蒙自市", "建制变更", "确定")}


def test_a_rename_keeps_the_division_and_writes_no_link(told: Told) -> None:
    before = "220000 吉林省\n220600 白山市\n220602 八道江区\n"
    planned = told(
        before,
        before.replace("八道江", "浑江"),
        act("民函〔2010〕40号", "2010年2月23日"),
        "-220602 八道江区>.\n+220602 浑江区<.\n",
    )
    assert not links(planned)
    assert [name for _, name, *_ in spans(lives(planned)["220602八道江区"])] == ["八道江区", "浑江区"]


def test_districts_keep_themselves_under_a_prefecture_that_is_renamed(told: Told) -> None:
    before = "420000 湖北省\n420600 襄樊市\n420602 襄城区\n420607 襄阳区\n"
    after = "420000 湖北省\n420600 襄阳市\n420602 襄城区\n420607 襄州区\n"
    planned = told(
        before,
        after,
        act("国函〔2010〕129号", "二〇一〇年十一月二十六日"),
        "-420600 襄樊市\n-420602 襄城区>.\n-420607 襄阳区>.\n"
        "+420600 襄阳市\n+420602 襄城区<.\n+420607 襄州区<.\n",
    )
    assert not links(planned)
    assert {key: len(life.versions) for key, life in lives(planned).items()} == {
        "420000湖北省": 1,
        "420600襄樊市": 2,
        "420602襄城区": 1,
        "420607襄阳区": 2,
    }


BEFORE_CITY = """
    370000 山东省
    372500 聊城地区
    372501 聊城市
    372502 临清市
    372522 阳谷县
    """
AFTER_CITY = """
    370000 山东省
    371500 聊城市
    371502 东昌府区
    371521 阳谷县
    371581 临清市
    """
RECODED = (
    "+371500 聊城市\n+371502 东昌府区<聊城市\n+371521 阳谷县<_\n+371581 临清市<_\n"
    "-372500 聊城地区\n-372501 聊城市>东昌府区\n-372502 临清市>_\n-372522 阳谷县>_\n"
)


def test_a_whole_prefecture_is_recoded_and_its_counties_stay_who_they_are(told: Told) -> None:
    planned = told(BEFORE_CITY, AFTER_CITY, act("国函〔1997〕82号", "2010年8月29日"), RECODED)
    assert links(planned) == {
        ("聊城市", "东昌府区", "建制变更", "确定"),
        ("聊城地区", "聊城市", "建制变更", "随下级"),
    }
    county = lives(planned)["372522阳谷县"]
    assert [code for code, *_ in spans(county)] == ["372522", "371521"]
    city = lives(planned)["371500聊城市"]
    assert county.versions[1].superior == city.id
    assert county.versions[1].begun.on == city.versions[0].begun.on == date(2010, 8, 29)


def test_what_loses_and_gains_a_part_keeps_itself_under_a_new_code(told: Told) -> None:
    before = "210000 辽宁省\n212100 铁岭地区\n212101 铁岭市\n212122 开原县\n"
    after = "210000 辽宁省\n211200 铁岭市\n211202 银州区\n211204 清河区\n211222 开原县\n"
    planned = told(
        before,
        after,
        act("（84）国函字104号", "二〇一〇年六月三十日"),
        "-212100 铁岭地区\n-212101 铁岭市>银州区\n-212122 开原县>_,清河区\n"
        "+211200 铁岭市\n+211202 银州区<铁岭市\n+211204 清河区<开原县\n+211222 开原县<_\n",
    )
    assert ("开原县", "清河区", "拆分", "确定") in links(planned)
    assert [code for code, *_ in spans(lives(planned)["212122开原县"])] == ["212122", "211222"]


def test_a_merger_under_a_new_code_begins_a_new_unit_of_the_old_name(told: Told) -> None:
    before = "430000 湖南省\n433000 怀化地区\n433002 洪江市\n433021 黔阳县\n"
    after = "430000 湖南省\n431200 怀化市\n431281 洪江市\n"
    planned = told(
        before,
        after,
        act("国函〔1997〕105号", "2010年11月29日"),
        "+431200 怀化市\n+431281 洪江市<_,黔阳县\n-433000 怀化地区\n"
        "-433002 洪江市>_\n-433021 黔阳县>洪江市\n",
    )
    kinds = {link[:3] for link in links(planned)}
    assert {("洪江市", "洪江市", "合并"), ("黔阳县", "洪江市", "合并")} <= kinds


def test_a_city_splits_and_a_part_comes_from_the_superior_itself(told: Told) -> None:
    before = "410000 河南省\n410400 平顶山市\n410402 新华区\n"
    planned = told(
        before,
        before + "410404 石龙区\n",
        act("国函〔1997〕111号", "2010年12月18日"),
        "+410404 石龙区<..\n",
    )
    assert links(planned) == {("平顶山市", "石龙区", "拆分", "确定")}


def test_parts_that_move_between_standing_units_are_transfers(told: Told) -> None:
    before = "430000 湖南省\n430300 湘潭市\n430302 雨湖区\n430321 湘潭县\n"
    planned = told(before, before, "## 湘民行发〔2010〕15号\n#\n# 划归。\n=430321 湘潭县>雨湖区\n")
    assert links(planned) == {("湘潭县", "雨湖区", "区域划转", "确定")}
    [link] = planned.story.descents
    assert (link.effect.on, link.effect.edtf) == (date(2010, 12, 31), "2010")


def test_marks_say_how_sure_a_link_is(told: Told) -> None:
    before = "640000 宁夏回族自治区\n640400 固原市\n640402 原州区\n640424 泾源县\n640425 彭阳县\n"
    planned = told(
        before,
        before,
        act("国函〔2010〕1号", "2010年3月1日"),
        "=640402 原州区>泾源县!,彭阳县?\n",
    )
    assert links(planned) == {
        ("原州区", "泾源县", "区域划转", "推定"),
        ("原州区", "彭阳县", "区域划转", "存疑"),
    }
    assert any("彭阳县" in finding.message for finding in planned.findings if finding.severity == "warning")


def test_a_code_that_changes_hands_does_so_on_one_day(told: Told) -> None:
    """The acts are of two days; held twice or not at all it would be between them."""
    before = "430000 湖南省\n430200 株洲市\n430202 东区\n430203 北区\n"
    planned = told(
        before,
        before.replace("东区", "荷塘县").replace("北区", "石峰县"),
        act("国函〔2010〕1号", "2010年3月1日"),
        "-430202 东区>石峰县\n+430203 石峰县<东区\n",
        act("国函〔2010〕2号", "2010年5月1日"),
        "-430203 北区>荷塘县\n+430202 荷塘县<北区\n",
    )
    ends = {life.versions[0].name: life.versions[-1] for life in planned.story.lives}
    days = {ends[name].ended.on for name in ("东区", "北区")} | {ends["荷塘县"].begun.on}  # type: ignore[union-attr]
    assert days == {date(2010, 5, 1)}
    assert ends["石峰县"].begun.edtf == "2010-03-01/2010-05-01"


def test_two_units_may_swap_their_codes_and_stay_themselves(told: Told) -> None:
    before = "430000 湖南省\n430200 株洲市\n430202 东区\n430203 北区\n"
    after = "430000 湖南省\n430200 株洲市\n430203 东区\n430202 北区\n"
    planned = told(
        before,
        after,
        act("国函〔2010〕1号", "2010年3月1日"),
        "-430202 东区>_\n-430203 北区>_\n+430203 东区<_\n+430202 北区<_\n",
    )
    assert not links(planned)
    assert [code for code, *_ in spans(lives(planned)["430202东区"])] == ["430202", "430203"]


def test_parts_that_do_not_hang_together_keep_days_of_their_own(told: Told) -> None:
    before = "430000 湖南省\n430200 株洲市\n430202 东区\n430203 北区\n"
    planned = told(
        before,
        before.replace("东区", "荷塘区").replace("北区", "石峰区"),
        act("国函〔2010〕1号", "2010年3月1日"),
        "-430202 东区>.\n+430202 荷塘区<.\n",
        act("国函〔2010〕2号", "2010年5月"),
        "-430203 北区>.\n+430203 石峰区<.\n",
    )
    begun = {life.versions[-1].name: life.versions[-1].begun for life in planned.story.lives}
    assert (begun["荷塘区"].on, begun["荷塘区"].edtf) == (date(2010, 3, 1), None)
    assert (begun["石峰区"].on, begun["石峰区"].edtf) == (date(2010, 5, 31), "2010-05")


def test_an_act_of_an_earlier_year_takes_effect_on_the_first_day(told: Told) -> None:
    before = "220000 吉林省\n220600 白山市\n220602 八道江区\n"
    planned = told(
        before,
        before.replace("八道江", "浑江"),
        "# 吉林省人民政府2008年12月30日批准。\n",
        "-220602 八道江区>.\n+220602 浑江区<.\n",
    )
    version = lives(planned)["220602八道江区"].versions[1]
    assert (version.begun.on, version.begun.edtf) == (date(2010, 1, 1), "2010")


def test_an_act_may_say_when_it_takes_effect(told: Told) -> None:
    before = "220000 吉林省\n"
    planned = told(
        before,
        before + "810000 香港特别行政区\n",
        act("某决定", "1990年4月4日", "自2010年7月1日起设立香港特别行政区。"),
        "+810000 香港特别行政区<..\n",
    )
    version = lives(planned)["810000香港特别行政区"].versions[0]
    assert (version.begun.on, version.begun.edtf) == (date(2010, 7, 1), None)
    assert not links(planned)


def test_a_unit_ends_without_successor_where_none_is_named(told: Told) -> None:
    before = "440000 广东省\n442200 某州\n442229 某群岛\n"
    planned = told(before, "440000 广东省\n442200 某州\n", "# 撤销。\n-442229 某群岛\n")
    assert lives(planned)["442229某群岛"].without_successor
    assert any(finding.rule == "R-HIS-06" for finding in planned.findings)


def test_a_unit_follows_its_superior_though_it_has_no_line(told: Told) -> None:
    """A second level begins above a county that keeps code and name."""
    before = "460000 海南省\n460102 某县\n"
    planned = told(
        before,
        before + "460100 海口市\n",
        act("国函〔2010〕1号", "2010年3月1日"),
        "+460100 海口市\n",
    )
    first, second = lives(planned)["460102某县"].versions
    assert first.superior == lives(planned)["460000海南省"].id
    assert second.superior == lives(planned)["460100海口市"].id
    assert second.begun.on == date(2010, 3, 1)
    assert isinstance(second, Version)


def test_acts_get_numbers_of_their_own(told: Told) -> None:
    before = "430000 湖南省\n430200 株洲市\n430202 东区\n430203 北区\n430204 南区\n"
    planned = told(
        before,
        before.replace("东区", "甲区").replace("北区", "乙区").replace("南区", "丙区"),
        act("民行批〔2010〕30号", "2010年3月1日"),
        "-430202 东区>.\n+430202 甲区<.\n",
        act("民行批〔2010〕30号", "2010年5月1日").replace("某事", "另一事"),
        "-430203 北区>.\n+430203 乙区<.\n",
        "# 湖南省人民政府1983年12月30日批准。\n",
        "-430204 南区>.\n+430204 丙区<.\n",
    )
    named = list(name_acts(planned.steps, "来源", {}).values())
    numbers = [each.number for each in named]
    assert numbers[0] == "民行批〔2010〕30号"
    assert numbers[1].startswith("民行批〔2010〕30号（国务院关于另一事的批复，")
    assert numbers[2].startswith("无文号：湖南省人民政府1983年12月30日批准。〔2010，")
    assert [each.issuer for each in named] == ["国务院", "国务院", "湖南省人民政府"]
    again = list(name_acts(planned.steps, "来源", {}).values())
    assert [each.number for each in again] == numbers
    taken = {"民行批〔2010〕30号": ("民政部", date(2010, 3, 1))}
    first = next(iter(name_acts(planned.steps, "来源", taken).values()))
    assert first.number != "民行批〔2010〕30号"


def test_successions_are_inferred_and_marked(tmp_path: Path) -> None:
    before = "320000 江苏省\n320600 南通市\n320602 城区\n320611 郊区\n320623 如东县\n320624 通县\n"
    after = "320000 江苏省\n320600 南通市\n320602 崇川区\n320612 郊区\n320623 如东县\n320683 通州市\n"
    listed = opened(written(tmp_path, {2009: before, 2010: after}), infer=True)
    planned = plan(listed.content, Register())
    assert [code for code, *_ in spans(lives(planned)["320611郊区"])] == ["320611", "320612"]
    assert [name for _, name, *_ in spans(lives(planned)["320602城区"])] == ["城区", "崇川区"]
    assert lives(planned)["320624通县"].without_successor
    told = " ".join(finding.message for finding in planned.findings if finding.rule == "R-HIS-07")
    assert "320611 郊区→320612 郊区" in told
    assert "去向不明：320624 通县" in told
    assert "来历不明：320683 通州市" in told


def test_a_county_that_moves_is_told_between_its_prefectures(told: Told) -> None:
    before = (
        "320000 江苏省\n320600 南通市\n320602 崇川区\n320623 如东县\n"
        "320900 盐城市\n320902 亭湖区\n320922 滨海县\n"
    )
    after = before.replace("320623 如东县", "320923 如东县")
    planned = told(
        before, after, act("国函〔2010〕9号", "2010年3月1日"), "-320623 如东县>_\n+320923 如东县<_\n"
    )
    assert links(planned) == {("南通市", "盐城市", "区域划转", "随下级")}
    [descent] = planned.story.descents
    [county] = [life for life in planned.story.lives if life.versions[0].name == "如东县"]
    assert descent.effect.on == county.versions[-1].begun.on
