"""Spelling of place names: the rules' own examples, the irregular table, and names of any characters."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.rules.romanization import Stored, allowed, romanize, untoned
from gis_service.registers.placenames.rules.romanization.tables import DATA, units

RULES = {
    "双江拉祜族佤族布朗族傣族自治县": "Shuāngjiāng Lāhùzú Wǎzú Bùlǎngzú Dǎizú Zìzhìxiàn",
    "景德镇市": "Jǐngdézhèn Shì",
    "蔚县": "Yù Xiàn",
    "西辽河": "Xīliáo Hé",
    "潮白新河": "Cháobái Xīnhé",
    "朝阳门内大街": "Cháoyángménnèi Dàjiē",
    "景山后街": "Jǐngshān Hòujiē",
    "南小街": "Nán Xiǎojiē",
    "王村": "Wángcūn",
    "周口店": "Zhōukǒudiàn",
    "一二〇三高地": "1203 Gāodì",
    "二马路": "2 Mǎlù",
    "经五路": "Jīng 5 Lù",
    "三环路": "3 Huánlù",
    "东四十二条": "Dōngsì 12 Tiáo",
    "第九弄": "Dì-9 Lòng",
    "西安市": "Xī'ān Shì",
    "东阿县": "Dōng'ē Xiàn",
    "六安市": "Lù'ān Shì",
    "张之洞路": "Zhāngzhīdòng Lù",
    "左权县": "Zuǒquán Xiàn",
    "内蒙古自治区": "Nèiměnggǔ Zìzhìqū",
    "长子县": "Zhǎngzǐ Xiàn",
    "延边朝鲜族自治州": "Yánbiān Cháoxiǎnzú Zìzhìzhōu",
}


def irregular_rows():
    with (DATA / "irregular.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", RULES)
def test_the_examples_of_the_rules_to_the_letter(name):
    assert romanize(name).spelling == RULES[name]


def test_the_class_tells_hill_from_village():
    assert romanize("五指山", class_="134").spelling == "Wǔzhǐ Shān"
    assert romanize("二道沟", class_="22200").spelling == "Èrdàogōu"


def test_hill_and_village_that_end_alike_are_both_told_where_no_class_is_given():
    assert set(romanize("五指山").candidates) == {"Wǔzhǐ Shān", "Wǔzhǐshān"}
    assert romanize("五指山市", "46").spelling == "Wǔzhǐshān Shì"
    assert romanize("万柏林区", "14").spelling == "Wànbólín Qū"
    assert romanize("神农架林区", "42").spelling == "Shénnóngjià Línqū"


@pytest.mark.parametrize("name", ["大王庄", "长宁街", "经纬路", "水帘洞", "六里屯", "华阳镇"])
def test_what_names_read_in_one_way_in_that_place_is_no_doubt(name):
    assert not romanize(name, "32").doubtful


@pytest.mark.parametrize("name", ["堡子村", "曲水村", "柴行村"])
def test_what_names_read_in_two_ways_in_that_place_is_a_doubt(name):
    assert romanize(name, "32").doubtful


def test_every_irregular_name_is_read_as_the_table_says_and_disputed_ones_are_told():
    for row in irregular_rows():
        told = romanize(row["name"], row["within"])
        assert [each.syllable for each in told.readings] == row["reading"].split(), row
        if row["other_reading"]:
            assert told.doubtful, row
            assert len(told.candidates) >= 2, row


def test_every_unit_is_spelled_without_a_guess():
    for name, entries in units().items():
        for entry in entries:
            told = romanize(name, entry.within)
            assert told.spelling, name
            assert not any(each.guessed for each in told.readings), name


def test_the_place_decides_how_a_character_is_read():
    assert romanize("荥阳市", "41").spelling == "Xíngyáng Shì"
    assert romanize("荥经县", "51").spelling == "Yíngjīng Xiàn"


def test_what_is_stored_is_never_overwritten():
    told = romanize("呼和浩特市", "150100", stored=Stored(spelling="Hohhot Shi"))
    assert (told.spelling, told.source) == ("Hohhot Shi", "stored")
    assert romanize("小南街", stored=Stored(words=("小", "南街"))).spelling == "Xiǎo Nánjiē"
    with pytest.raises(InvalidInput):
        romanize("小南街", stored=Stored(words=("大", "南街")))


def test_minority_forms_in_force_and_areas_without_one():
    told = romanize("乌鲁木齐市", "65")
    assert told.spelling.startswith("Ürümqi")
    assert any(finding.rule == "R-PY-08" for finding in romanize("红山村", "1504").findings)


def test_a_character_nobody_can_read_is_no_guess():
    told = romanize("\ue000村")
    assert told.spelling == ""
    assert "读音不明" in told.findings[0].message


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_any_text_gives_an_allowed_spelling_or_none(name):
    told = romanize(name)
    assert allowed(told.spelling)
    assert untoned(untoned(told.spelling)) == untoned(told.spelling)
    assert "".join(word.text for word in told.split.words) == name


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_any_han_text_gives_an_allowed_spelling_or_none(name):
    assert allowed(romanize(name, "32").spelling)


def test_a_unit_alone_of_its_name_is_known_to_lie_where_it_lies() -> None:
    assert romanize("呼和浩特市").spelling == "Hohhot Shì"
    assert romanize("呼和浩特市").han == "Hūhéhàotè Shì"


def test_a_reading_that_no_authority_tells_is_doubtful() -> None:
    assert romanize("㐂村").doubtful
