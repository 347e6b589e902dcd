"""Makes `judged_queries.csv`: what people type for known places, and what must be told; no ranking code.

Rules take published names of units (data/placenames/units.csv) and names of real villages apart; the hard
cases at the end were written by hand. `wanted` holds patterns of names (`*` for anything), parted by `|`;
empty where nothing may be told.
usage: python benchmarks/judge_queries.py VILLAGES.csv > benchmarks/judged_queries.csv
"""

from __future__ import annotations

import csv
import random
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data" / "placenames"
RANDOM = random.Random(20261127)
Row = tuple[str, str, str]  # question, what it tries, wanted
COLUMNS = ("question", "tries", "wanted")
TYPES = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "省", "市", "县", "区", "旗")
CONFUSED = {
    "阳": "扬",
    "州": "洲",
    "江": "红",
    "山": "出",
    "安": "按",
    "城": "诚",
    "平": "苹",
    "海": "悔",
    "河": "何",
    "东": "冬",
    "南": "楠",
    "宁": "柠",
    "昌": "娼",
    "兴": "星",
    "陵": "菱",
}
WRONG = "圆黑笔"
LONG = 3  # characters of names beyond which a slip leaves enough of them


def units() -> list[tuple[str, list[str]]]:
    """Names of units that bear their name alone in the country, with their readings."""
    with (DATA / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["name"], row["reading"].split()) for row in csv.DictReader(file)]
    names = [name for name, _ in rows]
    return [(name, reading) for name, reading in rows if names.count(name) == 1 and len(name) == len(reading)]


def stem(name: str) -> str:
    """A name without its type, where that leaves a name."""
    kind = next((each for each in TYPES if name.endswith(each)), "")
    return name.removesuffix(kind) if len(name) - len(kind) > 1 else name


def plain(syllable: str) -> str:
    """A syllable without tone, ü as v."""
    letters = unicodedata.normalize("NFD", syllable.replace("ü", "v").replace("ǘ", "v").replace("ǚ", "v"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def traditional() -> dict[str, str]:
    """A traditional character for each standard one that has just one."""
    with (DATA / "variants.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["kind"] == "traditional" and len(row["standard"]) == 1
        ]
    return {row["standard"]: row["character"] for row in rows}


def of_units(sample: list[tuple[str, list[str]]]) -> Iterator[Row]:
    """One question of each kind in turn for names of units."""
    old = traditional()
    for at, (name, reading) in enumerate(sample):
        short, sounds = stem(name), [plain(each) for each in reading]
        any_type = f"{short}|" + "|".join(f"{short}{kind}" for kind in TYPES)
        letters = "".join(sounds)
        middle = len(name) // 2
        rows: list[Row] = [
            (name, "whole name", name),
            (short, "without type", any_type),
            ("".join(old.get(char, char) for char in name), "traditional characters", name),
            (letters, "pinyin", name),
            ("".join(reading), "pinyin with tone marks", name),
            (" ".join(sounds), "pinyin parted", name),
            ("".join(sounds[: len(short)]), "pinyin without type", any_type),
            (short[:1] + "".join(sounds[1 : len(short)]), "characters and pinyin", any_type),
        ]
        if len(short) > 2:
            rows.append((name[:middle] + WRONG[at % 3] + name[middle + 1 :], "another character", name))
            rows.append((name[:middle] + name[middle + 1 :], "a character left out", name))
            rows.append((name[:middle] + WRONG[at % 3] + name[middle:], "a character too many", name))
            rows.append((name[0] + name[2] + name[1] + name[3:], "characters exchanged", name))
        if len(name) > 3:
            rows.append(("".join(each[0] for each in sounds), "initials", name))
        if any(char in CONFUSED for char in name[:-1]):
            rows.append(
                ("".join(CONFUSED.get(char, char) for char in name[:-1]) + name[-1], "same sound", name)
            )
        if len(letters) > 8:
            rows.append((letters[:3] + letters[4:], "a letter left out", name))
            rows.append((letters[:4] + letters[4] + letters[4:], "a letter too many", name))
        yield rows[at % len(rows)]


def of_villages(sample: list[str]) -> Iterator[Row]:
    """Parts of names that many places bear: whichever holds them is right."""
    for at, name in enumerate(sample):
        start = at % (len(name) - 1)
        rows: list[Row] = [
            (name, "whole name", name),
            (name[:2], "two characters at the beginning", f"{name[:2]}*"),
            (name[start : start + 2], "two characters within", f"*{name[start : start + 2]}*"),
            (name[-3:], "three characters at the end", f"*{name[-3:]}*"),
            (name[at % len(name)], "one character", f"*{name[at % len(name)]}*"),
            (name[:3], "three characters at the beginning", f"{name[:3]}*"),
        ]
        yield rows[at % len(rows)]


BY_HAND: tuple[Row, ...] = (
    ("上海", "without type", "上海市"),
    ("北京", "without type", "北京市"),
    ("内蒙", "prefix", "内蒙古自治区"),
    ("内蒙古", "without type", "内蒙古自治区"),
    ("新疆", "without type", "新疆维吾尔自治区"),
    ("广西", "without type", "广西壮族自治区"),
    ("延边", "without type", "延边朝鲜族自治州"),
    ("恩施州", "hard", "恩施土家族苗族自治州|恩施市"),
    ("黔东南", "without type", "黔东南苗族侗族自治州"),
    ("吕梁", "without type", "吕梁市"),
    ("lvliang", "pinyin without type", "吕梁市"),
    ("lüliang", "pinyin without type", "吕梁市"),
    ("luliang", "pinyin without type", "陆良县|吕梁市"),
    ("chongqing", "pinyin without type", "重庆市"),
    ("zhongqing", "hard", "*忠*|*中*|*钟*|*众*|*仲*|*种*|*终*|*衷*"),
    ("xian", "pinyin without type", "西安市|献县"),
    ("xi'an", "pinyin parted", "西安市|西安区"),
    ("xi an", "pinyin parted", "西安市|西安区"),
    ("bengbu", "pinyin without type", "蚌埠市"),
    ("bangbu", "a letter wrong", "蚌埠市"),
    ("liuan", "a letter too many", "六安市"),
    ("luan", "pinyin without type", "六安市"),
    ("luhe", "pinyin without type", "六合区|陆河县|漯河市|泸*"),
    ("taizhou", "pinyin without type", "泰州市|台州市"),
    ("yilan", "pinyin without type", "依兰县"),
    ("瀋陽", "traditional characters", "沈阳市"),
    ("瀋阳", "traditional characters", "沈阳市"),
    ("廣州", "traditional characters", "广州市"),
    ("廈門市", "traditional characters", "厦门市"),
    ("臺州", "traditional characters", "台州市"),
    ("長沙", "traditional characters", "长沙市|长沙县"),
    ("烏魯木齊", "traditional characters", "乌鲁木齐市|乌鲁木齐县"),
    ("乌鲁木奇", "same sound", "乌鲁木齐市|乌鲁木齐县"),
    ("呼和浩持", "another character", "呼和浩特市"),
    ("齐齐哈尔", "without type", "齐齐哈尔市"),
    ("齐齐哈", "prefix", "齐齐哈尔市"),
    ("齐哈尔", "three characters within", "齐齐哈尔市"),
    ("石家装", "same sound", "石家庄市"),
    ("石家庄是", "same sound", "石家庄市"),
    ("邯单", "same sound", "邯郸市"),
    ("南通是", "same sound", "南通市"),
    ("秦皇岛", "without type", "秦皇岛市"),
    ("秦皇到", "same sound", "秦皇岛市"),
    ("景得镇", "same sound", "景德镇市"),
    ("景德真市", "same sound", "景德镇市"),
    ("张家囗", "another character", "张家口市"),
    ("连云巷", "another character", "连云港市"),
    ("连云港", "without type", "连云港市"),
    ("lianyungang", "pinyin without type", "连云港市"),
    ("lianyunggang", "a letter too many", "连云港市"),
    ("lianyugang", "a letter left out", "连云港市"),
    ("lygs", "initials", "连云港市"),
    ("lyg", "initials", "连云港市"),
    ("hhhts", "initials", "呼和浩特市"),
    ("wlmqs", "initials", "乌鲁木齐市"),
    ("shijiazhuang", "pinyin without type", "石家庄市"),
    ("shí jiā zhuāng", "pinyin with tone marks", "石家庄市"),
    ("shi2jia1zhuang1", "pinyin with tone digits", "石家庄市"),
    ("石jia庄", "characters and pinyin", "石家庄市"),
    ("shi家庄市", "characters and pinyin", "石家庄市"),
    ("Nanjing", "pinyin without type", "南京市"),
    ("NANJING SHI", "pinyin", "南京市"),
    ("南京 市", "whole name", "南京市"),
    ("南京市。", "whole name", "南京市"),
    ("江浦县", "former name", "浦口区"),
    ("淮安县", "former name", "淮安区"),
    ("襄樊市", "former name", "襄阳市"),
    ("襄樊", "former name", "襄阳市"),
    ("思茅市", "former name", "思茅区|普洱市"),
    ("中甸县", "former name", "香格里拉市"),
    ("通什市", "former name", "五指山市"),
    ("徽州地区", "former name", "黄山市"),
    ("巢湖地区", "former name", "巢湖市"),
    ("北平", "former name", "北京市"),
    ("奉天", "former name", "沈阳市"),
    ("迪化", "former name", "乌鲁木齐市"),
    ("归绥", "former name", "呼和浩特市"),
    ("歸綏", "former name", "呼和浩特市"),
    ("dihua", "former name", "乌鲁木齐市"),
    ("沪", "short name", "上海市"),
    ("滬", "short name", "上海市"),
    ("宁", "short name", "南京市|宁*"),
    ("羊城", "alias", "广州市"),
    ("金陵", "alias", "南京市"),
    ("jinling", "alias", "南京市|金*|锦*|晋*|近*|津*"),
    ("蓉城", "alias", "成都市"),
    ("冰城", "alias", "哈尔滨市"),
    ("Ürümqi", "minority writing", "乌鲁木齐市"),
    ("urumqi", "minority writing", "乌鲁木齐市"),
    ("hohhot", "minority writing", "呼和浩特市"),
    ("Lhasa", "minority writing", "拉萨市"),
    ("Xigazê", "minority writing", "日喀则市"),
    ("洪泽湖", "whole name", "洪泽湖"),
    ("洪澤湖", "traditional characters", "洪泽湖"),
    ("长江大桥", "three characters within", "*长江大桥*"),
    ("南京长江大桥", "whole name", "南京长江大桥"),
    ("𨭎水村", "rare characters", "𨭎水村"),
    ("𨭎", "rare characters", "𨭎水村"),
    ("㙍塘", "rare characters", "㙍塘村"),
    ("G318国道", "letters and digits", "G318国道"),
    ("318国道", "letters and digits", "G318国道"),
    ("ｇ３１８", "letters and digits", "G318国道"),
    ("龘龘龘", "unknown", ""),
    ("这个地方没有", "unknown", ""),
    ("不存在的地名", "unknown", ""),
    ("qqqqqq", "unknown", ""),
    ("xyzxyz", "unknown", ""),
    ("vvv", "unknown", ""),
    ("abcdefg", "unknown", ""),
    ("魑魅魍魉", "unknown", ""),
    ("饕餮餮", "unknown", ""),
    ("铁扇公主洞府", "unknown", ""),
    ("南京市玄武区孝陵卫街道", "unknown", ""),
)


def main(villages: Path) -> None:
    """Write the table to standard output."""
    with villages.open(encoding="utf-8", newline="") as file:
        names = sorted({row["name"] for row in csv.DictReader(file) if row["code"][:2] in {"32", "34"}})
    names = [name for name in names if 4 <= len(name) <= 9 and name.isalpha()]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = [
        *of_units(RANDOM.sample(units(), 100)),
        *of_units(RANDOM.sample([each for each in units() if len(each[0]) > LONG], 100)),
        *of_villages(RANDOM.sample(names, 120)),
        *BY_HAND,
    ]
    writer.writerows(dict.fromkeys(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
