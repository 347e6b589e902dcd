"""R-STD-01: figures of a unit compared with a standard, indicator by indicator."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.approver import Matter
from gis_service.procedures.changes.rules.conduct import Conduct
from gis_service.procedures.changes.rules.evidence import Basis
from gis_service.procedures.changes.rules.standards import (
    LIMITS,
    STANDARD_OF_TYPE,
    Bound,
    Edition,
    Path,
    edition_for,
    indicators,
)

R_STD_01 = Rule(
    id="R-STD-01",
    title="设立行政区划，与当时当地的设立标准逐项对照",
    legal_basis="行政区划管理条例 第十一条",
)

Value = float | bool | str


class Met(StrEnum):
    """Whether a standard, a path or an indicator is met."""

    met = "达标"
    unmet = "不达标"
    unknown = "缺数据"
    not_public = "无公开标准"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a unit, and where it comes from."""

    value: Value
    source: str = ""


Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class IndicatorVerdict:
    """What one indicator says: its value, the threshold in words, and how well that threshold is known."""

    indicator: str
    title: str
    unit: str
    value: Value | None
    source: str
    threshold: str
    status: str
    verdict: Met


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """What one way to meet a standard says; `applies` is None where figures are missing to tell."""

    path: str
    title: str
    applies: bool | None
    verdict: Met
    indicators: tuple[IndicatorVerdict, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a standard says of a unit on a day, and what an older or national one would say."""

    standard: str
    province: str
    on: date
    edition: Edition | None
    reference: Edition | None
    verdict: Met
    note: str
    paths: tuple[PathVerdict, ...]
    unused: tuple[str, ...]


def judge_figures(standard: str, province: str, on: date, figures: Figures) -> Verdict:
    """Compare figures with the edition of a standard that holds in a province on a day."""
    applied = edition_for(standard, province, on)
    measured_by = applied.reference or applied.edition
    paths = tuple(_judge_path(path, figures) for path in measured_by.paths) if measured_by else ()
    is_public = applied.edition is not None and applied.edition.is_public
    return Verdict(
        standard=standard,
        province=province,
        on=on,
        edition=applied.edition,
        reference=applied.reference,
        verdict=_all_told(paths) if is_public else Met.not_public,
        note=applied.note,
        paths=paths,
        unused=tuple(sorted(figures.keys() - set(_asked(measured_by)))),
    )


def _asked(edition: Edition | None) -> Iterator[str]:
    for path in edition.paths if edition else ():
        for bound in (*path.when, *path.demands):
            yield bound.indicator
            yield from indicators()[bound.indicator].ratio or ()


def _all_told(paths: tuple[PathVerdict, ...]) -> Met:
    """Met by one path that applies; unmet once no path can be met any more."""
    if any(path.applies and path.verdict is Met.met for path in paths):
        return Met.met
    if all(path.applies is False or path.verdict is Met.unmet for path in paths):
        return Met.unmet
    return Met.unknown


def _judge_path(path: Path, figures: Figures) -> PathVerdict:
    conditions = [_verdict(bound, figures) for bound in path.when]
    demands = tuple(_verdict(bound, figures) for bound in path.demands)
    return PathVerdict(path.id, path.title, _applies(conditions), _worst(demands), demands)


def _applies(conditions: list[IndicatorVerdict]) -> bool | None:
    found = {each.verdict for each in conditions}
    if Met.unmet in found:
        return False
    return None if Met.unknown in found else True


def _worst(demands: tuple[IndicatorVerdict, ...]) -> Met:
    found = {each.verdict for each in demands}
    return next((each for each in (Met.unmet, Met.unknown) if each in found), Met.met)


def _verdict(bound: Bound, figures: Figures) -> IndicatorVerdict:
    known = indicators()[bound.indicator]
    figure = figures.get(bound.indicator) or _reckoned(known.ratio, figures)
    return IndicatorVerdict(
        indicator=bound.indicator,
        title=known.title,
        unit=known.unit,
        value=figure.value if figure else None,
        source=figure.source if figure else "",
        threshold=_in_words(bound, known.unit),
        status=bound.status,
        verdict=_compare(bound.limits, figure.value) if figure else Met.unknown,
    )


def _reckoned(ratio: tuple[str, str] | None, figures: Figures) -> Figure | None:
    if ratio is None or not all(each in figures for each in ratio):
        return None
    part, whole = (figures[each].value for each in ratio)
    if not (_is_number(part) and _is_number(whole)) or not whole:
        return None
    value = float(part) / float(whole)
    names = "、".join(indicators()[each].title for each in ratio)
    return Figure(value, f"由{names}推算") if math.isfinite(value) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}


def _compare(limits: Mapping[str, Any], value: Value) -> Met:
    """A figure of the wrong kind (a text where a number is asked) counts as none."""
    if "is" in limits:
        return _same(limits["is"], value)
    if not _is_number(value):
        return Met.unknown
    met = all(_COMPARED[word](value, limit) for word, limit in limits.items())
    return Met.met if met else Met.unmet


def _same(wanted: Any, value: Value) -> Met:
    if type(wanted) is not type(value):
        return Met.unknown
    return Met.met if wanted == value else Met.unmet


def _in_words(bound: Bound, unit: str) -> str:
    told = {True: "是", False: "否"}
    words = [
        f"{LIMITS[word]}{told.get(value, value) if isinstance(value, bool) else value}"
        for word, value in bound.limits.items()
    ]
    return "，".join(words) + (f"（{unit}）" if unit and "is" not in bound.limits else "")


def judge_standards(conduct: Conduct) -> list[Finding]:
    """Whether each establishment carries a verdict, and what it says; nothing of published acts."""
    if conduct.basis is Basis.published_act:
        return []
    return [
        finding
        for standard in sorted(_standards_asked(conduct))
        for finding in _judge_standard(standard, conduct)
    ]


def _standards_asked(conduct: Conduct) -> set[str]:
    begun = (each.type for each in conduct.touched if each.matter is Matter.establish and each.type)
    return {STANDARD_OF_TYPE[kind] for kind in begun if kind in STANDARD_OF_TYPE}


def _judge_standard(standard: str, conduct: Conduct) -> Iterator[Finding]:
    told = [each for each in conduct.verdicts if each.standard.endswith(standard)]
    for each in told:
        if each.verdict in {Met.unmet, Met.unknown}:
            yield R_STD_01.finding(
                Severity.warning,
                each.unit,
                f"{each.unit}对照{each.standard}设立标准：{each.verdict}",
                suggestion="请核对各项指标，或在申请书中说明理由",
            )
    if not told:
        province = min(conduct.provinces, default="")
        applied = edition_for(standard, province, conduct.on)
        is_public = applied.edition is not None and applied.edition.is_public
        yield R_STD_01.finding(
            Severity.warning if is_public else Severity.info,
            f"设{standard}",
            f"没有对照{standard}设立标准的结论" + (f"（{applied.note}）" if applied.note else ""),
            suggestion="请用 changes standards attach 附上指标及结论",
        )
