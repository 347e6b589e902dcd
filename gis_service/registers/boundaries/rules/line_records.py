"""What may stand on record of a line: R-BND-03, R-BND-05, and codes and names beside the rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.boundaries.rules.line_code import R_BND_02
from gis_service.registers.boundaries.rules.line_name import R_BND_01

R_BND_03 = Rule(
    id="R-BND-03",
    title="界线两侧为同级的不同单位，并有共同的边",
    legal_basis="行政区域界线管理条例 第二条",
    status="D",
    version="2026-1",
)
R_BND_05 = Rule(
    id="R-BND-05",
    title="已定界须有协议书、批准机关和批准日期，否则为未定界或争议",
    legal_basis="行政区域界线管理条例 第二条、第九条",
    version="2026-1",
)

SETTLED = "已定界"
_CODE = re.compile(r"\d{4,24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Agreed:
    """By what a line is settled: the day of the agreement is None where there is no agreement."""

    agreement_on: date | None = None
    approver: str | None = None
    approved_on: date | None = None

    @property
    def missing(self) -> list[str]:
        """What an approved line has and this one has not."""
        told = (
            ("协议书", self.agreement_on),
            ("批准机关", self.approver),
            ("批准日期", self.approved_on),
        )
        return [word for word, value in told if not value]


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """What a record of a line is judged by; lengths in kilometres.

    `settled_km` is what the surveys of its edges call 已定界 without an agreement of their own;
    `namesakes` are the other lines of its level that bear the code.
    """

    subject: str
    by_rule: tuple[str, str]
    stored: tuple[str | None, str | None]
    agreed: Agreed
    levels: tuple[str, ...]
    shares_an_edge: bool
    settled_km: float = 0.0
    namesakes: tuple[str, ...] = ()


def judge_record(evidence: RecordEvidence) -> list[Finding]:
    """Everything that is to be said of a record before it is written."""
    return [
        *judge_sides(evidence.subject, evidence.levels, shares_an_edge=evidence.shares_an_edge),
        *_judge_code(evidence),
        *_judge_name(evidence),
        *_judge_agreement(evidence),
    ]


def judge_sides(subject: str, levels: Sequence[str], *, shares_an_edge: bool) -> Iterator[Finding]:
    """R-BND-03: two units of one level that share an edge."""
    if len(levels) != 2 or len(set(levels)) != 1:
        yield R_BND_03.finding(
            Severity.blocking, subject, "两侧不是同一级别的两个单位", suggestion="请核对界线和日期"
        )
    if not shares_an_edge:
        yield R_BND_03.finding(
            Severity.blocking, subject, "两侧当日没有共同的边", suggestion="请核对日期，或先录入两侧的范围"
        )


def _judge_code(evidence: RecordEvidence) -> Iterator[Finding]:
    stored, ruled = evidence.stored[0], evidence.by_rule[0]
    if stored is None:
        return
    if not _CODE.fullmatch(stored):
        yield R_BND_02.finding(
            Severity.blocking,
            evidence.subject,
            f"界线代码“{stored}”不是 4 至 24 位数字",
            suggestion="请核对代码",
        )
    elif stored != ruled:
        yield R_BND_02.finding(
            Severity.warning,
            evidence.subject,
            f"登记代码 {stored} 与按规则所得的 {ruled} 不同，以登记代码为准",
            suggestion="请核对协议书所载代码",
        )
    if evidence.namesakes:
        yield R_BND_02.finding(
            Severity.warning,
            evidence.subject,
            f"同级界线{'、'.join(evidence.namesakes[:5])}当日也用代码 {stored}",
            suggestion="查询时须用标识区分；请核对代码",
        )


def _judge_name(evidence: RecordEvidence) -> Iterator[Finding]:
    stored, ruled = evidence.stored[1], evidence.by_rule[1]
    if stored is not None and stored != ruled:
        yield R_BND_01.finding(
            Severity.warning,
            evidence.subject,
            f"登记名称“{stored}”与按规则所得的“{ruled}”不同，以登记名称为准",
            suggestion="请核对协议书所载名称",
        )


def _judge_agreement(evidence: RecordEvidence) -> Iterator[Finding]:
    agreed = evidence.agreed
    if agreed.agreement_on is not None and agreed.missing:
        yield _incomplete(evidence.subject, f"有协议书而没有{'、'.join(agreed.missing)}")
    elif evidence.settled_km > 0 and agreed.missing:
        yield _incomplete(
            evidence.subject,
            f"有 {evidence.settled_km:.3f} 千米登记为已定界，而没有{'、'.join(agreed.missing)}",
        )
    if agreed.agreement_on and agreed.approved_on and agreed.approved_on < agreed.agreement_on:
        yield R_BND_05.finding(
            Severity.warning,
            evidence.subject,
            f"批准日期 {agreed.approved_on} 早于协议书的日期 {agreed.agreement_on}",
            suggestion="请核对两个日期",
        )


def judge_states(subject: str, states: Iterable[str], agreed: Agreed) -> list[Finding]:
    """R-BND-05 of edges: nothing is settled that was not agreed and approved."""
    if SETTLED not in set(states) or not agreed.missing:
        return []
    return [_incomplete(subject, f"登记为已定界，而没有{'、'.join(agreed.missing)}")]


def _incomplete(subject: str, message: str) -> Finding:
    return R_BND_05.finding(
        Severity.blocking,
        subject,
        message,
        suggestion="请先登记协议书、批准机关和批准日期；尚未批准的登记为未定界或争议",
    )
