"""R-NAM-02: names are written in the characters of 通用规范汉字表, and R-NAM-16: in nothing invisible."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.placenames.rules.characters.describing import (
    KIND_ZH,
    Character,
    Kind,
    characters_of,
    shown,
)

R_NAM_02 = Rule(
    "R-NAM-02",
    "地名用字在《通用规范汉字表》内，避免使用三级字等生僻字",
    "地名管理条例第九条第三项；通用规范汉字表",
    status="V",
)
R_NAM_16 = Rule(
    "R-NAM-16", "地名不含控制字符、不可见字符、孤立的代理项和异体选择符", "GB 18030-2022", status="D"
)

_OUTSIDE = {Kind.traditional, Kind.variant, Kind.unlisted, Kind.compatibility, Kind.radical, Kind.private}
_LEVEL_OF_RARE = 3


def judge_characters(name: str) -> list[Finding]:
    """What is wrong with the characters of a proposed name, each told once, in order.

    Outside the table blocks, with the standard character where one is known; level 3 warns; what cannot be
    seen blocks. Letters, digits and symbols are no matter of these rules (R-NSN-04, R-NSN-05) and pass.
    """
    subject = shown(name)
    told = (_finding(subject, each) for each in dict.fromkeys(characters_of(name)))
    return [finding for finding in told if finding is not None]


def _finding(subject: str, char: Character) -> Finding | None:
    if char.kind is Kind.refused:
        return R_NAM_16.finding(
            Severity.blocking,
            subject,
            f"含{char.word} {char.code_point}",
            suggestion="请在源数据删去该字符",
            class_=char.kind.value,
        )
    if char.kind in _OUTSIDE:
        return R_NAM_02.finding(
            Severity.blocking, subject, _outside(char), suggestion=_way_out(char), class_=char.kind.value
        )
    if char.level == _LEVEL_OF_RARE:
        return _rare(subject, char)
    return None


def _outside(char: Character) -> str:
    what = f"“{char.character}”（{char.code_point}，{char.word}）"
    if char.kind is Kind.unlisted:
        return f"{what}不在《通用规范汉字表》内"
    return f"{what}是{KIND_ZH[char.kind]}，不在《通用规范汉字表》内"


def _way_out(char: Character) -> str:
    if len(char.standard) == 1:
        return f"请改用规范字“{char.standard[0]}”"
    if char.standard:
        return f"请按本义选用规范字“{'”“'.join(char.standard)}”之一"
    if char.kind is Kind.private:
        return "请随附字形说明，并查明该字是否已有正式码位"
    return "请改用《通用规范汉字表》内的字"


def _rare(subject: str, char: Character) -> Finding:
    return R_NAM_02.finding(
        Severity.warning,
        subject,
        f"“{char.character}”（{char.code_point}）是三级字（第{char.number}号），较生僻",
        suggestion="请核对是否确需使用该字",
        class_=char.kind.value,
    )
