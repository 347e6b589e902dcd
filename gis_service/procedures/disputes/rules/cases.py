"""R-BND-19: what a record of a hidden risk or a dispute must hold, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.disputes.rules.catalogue import (
    levels,
    near_m,
    short_m,
    words_for,
)

R_BND_19 = Rule(
    id="R-BND-19",
    title="隐患纠纷记录须有地点、当事各方、等级、措施、期限，办结的须有结果",
    legal_basis="省级年度界线管理计划 第26点",
    status="D",
    version="2026-2",
)


@dataclass(frozen=True, slots=True)
class MarkerSaid:
    """A marker that a case names: `word` tells what for, `lines` the lines it stands on that day."""

    word: str
    number: str
    lines: tuple[str, ...] = ()
    is_on_line: bool = False


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """What a case is judged by: lengths in metres; who is `off` belongs to neither side of the line."""

    subject: str
    kind: str
    place: str
    parties: tuple[str, ...]
    level: str
    cause: str
    found_how: str
    measures: str
    found_on: date
    due_on: date | None
    today: date
    length_m: float | None = None
    stretch: tuple[float, float] | None = None
    offset_m: float | None = None
    parties_off: tuple[str, ...] = ()
    sides_missing: tuple[str, ...] = ()
    responsible_off: str | None = None
    markers: tuple[MarkerSaid, ...] = ()


def judge_case(evidence: CaseEvidence) -> list[Finding]:
    """Everything that is to be said of a case before it is written."""
    return [
        *_missing(evidence),
        *_words(evidence),
        *_days(evidence),
        *_markers(evidence),
        *_ground(evidence),
        *_sides(evidence),
    ]


def judge_result(subject: str, result: str) -> list[Finding]:
    """A closed case tells its result."""
    return [] if result.strip() else [_blocking(subject, "办结而没有结果", "请写明化解或裁决的结果")]


def _blocking(subject: str, message: str, suggestion: str) -> Finding:
    return R_BND_19.finding(Severity.blocking, subject, message, suggestion=suggestion)


def _warning(subject: str, message: str, suggestion: str) -> Finding:
    return R_BND_19.finding(Severity.warning, subject, message, suggestion=suggestion)


def _missing(evidence: CaseEvidence) -> Iterator[Finding]:
    told = (
        ("地点", evidence.place),
        ("当事各方", evidence.parties),
        ("等级", evidence.level),
        ("措施", evidence.measures),
        ("期限", evidence.due_on),
    )
    if missing := [word for word, value in told if not value]:
        yield _blocking(evidence.subject, f"没有写明{'、'.join(missing)}", "请补齐后再登记")


def _words(evidence: CaseEvidence) -> Iterator[Finding]:
    told = (
        ("种类", evidence.kind, words_for("kinds")),
        ("等级", evidence.level, tuple(levels())),
        ("起因", evidence.cause, words_for("causes")),
        ("发现方式", evidence.found_how, words_for("ways")),
    )
    for word, value, allowed in told:
        if value and value not in allowed:
            yield _blocking(evidence.subject, f"没有{word}“{value[:40]}”", f"应为：{'、'.join(allowed)}")


def _days(evidence: CaseEvidence) -> Iterator[Finding]:
    if evidence.found_on > evidence.today:
        yield _blocking(evidence.subject, f"发现日期 {evidence.found_on} 尚未到来", "请核对日期")
    if evidence.due_on is None:
        return
    if evidence.due_on < evidence.found_on:
        yield _blocking(
            evidence.subject, f"期限 {evidence.due_on} 早于发现日期 {evidence.found_on}", "请核对两个日期"
        )
    elif evidence.due_on < evidence.today:
        yield _warning(evidence.subject, f"期限 {evidence.due_on} 已过", "请尽快化解，或核对期限")


def _markers(evidence: CaseEvidence) -> Iterator[Finding]:
    for said in evidence.markers:
        if said.is_on_line:
            continue
        where = f"它在{'、'.join(said.lines)}上" if said.lines else f"{evidence.found_on} 没有这一编号的界桩"
        yield _blocking(
            evidence.subject,
            f"{said.word} {said.number} 不在{evidence.subject}上，{where}",
            "请核对界桩编号、界线和发现日期",
        )


def _ground(evidence: CaseEvidence) -> Iterator[Finding]:
    if evidence.length_m is None:
        yield _warning(evidence.subject, "界线当日没有可以核对的边，地点未核对", "请核对界线和日期")
        return
    if evidence.stretch is not None:
        from_m, to_m = evidence.stretch
        if not 0.0 <= from_m < to_m <= evidence.length_m:
            yield _blocking(
                evidence.subject,
                f"区间 {from_m:.1f} 至 {to_m:.1f} 米不在界线上，界线长 {evidence.length_m:.1f} 米",
                "请按界线的起讫方向，先写较小的里程（米）",
            )
        elif to_m - from_m < short_m():
            yield _warning(
                evidence.subject, f"区间只有 {to_m - from_m:.1f} 米长", "里程以米计；以千米写的请改为米"
            )
    if evidence.offset_m is not None and evidence.offset_m > near_m():
        yield _warning(
            evidence.subject,
            f"地点距界线 {evidence.offset_m:.0f} 米，超过 {near_m():.0f} 米",
            "请核对经纬度和界线",
        )


def _sides(evidence: CaseEvidence) -> Iterator[Finding]:
    if evidence.parties_off:
        yield _warning(
            evidence.subject, f"{'、'.join(evidence.parties_off)}不属于界线的任何一侧", "请核对当事各方"
        )
    if evidence.sides_missing:
        yield _warning(
            evidence.subject, f"当事各方中没有{'、'.join(evidence.sides_missing)}一侧的", "请核对当事各方"
        )
    if evidence.responsible_off:
        yield _warning(
            evidence.subject,
            f"责任单位{evidence.responsible_off}不属于界线的任何一侧",
            "请核对责任单位；由共同上级负责的不必更改",
        )
