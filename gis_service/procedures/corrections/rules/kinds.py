"""What a suggestion is about, and how it may be decided."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What is said to be wrong."""

    name = "name"
    spelling = "spelling"
    position = "position"
    class_ = "class"
    missing = "missing"
    gone = "gone"
    other = "other"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.name: "名称有误",
    Kind.spelling: "拼写或读音有误",
    Kind.position: "位置有误",
    Kind.class_: "类别有误",
    Kind.missing: "漏登",
    Kind.gone: "已不存在",
    Kind.other: "其他",
}


class Decision(StrEnum):
    """Taken as it was suggested, taken otherwise, or not taken."""

    accept = "accept"
    adjust = "adjust"
    reject = "reject"


class NameMeaning(StrEnum):
    """What another name means: the old one was recorded wrongly (更正), or it changed lawfully (更名)."""

    correct = "correct"
    rename = "rename"
