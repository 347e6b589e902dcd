"""R-PEA-04: the year is assessed by known items; what the assessor sees otherwise he gives his reason for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.disputes.rules.assessment_items import Catalogue, Item, Veto

R_PEA_04 = Rule(
    id="R-PEA-04",
    title="平安边界按年度考核，逐项计分，有一票否决情形的为不合格；改动所拟分值须写理由",
    legal_basis="平安边界建设通行做法：年度考核、一票否决",
    status="D",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """How much of something there was, and what shows it."""

    value: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What the assessor says of an item (points) or of a veto (whether it holds), and why."""

    value: float | bool
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assessment filled in: items and vetoes as they are kept, points of all items, the grade."""

    items: list[dict[str, Any]]
    vetoes: list[dict[str, Any]]
    points: float
    grade: str


def fill_in(
    catalogue: Catalogue,
    facts: Mapping[str, Fact],
    points: Mapping[str, Given],
    vetoes: Mapping[str, Given],
) -> Sheet:
    """The sheet of a side: points as proposed by the facts, or as given by the assessor."""
    rows = [_row(item, facts, points.get(item.id)) for item in catalogue.items]
    held = [_veto(veto, facts, vetoes.get(veto.id)) for veto in catalogue.vetoes]
    total = round(sum(row["points"] or 0.0 for row in rows), 2)
    failed = any(row["held"] for row in held)
    return Sheet(rows, held, total, catalogue.worst if failed else catalogue.grade(total))


def _row(item: Item, facts: Mapping[str, Fact], given: Given | None) -> dict[str, Any]:
    proposed = _proposed(item, facts)
    return {
        "id": item.id,
        "title": item.title,
        "full": item.full,
        "proposed": proposed,
        "points": proposed if given is None else float(given.value),
        "evidence": list(facts[item.fact].evidence) if item.fact else [],
        "reason": given.reason if given else "",
    }


def _proposed(item: Item, facts: Mapping[str, Fact]) -> float | None:
    if item.fact is None:
        return None
    value = facts[item.fact].value
    if item.deduct is not None:
        return round(max(0.0, item.full - item.deduct * value), 2)
    assert item.needed is not None
    return round(item.full * min(1.0, value / item.needed), 2)


def _veto(veto: Veto, facts: Mapping[str, Fact], given: Given | None) -> dict[str, Any]:
    proposed = veto.fact is not None and facts[veto.fact].value >= veto.at_least
    return {
        "id": veto.id,
        "title": veto.title,
        "proposed": proposed,
        "held": proposed if given is None else bool(given.value),
        "evidence": list(facts[veto.fact].evidence) if veto.fact else [],
        "reason": given.reason if given else "",
    }


@dataclass(frozen=True, slots=True)
class AssessmentEvidence:
    """What an assessment is judged by before it is written; `corrects` is a signed version before it."""

    subject: str
    year: int
    today: date
    sheet: Sheet
    unknown: tuple[str, ...] = ()
    corrects: str | None = None
    correction: str = ""


def judge_assessment(evidence: AssessmentEvidence) -> list[Finding]:
    """Everything that is to be said of an assessment before it is written."""
    return [
        *_year(evidence),
        *_items(evidence, evidence.sheet.items),
        *_vetoes(evidence, evidence.sheet.vetoes),
    ]


def judge_signing(subject: str, items: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Whether every item has its points."""
    return [
        _said(
            subject,
            Severity.blocking,
            f"“{item['title']}”尚未评分",
            f"请在 points 中写明 {item['id']} 的分值",
        )
        for item in items
        if item["points"] is None
    ]


def _said(subject: str, severity: Severity, message: str, suggestion: str) -> Finding:
    return R_PEA_04.finding(severity, subject, message, suggestion=suggestion)


def _year(evidence: AssessmentEvidence) -> Iterator[Finding]:
    subject = evidence.subject
    if evidence.year > evidence.today.year:
        yield _said(subject, Severity.blocking, f"{evidence.year} 年尚未开始", "请核对年度")
    elif evidence.year == evidence.today.year:
        yield _said(
            subject,
            Severity.warning,
            f"{evidence.year} 年尚未结束，所拟分值只算到 {evidence.today}",
            "年终请重新登记后再签署",
        )
    if evidence.corrects and len(evidence.correction) < 4:
        yield _said(
            subject,
            Severity.blocking,
            f"此年度的考核 {evidence.corrects} 已签署，不能改动",
            "请写明更正的理由（correction），另出一版",
        )
    for name in evidence.unknown:
        yield _said(subject, Severity.blocking, f"没有考核项目“{name[:40]}”", "项目见 peace items")


def _items(evidence: AssessmentEvidence, items: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for item in items:
        points, title = item["points"], item["title"]
        if points is None:
            yield _said(
                evidence.subject, Severity.warning, f"“{title}”须由考核人评分", "签署前请写明分值和理由"
            )
        elif not 0.0 <= points <= item["full"]:
            yield _said(
                evidence.subject,
                Severity.blocking,
                f"“{title}”的分值 {points:g} 不在 0 至 {item['full']:g} 之间",
                "请核对分值",
            )
        elif points != item["proposed"] and not item["reason"]:
            told = "没有所拟的分值" if item["proposed"] is None else f"所拟为 {item['proposed']:g} 分"
            yield _said(
                evidence.subject,
                Severity.blocking,
                f"“{title}”评 {points:g} 分（{told}），没有写理由",
                "请写明理由（reason）",
            )


def _vetoes(evidence: AssessmentEvidence, vetoes: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for veto in vetoes:
        if veto["held"] != veto["proposed"] and not veto["reason"]:
            yield _said(
                evidence.subject,
                Severity.blocking,
                f"否决项“{veto['title']}”与所拟不同，没有写理由",
                "请写明理由（reason）",
            )
        elif veto["held"]:
            yield _said(
                evidence.subject, Severity.warning, f"有一票否决情形：{veto['title']}", "考核等次为末档"
            )
