"""What each character of a name is, told apart from whether it may stand in one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gis_service.registers.placenames.rules.characters.folding import folded, plain_form
from gis_service.registers.placenames.rules.characters.tables import (
    block_of,
    standard_characters,
    variant_characters,
)

_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x180E))
_JOINER = "\u034f"  # COMBINING GRAPHEME JOINER: invisible, though no format character
_REPLACEMENT = "\ufffd"
_INVISIBLE = {
    "Cc": "控制字符",
    "Cf": "不可见字符",
    "Cs": "孤立的代理项",
    "Zl": "行分隔符",
    "Zp": "段落分隔符",
}


class Kind(StrEnum):
    """What a character is. `standard` to `private` are Han characters, or stand where one is meant."""

    standard = "standard"
    traditional = "traditional"
    variant = "variant"
    unlisted = "unlisted"
    compatibility = "compatibility"
    radical = "radical"
    private = "private"
    letter = "letter"
    digit = "digit"
    symbol = "symbol"
    space = "space"
    refused = "refused"


KIND_ZH = {
    Kind.standard: "规范字",
    Kind.traditional: "繁体字",
    Kind.variant: "异体字",
    Kind.unlisted: "表外字",
    Kind.compatibility: "兼容汉字",
    Kind.radical: "部首或笔画",
    Kind.private: "自造字",
    Kind.letter: "字母或其他文字",
    Kind.digit: "数字",
    Kind.symbol: "符号",
    Kind.space: "空格",
    Kind.refused: "不可用字符",
}


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a name; `standard` are the standard ones it stands for, `number` and `level` its own.

    `word` says in Chinese what it is, more closely than its kind: 扩展B区, 拉丁字母, 异体选择符.
    """

    character: str
    kind: Kind
    word: str
    number: int | None = None
    level: int | None = None
    standard: tuple[str, ...] = ()

    @property
    def code_point(self) -> str:
        """U+4E00."""
        return f"U+{ord(self.character):04X}"

    @property
    def shown(self) -> str:
        """The character, or its code point where it cannot be seen or would change what stands beside it."""
        return f"〔{self.code_point}〕" if self.kind is Kind.refused else self.character


def characters_of(name: str) -> tuple[Character, ...]:
    """Every character of a name, in order."""
    return tuple(map(described, name))


def shown(name: str) -> str:
    """A name with its unusable characters written as code points, fit for messages and any encoding."""
    return "".join(each.shown for each in characters_of(name))


@lru_cache(maxsize=1 << 16)
def described(char: str) -> Character:
    """What one character is.

    Args:
        char: a single code point; lone surrogates are taken and told as such.
    """
    listed = standard_characters().get(char)
    if listed is not None:
        return Character(char, Kind.standard, f"{_level(listed.level)}级字", listed.number, listed.level)
    return next(told for ask in _ASKED if (told := ask(char)) is not None)


def _level(level: int) -> str:
    return "一二三"[level - 1]


def _refused(char: str) -> Character | None:
    word = _INVISIBLE.get(unicodedata.category(char))
    if any(ord(char) in block for block in _SELECTORS):
        word = "异体选择符"
    elif char == _JOINER:
        word = "不可见字符"
    elif char == _REPLACEMENT:
        word = "替换字符，编码已损坏"
    elif _is_no_character(ord(char)):
        word = "非字符码位"
    return None if word is None else Character(char, Kind.refused, word)


def _is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _private(char: str) -> Character | None:
    block = block_of(char)
    if block is None or block.family != "private":
        return None
    return Character(char, Kind.private, block.name)


def _radical(char: str) -> Character | None:
    block = block_of(char)
    if block is None or block.family != "radicals":
        return None
    return Character(char, Kind.radical, block.name, standard=_standard(folded(char)))


def _compatibility(char: str) -> Character | None:
    block = block_of(char)
    plain = plain_form(char)
    if block is None or plain == char:
        return None
    related = variant_characters().get(plain)
    standard = _standard(plain) if related is None else related.standard
    return Character(char, Kind.compatibility, f"{block.name}，即“{plain}”", standard=standard)


def _han(char: str) -> Character | None:
    block = block_of(char)
    if block is None:
        return None
    related = variant_characters().get(char)
    if related is None:
        return Character(char, Kind.unlisted, block.name)
    return Character(char, Kind(related.kind), block.name, standard=related.standard)


def _standard(char: str) -> tuple[str, ...]:
    return (char,) if char in standard_characters() else ()


def _other(char: str) -> Character:
    category = unicodedata.category(char)
    if category == "Zs":
        return Character(char, Kind.space, "全角空格" if char == "\u3000" else "空格")
    if category[0] == "N":
        return Character(char, Kind.digit, _digit(char))
    if category in {"Lu", "Ll", "Lt", "Lo"}:
        return Character(char, Kind.letter, _letter(char))
    return Character(char, Kind.symbol, "字形描述符" if "\u2ff0" <= char <= "\u2fff" else "符号")


def _digit(char: str) -> str:
    if char == "〇":
        return "汉字零"
    return "阿拉伯数字" if plain_form(char) in "0123456789" else "数字"


def _letter(char: str) -> str:
    script = unicodedata.name(plain_form(char), "").partition(" ")[0]
    words = {"LATIN": "拉丁字母", "GREEK": "希腊字母", "CYRILLIC": "西里尔字母", "BOPOMOFO": "注音符号"}
    return words.get(script, "其他文字")


_ASKED: tuple[Callable[[str], Character | None], ...] = (
    _refused,
    _private,
    _radical,
    _compatibility,
    _han,
    _other,
)
