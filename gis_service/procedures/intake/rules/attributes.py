"""R-INT-40 to R-INT-42: names are there, are clean text, and end in a generic."""

from __future__ import annotations

import unicodedata

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.evidence import Evidence, UnitRecord
from gis_service.registers.divisions.rules import specific_and_generic

R_INT_40 = Rule("R-INT-40", "每个单位有名称", "技术约定", status="M")
R_INT_41 = Rule("R-INT-41", "名称是干净的文本：无控制字符、空格、异体编码", "GB 18030-2022", status="D")
R_INT_42 = Rule("R-INT-42", "名称由专名和通名组成", "地名管理条例第九条", status="D")

_REPLACEMENT = "\ufffd"
_FIX = "请在源数据改正名称"


def names_are_given(evidence: Evidence) -> list[Finding]:
    """R-INT-40."""
    return [
        R_INT_40.finding(Severity.blocking, unit.subject, f"第{unit.row}行没有名称", suggestion=_FIX)
        for unit in evidence.units
        if not unit.name.strip()
    ]


def names_are_clean_text(evidence: Evidence) -> list[Finding]:
    """R-INT-41: what cannot be a name blocks, what may be meant warns, private-use characters inform."""
    return [finding for unit in evidence.units for finding in _dirt(unit)]


def _dirt(unit: UnitRecord) -> list[Finding]:
    name = unit.name
    faults = (
        (Severity.blocking, "含控制字符或不可见字符", [c for c in name if _is_invisible(c)]),
        (Severity.blocking, "含替换字符，编码已损坏", [c for c in name if c == _REPLACEMENT]),
        (Severity.warning, "含空格", [c for c in name if unicodedata.category(c) == "Zs"]),
        (Severity.warning, "含全角或兼容字符", [c for c in name if _is_compatibility(c)]),
        (Severity.warning, "混有形似汉字的部首或其他文字", [c for c in name if _is_lookalike(c)]),
        (Severity.info, "含自造字，须随附字形说明", [c for c in name if unicodedata.category(c) == "Co"]),
    )
    return [
        R_INT_41.finding(
            severity, unit.subject, f"名称“{name}”{what}：{_code_points(found)}", suggestion=_FIX
        )
        for severity, what, found in faults
        if found
    ]


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}


def _is_compatibility(character: str) -> bool:
    """Full-width letters and digits, compatibility ideographs: the same sight under another code."""
    return (
        unicodedata.category(character) != "Zs"
        and not _is_radical(character)
        and (unicodedata.normalize("NFKC", character) != character)
    )


def _is_radical(character: str) -> bool:
    return "\u2e80" <= character <= "\u2fdf"


def _is_lookalike(character: str) -> bool:
    """Radicals, kana, and the letters 丨 一 are confused with in optical recognition."""
    return _is_radical(character) or "\u3040" <= character <= "\u30ff" or "\u3100" <= character <= "\u312f"


def _code_points(characters: list[str]) -> str:
    return "、".join(f"U+{ord(character):04X}" for character in characters)


def names_have_a_generic(evidence: Evidence) -> list[Finding]:
    """R-INT-42: whether the missing generic matters for the type, R-COD-02 says."""
    return [
        R_INT_42.finding(
            Severity.warning, unit.subject, f"名称“{unit.name}”没有通名", suggestion="请核对是否为全称"
        )
        for unit in evidence.units
        if unit.name.strip() and not specific_and_generic(unit.name)[1]
    ]
