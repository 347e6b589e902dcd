"""R-BND-98, the part of R-BND-14 and R-BND-15 for resurveys: what one must have before it counts as done."""

from __future__ import annotations

from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.resurveys.rules.causes import Cause, causes

R_BND_RESURVEYED = Rule(
    id="R-BND-98",
    title="修测须有成果；指示物变化的，登记簿已按成果登记并备案",
    legal_basis="行政区域界线管理条例 第七条、第八条、第十二条",
)


@dataclass(frozen=True, slots=True)
class Closing:
    """A resurvey about to be closed: whether its result is filed, and the register tells of the change.

    `line` is what names the line on a command line; `is_on_record` is None where there is nothing to record.
    """

    number: str
    line: str
    cause: Cause
    is_filed: bool
    is_on_record: bool | None


def judge_closing(closing: Closing) -> list[Finding]:
    """What is missing: a filing stops it; a register that is silent is told."""
    facts = causes()[closing.cause]
    found = []
    if facts.asks_filing and not closing.is_filed:
        found.append(
            R_BND_RESURVEYED.finding(
                Severity.blocking,
                closing.number,
                f"{facts.title}的修测成果没有备案（{facts.legal_basis}）",
                suggestion="请报批准机关备案，并写明备案文件的文号（--filing）",
            )
        )
    if closing.is_on_record is False:
        found.append(
            R_BND_RESURVEYED.finding(
                Severity.warning,
                closing.number,
                "登记簿中的指示物还没有依修测成果登记变化或终止",
                suggestion=f"gis-service boundaries indicator {closing.line} --id 标识 --resurvey 文号",
            )
        )
    return found
