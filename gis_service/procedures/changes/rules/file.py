"""R-CHG-07: the application file is complete, or the case records an act that is already published."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.evidence import Basis, ChangeEvidence
from gis_service.procedures.changes.rules.statute import required_materials

R_CHG_07 = Rule(
    id="R-CHG-07",
    title="申请材料齐全",
    legal_basis="行政区划管理条例 第十三条",
)


def judge_file(evidence: ChangeEvidence) -> list[Finding]:
    """Blocking for an application of our own; for a published act the file lies with the approver."""
    missing = [title for kind, title in required_materials().items() if kind not in evidence.materials]
    if not missing:
        return []
    if evidence.basis is Basis.published_act:
        severity, message = Severity.info, "依已公布的批复登记，申请材料存审批机关，本案卷未附："
    else:
        severity, message = Severity.blocking, "申请材料不齐，缺："
    return [
        R_CHG_07.finding(
            severity, "申请材料", message + "；".join(missing), suggestion="请在案卷中补齐并写明文件"
        )
    ]
