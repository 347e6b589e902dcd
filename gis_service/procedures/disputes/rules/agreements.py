"""R-PEA-01: an agreement to keep the peace is signed by both sides of its line, for a term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.disputes.rules.peace_terms import kinds_of_agreements, last_day, usual_years

R_PEA_01 = Rule(
    id="R-PEA-01",
    title="平安边界协议由界线双方签订，写明期限和双方的责任，到期续签",
    legal_basis="平安边界建设通行做法：一线一协议，双方签订，定期续签",
    status="P",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """Who signed; `side` is the name of the side he signs for, None where he belongs to neither."""

    name: str
    side: str | None


@dataclass(frozen=True, slots=True)
class AgreementEvidence:
    """What an agreement is judged by; `standing` are agreements of its kind that hold in its term."""

    subject: str
    kind: str
    sides: tuple[str, ...]
    signers: tuple[SignerFacts, ...]
    signed_on: date
    begins_on: date
    expires_on: date
    today: date
    duties: int
    renews: str | None = None
    standing: tuple[str, ...] = ()


def judge_agreement(evidence: AgreementEvidence) -> list[Finding]:
    """Everything that is to be said of an agreement before it is written."""
    return [*_words(evidence), *_signers(evidence), *_days(evidence), *_others(evidence)]


def _said(evidence: AgreementEvidence, severity: Severity, message: str, suggestion: str) -> Finding:
    return R_PEA_01.finding(severity, evidence.subject, message, suggestion=suggestion)


def _words(evidence: AgreementEvidence) -> Iterator[Finding]:
    if evidence.kind not in kinds_of_agreements():
        allowed = "、".join(kinds_of_agreements())
        yield _said(evidence, Severity.blocking, f"没有种类“{evidence.kind[:40]}”", f"应为：{allowed}")
    if not evidence.duties:
        yield _said(evidence, Severity.warning, "没有写明双方的责任", "请在 duties 中逐条写明")


def _signers(evidence: AgreementEvidence) -> Iterator[Finding]:
    signed = {each.side for each in evidence.signers}
    if missing := [side for side in evidence.sides if side not in signed]:
        yield _said(
            evidence,
            Severity.blocking,
            f"{'、'.join(missing)}一侧没有签订单位",
            f"签订单位须含{'、'.join(evidence.sides)}双方或其下级单位，请核对 signers",
        )
    if strangers := [each.name for each in evidence.signers if each.side is None]:
        yield _said(
            evidence,
            Severity.blocking,
            f"签订单位{'、'.join(strangers)}不属于界线的任何一侧",
            "请核对界线和 signers",
        )


def _days(evidence: AgreementEvidence) -> Iterator[Finding]:
    if evidence.signed_on > evidence.today:
        yield _said(evidence, Severity.blocking, f"签订日期 {evidence.signed_on} 尚未到来", "请核对日期")
    if evidence.expires_on < evidence.begins_on:
        yield _said(
            evidence,
            Severity.blocking,
            f"到期日期 {evidence.expires_on} 早于生效日期 {evidence.begins_on}",
            "请核对 begins_on 和 expires_on",
        )
    elif evidence.expires_on != last_day(evidence.begins_on, usual_years()):
        yield _said(
            evidence,
            Severity.info,
            f"期限为 {evidence.begins_on} 至 {evidence.expires_on}，通行的期限为 {usual_years()} 年",
            "协议另有约定的，以协议为准",
        )
    if evidence.begins_on <= evidence.expires_on < evidence.today:
        yield _said(
            evidence,
            Severity.warning,
            f"协议已于 {evidence.expires_on} 到期",
            "已续签的，请接着登记续签的协议",
        )
    if evidence.begins_on < evidence.signed_on:
        yield _said(
            evidence,
            Severity.warning,
            f"生效日期 {evidence.begins_on} 早于签订日期 {evidence.signed_on}",
            "请核对两个日期",
        )


def _others(evidence: AgreementEvidence) -> Iterator[Finding]:
    if others := [number for number in evidence.standing if number != evidence.renews]:
        yield _said(
            evidence,
            Severity.blocking,
            f"此期间界线已有{evidence.kind}：{'、'.join(others)}",
            "续签的，请写明所续协议的编号（renews）；误登记的，请先终止",
        )
