"""R-BND-16: land used beyond a line, and enclaves, stand by consents, a decision and a filing."""

from __future__ import annotations

from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity

R_BND_16 = Rule(
    id="R-BND-16",
    title="跨界使用土地须经双方同意、分别审批并备案，飞地须有协议或决定",
    legal_basis="行政区域界线管理条例 第十条、第十一条",
    version="2026-1",
)
USE = "跨界使用"
_SIDES = 2


@dataclass(frozen=True, slots=True)
class UseEvidence:
    """What a use of land beyond a line stands by."""

    subject: str
    kind: str
    consents: int
    decided: bool
    filed: bool


def judge_use(evidence: UseEvidence) -> list[Finding]:
    """What is missing; it is said and does not stop the record: the land is used all the same."""
    if evidence.kind != USE:
        return [] if evidence.decided else [_finding(evidence, "没有协议或批准机关的决定")]
    missing = []
    if evidence.consents < _SIDES:
        missing.append(f"双方人民政府的同意只有 {evidence.consents} 份")
    if not evidence.filed:
        missing.append("没有报批准机关备案")
    return [_finding(evidence, "；".join(missing))] if missing else []


def _finding(evidence: UseEvidence, message: str) -> Finding:
    return R_BND_16.finding(
        Severity.warning,
        evidence.subject,
        f"{evidence.kind}：{message}",
        suggestion="请补齐文件后更新登记",
    )
