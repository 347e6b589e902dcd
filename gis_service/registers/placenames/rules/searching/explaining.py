"""Why a name was found: the kinds of match, the best first, each told in Chinese."""

from __future__ import annotations

from enum import StrEnum


class MatchKind(StrEnum):
    """How a name matches a question. The order is that of the list of hits.

    Units of county level and above come first, also without their word of type: 南京 means 南京市.
    """

    unit_without_type = "unit_without_type"
    exact = "exact"
    without_type = "without_type"
    prefix = "prefix"
    inner = "inner"
    other_type = "other_type"
    slip_same_sound = "slip_same_sound"
    slip = "slip"
    same_sound = "same_sound"
    spelling = "spelling"
    pinyin = "pinyin"
    mixed = "mixed"
    initials = "initials"
    pinyin_prefix = "pinyin_prefix"
    pinyin_slip = "pinyin_slip"


KINDS = tuple(MatchKind)  # the number of a kind in the database is its place here, from 1
UNLIKE = (  # those of names that are not called as was asked
    *(MatchKind.other_type, MatchKind.slip_same_sound, MatchKind.slip, MatchKind.same_sound),
    MatchKind.pinyin_slip,
)

_WHY = {
    MatchKind.unit_without_type: "“{text}”省去通名",
    MatchKind.exact: "与“{text}”相同",
    MatchKind.without_type: "“{text}”省去通名",
    MatchKind.prefix: "“{text}”以所查的字开头",
    MatchKind.inner: "“{text}”中含有所查的字",
    MatchKind.other_type: "专名与“{text}”相同，通名不同",
    MatchKind.slip_same_sound: "与“{text}”同音，差一字",
    MatchKind.slip: "与“{text}”差一字",
    MatchKind.same_sound: "与“{text}”同音",
    MatchKind.spelling: "“{text}”登记的罗马字母拼写",
    MatchKind.pinyin: "“{text}”的拼音",
    MatchKind.mixed: "“{text}”的汉字与拼音",
    MatchKind.initials: "“{text}”的拼音首字母",
    MatchKind.pinyin_prefix: "“{text}”的拼音以所查的字母开头",
    MatchKind.pinyin_slip: "“{text}”的拼音，差一个字母或声调",
}


def why(kind: MatchKind, text: str, *, name_kind: str, in_use: bool) -> str:
    """Why a name was found, and what it is to the feature where it is not its standard name of the day."""
    told = _WHY[kind].format(text=text)
    if name_kind != "标准名称":
        told += f"（{name_kind}）"
    elif not in_use:
        told += "（当日未用此名）"
    return told


def score_of(kind: MatchKind, *, is_standard: bool, weight: int) -> int:
    """The score of a hit: higher is better; hits of one score are told in the order of their names."""
    return (len(KINDS) - KINDS.index(kind)) * 1000 + 500 * is_standard + weight
