"""Reporting what the typeface of the sheets cannot print."""

from __future__ import annotations

from collections.abc import Iterable

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.typeface import missing_characters

NAME_CAN_BE_PRINTED = Rule(
    id="R-MAP-70", title="图上文字须能用随附字体完整印出", legal_basis="GB 18030-2022", status="D"
)


def coverage_findings(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """One finding for each (subject, text) that holds characters the typeface lacks."""
    found = []
    for subject, text in texts:
        lacking = missing_characters(text)
        if lacking:
            points = "、".join(f"U+{ord(char):04X}" for char in lacking)
            found.append(
                NAME_CAN_BE_PRINTED.finding(
                    Severity.warning,
                    subject,
                    f"“{text}”含字体缺字 {points}，图上以码位代替",
                    suggestion="请提供含该字的字体，或核对用字",
                )
            )
    return found
