"""What is wrong with a record by itself: its characters, its codes, its class; and the spelling it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from gis_service.foundation.errors import IllegalMove
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_02, R_PLN_08, R_PLN_09
from gis_service.procedures.intake.rules.placenames.record import (
    PLACE_DIGITS,
    STATISTICAL_DIGITS,
    PlaceRecord,
)
from gis_service.procedures.intake.rules.placenames.tally import Fault, Tally
from gis_service.procedures.intake.rules.placenames.words import head_of
from gis_service.registers.divisions.rules import R_COD_11, R_COD_12
from gis_service.registers.placenames.rules.census import R_PUB_01, judge_fields
from gis_service.registers.placenames.rules.characters import R_NAM_16, judge_characters
from gis_service.registers.placenames.rules.characters import RULES as CHARACTERS
from gis_service.registers.placenames.rules.classes import R_CLS_01, class_of, judge_class
from gis_service.registers.placenames.rules.generics import R_NAM_01, judge_split
from gis_service.registers.placenames.rules.romanization import RULES as SPELLING
from gis_service.registers.placenames.rules.romanization import Romanized, allowed, romanize
from gis_service.registers.placenames.rules.spelling import computed_spelling
from gis_service.registers.placenames.rules.statuses import entry, gives_standard_names, in_use

_RULES = {rule.id: rule for rule in (*CHARACTERS, *SPELLING, R_CLS_01, R_NAM_01, R_PUB_01)}
_LONGEST = 100  # characters of a name


def judge_record(record: PlaceRecord, tally: Tally) -> None:
    """Names are on record whatever their characters are (R-NAM-05): only what cannot be seen blocks."""
    if not (record.name or record.id or record.end):
        tally.refuse(R_PLN_02, record.row, "", "没有标准名称", "请补填，或删去此行", head_of("name"))
    for text in _texts(record):
        if not _common(text):
            _characters(record, text, tally)
    if len(record.name) > _LONGEST:
        tally.refuse(
            R_PLN_02, record.row, record.subject[:20], f"名称长于 {_LONGEST} 字", "请核对", head_of("name")
        )
    _code(record, tally)
    _class(record, tally)
    _status(record, tally)


def _class(record: PlaceRecord, tally: Tally) -> None:
    """R-CLS-01; whether one is missing depends on whether the feature is on record."""
    if record.class_code is not None and class_of(record.class_code) is None:
        message = f"地名类别代码“{record.class_code[:20]}”不属于任何已知门类"
        way_out = "类别代码见 gis-service names classes"
        tally.refuse(R_CLS_01, record.row, record.subject, message, way_out, head_of("class"), "类别不明")


def _status(record: PlaceRecord, tally: Tally) -> None:
    """The standard name is in use, by a process that gives standard names."""
    if record.status is None and record.process is None:
        return
    process = record.process or "普查登记"
    try:
        told = entry(process, None, record.status)
        fits = in_use(told.after) and gives_standard_names(process)
        way_out = "标准名称的状态为现行或待核"
    except (IllegalMove, KeyError) as error:
        fits, way_out = False, getattr(error, "way_out", "来源为依法命名或普查登记")
    if not fits:
        message = f"标准名称不能以“{process}”登记为“{record.status or '现行'}”"
        tally.refuse(R_PLN_09, record.row, record.subject, message, way_out, head_of("status"), "状态不合")


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
    for finding in judge_characters(text):
        severity = finding.severity if finding.rule == R_NAM_16.id else Severity.warning
        message = finding.message if text == record.name else f"“{text}”：{finding.message}"
        told = replace(finding, severity=severity, message=message)
        _take(record, told, tally, head_of("name"), told.class_ or "")


def _take(record: PlaceRecord, told: Finding, tally: Tally, column: str, kind: str) -> None:
    """What another rule found, as said of a row."""
    rule, severity = _RULES[told.rule], told.severity
    tally.add(Fault(rule, severity, record.row, record.subject, told.message, told.suggestion, column, kind))


def _code(record: PlaceRecord, tally: Tally) -> None:
    """Codes are digits in their number; whether they agree with the unit is asked where that is known."""
    code, statistical = record.code, record.statistical
    if code is not None and not _digits(code, PLACE_DIGITS):
        message = f"地名代码“{code[:40]}”不是二十位数字"
        way_out = "请核对；Excel 中代码列须为文本，数值已失去末几位"
        tally.refuse(
            R_COD_12, record.row, record.subject, message, way_out, head_of("code"), "地名代码不是二十位"
        )
    if statistical is not None and not _digits(statistical, STATISTICAL_DIGITS):
        message = f"统计用区划代码“{statistical[:40]}”不是十二位数字"
        column = head_of("statistical")
        tally.refuse(
            R_COD_11, record.row, record.subject, message, "请核对", column, "统计用区划代码不是十二位"
        )


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def spell(record: PlaceRecord, within: str, tally: Tally) -> None:
    """Fill in reading, spelling and split where the record has none; doubts are told, what it has stays.

    `within` is the code of the unit it is listed under. A character without a reading leaves no spelling.
    """
    _given(record, tally)
    if record.name and None in (record.roman, record.reading, record.specific):
        _fill(record, romanize(record.name, within, record.class_code or ""), tally)


def judge_filled(record: PlaceRecord, tally: Tally, *, fields: bool) -> None:
    """What the register says of a record that has its split: the class, the generic term, missing fields.

    All of it warns: the name is on record whether or not. `fields` asks for the mandatory fields (R-PUB-01).
    """
    class_code = record.class_code or ""
    found = [finding for finding in judge_class(class_code) if class_code and not finding.blocking]
    if record.name:
        split = (
            None if record.split_computed else record.specific,
            None if record.split_computed else record.generic,
        )
        found += judge_split(record.subject, record.name, *split, class_code)
    if fields:
        found += judge_fields(record.subject, _flat(record), severity=Severity.warning)
    for finding in found:
        told = replace(finding, severity=min(finding.severity, Severity.warning, key=_weight))
        _take(record, told, tally, "", finding.message if finding.rule == R_PUB_01.id else finding.rule)


def _weight(severity: Severity) -> int:
    """Lightest first."""
    return -list(Severity).index(severity)


def _flat(record: PlaceRecord) -> dict[str, Any]:
    """The keys of the flat record, as rules of the register ask for them."""
    centre = None if record.geometry is None else record.geometry.centroid
    return {
        "name": record.name,
        "code": record.code,
        "class": record.class_code,
        "division": record.divisions[0] if record.divisions else None,
        "divisions": list(record.divisions),
        "roman": record.roman,
        "lon": None if centre is None else centre.x,
        "lat": None if centre is None else centre.y,
        "facts": record.facts,
    }


def _given(record: PlaceRecord, tally: Tally) -> None:
    """What the record has is its own."""
    if record.reading is not None:
        record.reading_source = record.reading_source or tally.source
    if record.roman is not None:
        record.roman_source = record.roman_source or tally.source
        if not allowed(record.roman):
            message = f"拼写“{record.roman}”含有规定以外的字符"
            column = head_of("roman")
            tally.warn(R_PLN_08, record.row, record.subject, message, "请核对", column, "拼写的字符")


def _fill(record: PlaceRecord, told: Romanized, tally: Tally) -> None:
    own = computed_spelling(told)
    if record.specific is None and record.generic is None:
        record.specific, record.generic = own.specific, own.generic
        record.split_computed = True
    if record.reading is None and own.reading is not None:
        record.reading, record.reading_source = own.reading, own.source
    if record.roman is not None:
        return
    if own.roman is not None:
        record.roman, record.roman_source = own.roman, own.source
    for finding in told.findings:
        _take(record, finding, tally, "", finding.rule)
