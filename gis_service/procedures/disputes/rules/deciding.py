"""R-BND-24: a dispute on the ground position is decided by the approver, on the basis of the agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity

R_BND_24 = Rule(
    id="R-BND-24",
    title="界线实地位置的争议，由批准机关依据协议书裁决",
    legal_basis="行政区域界线管理条例 第十五条",
    version="2026-1",
)

STATE_COUNCIL = ("国务院", "中华人民共和国国务院")


@dataclass(frozen=True, slots=True)
class DecisionEvidence:
    """What a decision is judged by; `province` is that of both sides, None between provinces."""

    subject: str
    issuer: str
    recorded_approver: str | None
    province: str | None
    has_agreement: bool


def judge_decision(evidence: DecisionEvidence) -> list[Finding]:
    """Whether the lawful authority decided, on a lawful basis."""
    return [*_issuer(evidence), *_basis(evidence)]


def approvers(evidence: DecisionEvidence) -> tuple[str, ...]:
    """How the one who approves this line is written."""
    if evidence.recorded_approver:
        recorded = evidence.recorded_approver
        return STATE_COUNCIL if recorded in STATE_COUNCIL else (recorded,)
    if evidence.province is None:
        return STATE_COUNCIL
    return f"{evidence.province}人民政府", f"{evidence.province}政府"


def _issuer(evidence: DecisionEvidence) -> Iterator[Finding]:
    lawful = approvers(evidence)
    if "".join(evidence.issuer.split()) not in lawful:
        yield R_BND_24.finding(
            Severity.blocking,
            evidence.subject,
            f"裁决由{evidence.issuer}作出，而此界线的批准机关是{lawful[0]}",
            suggestion=f"请报{lawful[0]}裁决，或核对文件",
        )


def _basis(evidence: DecisionEvidence) -> Iterator[Finding]:
    if not evidence.has_agreement:
        yield R_BND_24.finding(
            Severity.blocking,
            evidence.subject,
            "此界线没有登记协议书，裁决没有依据",
            suggestion="请先用 boundaries record 登记协议书",
        )


@dataclass(frozen=True, slots=True)
class EffectEvidence:
    """What a decision leaves in the register: whether it ends claims, says a state, and which claims stay."""

    subject: str
    section: str | None
    says_state: bool
    claims_left: tuple[str, ...] = ()


def judge_effect(evidence: EffectEvidence) -> Iterator[Finding]:
    """What a decision leaves half done: a section without claims that is still disputed, or the reverse."""
    if evidence.section is not None and not evidence.says_state:
        yield R_BND_24.finding(
            Severity.warning,
            evidence.subject,
            f"“{evidence.section}”的主张线已终止，而该段在登记簿上仍为争议",
            suggestion="请一并写明裁决后的法律状态（--state 已定界），或另用 boundaries survey 登记",
        )
    if evidence.says_state and evidence.claims_left:
        yield R_BND_24.finding(
            Severity.warning,
            evidence.subject,
            f"此段还有主张线未终止：{'、'.join(evidence.claims_left)}",
            suggestion="裁决所终止的，请写明争议段名称（--section）",
        )
