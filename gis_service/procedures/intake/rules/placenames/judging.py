"""What is wrong with a record by itself: its characters, its codes, its class; and the spelling it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_02, R_PLN_08
from gis_service.procedures.intake.rules.placenames.record import PlaceRecord
from gis_service.procedures.intake.rules.placenames.tally import Fault, Tally
from gis_service.procedures.intake.rules.placenames.words import head_of
from gis_service.registers.divisions.rules import R_COD_11, R_COD_12
from gis_service.registers.placenames.rules.characters import RULES as CHARACTERS
from gis_service.registers.placenames.rules.characters import R_NAM_16, judge_characters
from gis_service.registers.placenames.rules.romanization import RULES as SPELLING
from gis_service.registers.placenames.rules.romanization import allowed, romanize

_RULES = {rule.id: rule for rule in (*CHARACTERS, *SPELLING)}
COMPUTED = "computed"
_PLACE_DIGITS, _STATISTICAL_DIGITS = 20, 12
_LONGEST = 100  # characters of a name


def judge_record(record: PlaceRecord, tally: Tally) -> None:
    """Names are on record whatever their characters are (R-NAM-05): only what cannot be seen blocks."""
    for text in _texts(record):
        if not _common(text):
            _characters(record, text, tally)
    if len(record.name) > _LONGEST:
        tally.refuse(R_PLN_02, record.row, record.subject[:20], f"名称长于 {_LONGEST} 字", "请核对", head_of("name"))
    _code(record, tally)


def _texts(record: PlaceRecord) -> Iterable[str]:
    yield record.name
    for several in (record.former, record.aliases, record.short):
        yield from several or ()


def _common(text: str) -> bool:
    return all(map(_is_common, text))


@cache
def _is_common(char: str) -> bool:
    """Whether nothing is said of a character wherever it stands."""
    return "\u4e00" <= char <= "\u9fff" and not judge_characters(char)


def _characters(record: PlaceRecord, text: str, tally: Tally) -> None:
    for told in judge_characters(text):
        severity = told.severity if told.rule == R_NAM_16.id else Severity.warning
        _take(record, replace(told, severity=severity), tally, head_of("name"), told.class_ or "")


def _take(record: PlaceRecord, told: Finding, tally: Tally, column: str, kind: str) -> None:
    """What another rule found, as said of a row."""
    rule, severity = _RULES[told.rule], told.severity
    tally.add(Fault(rule, severity, record.row, record.subject, told.message, told.suggestion, column, kind))


def _code(record: PlaceRecord, tally: Tally) -> None:
    """Codes are digits in their number; whether they agree with the unit is asked where that is known."""
    code, statistical = record.code, record.statistical
    if code is not None and not _digits(code, _PLACE_DIGITS):
        message = f"地名代码“{code[:40]}”不是二十位数字"
        way_out = "请核对；Excel 中代码列须为文本，数值已失去末几位"
        tally.refuse(R_COD_12, record.row, record.subject, message, way_out, head_of("code"), "地名代码不是二十位")
    if statistical is not None and not _digits(statistical, _STATISTICAL_DIGITS):
        message = f"统计用区划代码“{statistical[:40]}”不是十二位数字"
        column = head_of("statistical")
        tally.refuse(R_COD_11, record.row, record.subject, message, "请核对", column, "统计用区划代码不是十二位")


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def spell(record: PlaceRecord, within: str, tally: Tally) -> None:
    """Fill in reading, spelling and split where the record has none; doubts are told, what it has stays.

    `within` is the code of the unit it is listed under. A name that is not Han keeps what it has.
    """
    if record.roman is not None:
        record.roman_source = record.roman_source or tally.source
        if not allowed(record.roman):
            message = f"拼写“{record.roman}”含有规定以外的字符"
            tally.warn(R_PLN_08, record.row, record.subject, message, "请核对", head_of("roman"), "拼写的字符")
    if record.roman is not None and record.reading is not None and record.specific is not None:
        return
    told = romanize(record.name, within, record.class_code or "")
    if record.specific is None and record.generic is None:
        record.specific, record.generic = told.split.specific or None, told.split.generic or None
    if record.reading is None and all(each.syllable for each in told.readings):
        record.reading = " ".join(each.syllable for each in told.readings)
        record.reading_source = COMPUTED
    if record.roman is None and told.spelling:
        record.roman, record.roman_source = told.spelling, COMPUTED
    for finding in told.findings if record.roman_source == COMPUTED or record.roman is None else ():
        _take(record, finding, tally, "", finding.rule)
