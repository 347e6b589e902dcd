"""Reading tables and diffs: every bad line is named by file and line; what unseen years may hold is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gis_service.procedures.intake.kinds import kind_of, yearly
from gis_service.procedures.intake.kinds.yearly.diffs import read_diff
from gis_service.procedures.intake.kinds.yearly.tables import read_table
from gis_service.procedures.intake.rules.chronicle import Trust
from gis_service.procedures.intake.rules.chronicle.known_days import KnownDay, day_of_effect, read_day
from gis_service.procedures.intake.rules.chronicle.planning import judge
from tests.support.histories import opened, written

ACT = """\
## 国务院关于某事的批复
# 文号：国函〔2010〕1号
# 日期：2010年9月5日
#
# 撤销甲县。
"""
BEFORE = "110000 北京市\n110101 东城区\n110103 崇文区\n"
AFTER = "110000 北京市\n110101 东城区\n"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("二〇一〇年六月二十八日", "2010-06-28", "2010-06-28"),
        ("二○○一年十月十日", "2001-10-10", "2001-10-10"),
        ("一九八三年十一月三十日", "1983-11-30", "1983-11-30"),
        ("2010年9月5日", "2010-09-05", "2010-09-05"),
        ("２０１０年９月５日", "2010-09-05", "2010-09-05"),
        ("2010-09-05", "2010-09-05", "2010-09-05"),
        ("一九八二年一月", "1982-01-01", "1982-01-31"),
        ("1982年2月", "1982-02-01", "1982-02-28"),
        ("1982年", "1982-01-01", "1982-12-31"),
        ("1982", "1982-01-01", "1982-12-31"),
        ("辽宁省人民政府1983年12月30日批准。", "1983-12-30", "1983-12-30"),
    ],
)
def test_days_are_read_as_acts_write_them(text: str, first: str, last: str) -> None:
    assert read_day(text) == KnownDay(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "日期不详", "二〇一〇年十三月", "2010年2月30日"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_edtf_tells_what_is_known() -> None:
    found = [read_day(text) for text in ("1982", "1982年5月", "1982年5月3日")]
    assert [day and day.edtf for day in found] == ["1982", "1982-05", "1982-05-03"]
    assert KnownDay().edtf is None


def test_a_text_may_say_since_when_it_holds() -> None:
    found = day_of_effect("决定：一、自1997年7月1日起设立香港特别行政区。")
    assert found == KnownDay(date(1997, 7, 1), date(1997, 7, 1))
    assert day_of_effect("自1997年7月1日起设立，自1998年1月1日起撤销") is None


def test_a_diff_is_read_whatever_its_dress() -> None:
    text = (
        ACT.replace("\n", "\r\n")
        + "-110103\t 崇文区 ＞ 东城区！，西城区 ?  # 存疑\r\n\r\n＝110101  东城区＜崇文区\r\n"
        + "+110109 丙区<#,..\r\n"
    )
    changes, findings = read_diff(text, file="2009-2010.diff")
    assert not findings
    ends, stays, begins = changes
    assert (ends.code, ends.name, ends.forward) == ("110103", "崇文区", True)
    assert [(s.text, s.trust) for s in ends.selectors] == [
        ("东城区", Trust.reasoned),
        ("西城区", Trust.doubtful),
    ]
    assert (stays.sign, stays.forward) == ("=", False)
    assert [selector.text for selector in begins.selectors] == ["_", ".."]
    [act] = ends.acts
    assert (act.number, act.day.edtf, act.text) == ("国函〔2010〕1号", "2010-09-05", "撤销甲县。")


def test_several_acts_may_stand_above_one_group() -> None:
    text = ACT + "## 湘民行发〔2010〕15号\n# 划归。\n=430321 湘潭县>雨湖区\n# 另一件。\n=430322 某县>某区\n"
    changes, _ = read_diff(text, file="x")
    assert [act.number for act in changes[0].acts] == ["国函〔2010〕1号", "湘民行发〔2010〕15号"]
    assert [(act.title, act.text) for act in changes[1].acts] == [("", "另一件。")]


BAD_LINES = {
    "nonsense": "110103 崇文区>东城区",
    "no code": "-1101 崇文区>东城区",
    "wrong way": "-110103 崇文区<东城区",
    "empty selector": "-110103 崇文区>东城区,,西城区",
    "stays without aim": "=110101 东城区",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named(line: str) -> None:
    _, findings = read_diff(ACT + line + "\n", file="2009-2010.diff")
    assert [finding.blocking for finding in findings] == [True]
    assert "2009-2010.diff 第6行" in findings[0].message


def test_an_undescribed_change_is_named() -> None:
    _, [finding] = read_diff("\n-110103 崇文区>东城区\n", file="a.diff")
    assert (finding.rule, finding.subject) == ("R-HIS-04", "a.diff 第2行")


@pytest.mark.parametrize(
    ("line", "why"),
    [("11010 某区", "代码 名称"), ("110101 西城区", "东城区"), ("990101 某区", "不是行政区划代码")],
)
def test_a_bad_record_of_a_table_is_named(line: str, why: str) -> None:
    _, findings = read_table(f"{BEFORE}{line}\n", year=2009, file="2009.txt")
    assert "2009.txt 第4行" in findings[0].message
    assert why in findings[0].message


def test_a_table_may_have_marks_tabs_and_blank_lines() -> None:
    text = "110000\t北京市\r\n\r\n# 注\r\n110101   东城区  # 注\r\n110100 市辖区\r\n"
    table, findings = read_table(text, year=2009, file="2009.txt")
    assert table.units == {"110000": "北京市", "110101": "东城区"}
    assert [finding.blocking for finding in findings] == [False]  # 汇总码


def test_a_table_names_every_superior(tmp_path: Path) -> None:
    written(tmp_path, {2009: BEFORE, 2010: "110101 东城区\n"})
    found = [finding for finding in opened(tmp_path).findings if finding.rule == "R-HIS-01"]
    assert [finding.blocking for finding in found] == [True]
    assert "2010.txt：没有上级 110000，而有其下级 110101 东城区" in found[0].message
    listed = opened(tmp_path, infer=True)
    assert "按相邻年份补为“北京市”" in listed.findings[0].message
    assert listed.content.last.units["110000"] == "北京市"


WRONG = {
    "unknown selector": ("-110103 崇文区>西城区", "R-HIS-02", "没有记录"),
    "wrong name": ("-110103 崇文县>东城区", "R-HIS-03", "代码表中为“崇文区”"),
    "wrong code": ("-110104 崇文区>东城区", "R-HIS-03", "没有此代码"),
    "remainder": ("=110101 东城区<崇文区", "R-HIS-03", "110103 崇文区"),
    "twice": ("-110103 崇文区>东城区\n-110103 崇文区>东城区", "R-HIS-03", "重复"),
    "begins on another": ("-110103 崇文区>东城区\n+110101 东城区<崇文区", "R-HIS-03", "没有终止"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_does_not_add_up_is_named(tmp_path: Path, wrong: tuple[str, str, str]) -> None:
    lines, rule, why = wrong
    history = opened(written(tmp_path, {2009: BEFORE, 2010: AFTER}, {2010: f"{ACT}{lines}\n"})).content
    found = [finding for finding in judge(history) if finding.blocking]
    assert any(finding.rule == rule and why in finding.message for finding in found), found


def test_an_ambiguous_selector_is_named_with_all_it_may_mean(tmp_path: Path) -> None:
    more = "120000 天津市\n120101 和平区\n210000 辽宁省\n210102 和平区\n"
    change = f"{ACT}-110103 崇文区>和平区\n"
    history = opened(written(tmp_path, {2009: BEFORE + more, 2010: AFTER + more}, {2010: change})).content
    [finding] = [finding for finding in judge(history) if finding.blocking]
    assert "2009-2010.diff 第6行" in finding.message
    assert "120101 和平区、210102 和平区" in finding.message
    change = f"{ACT}-110103 崇文区>天津市和平区\n"
    history = opened(written(tmp_path, {2009: BEFORE + more, 2010: AFTER + more}, {2010: change})).content
    assert not [finding for finding in judge(history) if finding.blocking]


def test_a_doubtful_selector_need_not_mean_anything(tmp_path: Path) -> None:
    change = f"{ACT}-110103 崇文区>西城区?,东城区\n"
    history = opened(written(tmp_path, {2009: BEFORE, 2010: AFTER}, {2010: change})).content
    assert not [finding for finding in judge(history) if finding.blocking]


def test_a_missing_diff_is_refused_by_name(tmp_path: Path) -> None:
    listed = opened(written(tmp_path, {2009: BEFORE, 2010: AFTER}))
    assert listed.content is None
    assert [finding.subject for finding in listed.findings] == ["2009-2010.diff"]
    assert opened(tmp_path, infer=True).content is not None


@pytest.mark.parametrize("below", ["", "data", "here"])
def test_a_directory_is_found_from_above_and_from_within(tmp_path: Path, below: str) -> None:
    root = written(tmp_path / "here", {2009: BEFORE, 2010: AFTER}, {2010: f"{ACT}-110103 崇文区>东城区\n"})
    path = {"": root, "data": root / "data", "here": tmp_path}[below]
    assert kind_of(path) is yearly
    listed = opened(path)
    assert [table.year for table in listed.content.tables] == [2009, 2010]
    assert not listed.findings


def test_the_digest_is_that_of_all_files(tmp_path: Path) -> None:
    written(tmp_path, {2009: BEFORE, 2010: AFTER}, {2010: f"{ACT}-110103 崇文区>东城区\n"})
    before = opened(tmp_path).content.sha256
    written(tmp_path, {}, {2010: f"{ACT}\n-110103 崇文区>东城区\n"})
    assert opened(tmp_path).content.sha256 != before
