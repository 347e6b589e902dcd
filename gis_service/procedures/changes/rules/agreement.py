"""Before a case moves on: its sides have agreed, its act is public, and nothing unseen is in the way."""

from __future__ import annotations

from collections.abc import Sequence

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding, Rule, Severity

R_CHG_PARTIES = Rule(
    id="R-CHG-92",
    title="变更由所涉各方协商一致、共同拟订方案；不能一致的由共同的上级拟订",
    legal_basis="行政区划管理条例实施办法 第三条",
)
R_CHG_PUBLIC = Rule(
    id="R-CHG-93",
    title="变更向社会公告，实施所依据的文件是公开的",
    legal_basis="行政区划管理条例 第十八条",
)
R_CHG_UNSEEN = Rule(
    id="R-CHG-94",
    title="变更不与登记簿中任何事项抵触，包括经办人无权查看的事项",
    legal_basis="行政区划管理条例 第十三条",
    status="D",
)


def judge_agreement(missing: Sequence[str], severity: Severity = Severity.blocking) -> list[Finding]:
    """One finding for each side for which neither the submitter acts nor anybody has endorsed the case."""
    return [
        R_CHG_PARTIES.finding(
            severity,
            label,
            f"{label}一方没有会签",
            suggestion="请其区划登记员会签，或由共同上级的机关报请",
        )
        for label in missing
    ]


def judge_publicity(number: str, classification: Classification) -> list[Finding]:
    """Blocking while the act by which a change would stand is above public."""
    if classification is Classification.public:
        return []
    return [
        R_CHG_PUBLIC.finding(
            Severity.blocking,
            number,
            f"批准文件为{classification.value}级，不能据以变更向社会公告的事项",
            suggestion="文件可以定密，实施须依公开的公告：请在实施时登记公告，或先解密此文件",
        )
    ]


def judge_followers(label: str, classification: Classification) -> list[Finding]:
    """Blocking where a unit above public would follow unnamed, and so come to stand by a public act."""
    if classification is Classification.public:
        return []
    return [
        R_CHG_PUBLIC.finding(
            Severity.blocking,
            label,
            f"{label}属{classification.value}事项，随同变更将使其公开",
            suggestion="确应公开的，请在方案中写明它的变更",
        )
    ]


def judge_unseen(findings: Sequence[Finding]) -> list[Finding]:
    """That something stands in the way which the actor may not know of, and no word about what it is."""
    if not any(finding.blocking for finding in findings):
        return []
    return [
        R_CHG_UNSEEN.finding(
            Severity.blocking,
            "登记簿",
            "登记簿中有您无权查看的事项，此变更与之抵触",
            suggestion="请由有相应密级权限的区划登记员核查、办理",
        )
    ]
