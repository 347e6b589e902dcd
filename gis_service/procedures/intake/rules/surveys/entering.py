"""Which findings about markers stop their entering: what an archive lacks is told only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from gis_service.foundation.findings import Finding, Severity

# Off the line: the register may hold a generalised line. Without a keeper, bearing objects: old archives lack
# them, and the desk check goes on asking.
_EACH = 5
_TOLD_ONLY = frozenset({"R-MRK-06", "R-MRK-07", "R-MRK-08", "R-MRK-14"})


def weighed_for_entering(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of the register's own rules, as they weigh when a delivery is entered."""
    weighed = [
        replace(each, severity=Severity.warning) if each.blocking and each.rule in _TOLD_ONLY else each
        for each in findings
    ]
    alike: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for each in weighed:
        alike[(each.rule, each.severity, each.suggestion)].append(each)
    return [told for several in alike.values() for told in _told_once(several)]


def _told_once(several: list[Finding]) -> list[Finding]:
    """Of many of one kind that block nothing, one that counts them and names the first."""
    if len(several) <= _EACH or several[0].blocking:
        return several
    first = several[0]
    subject = f"{first.subject} 等 {len(several)} 座"
    return [replace(first, subject=subject, message=f"{first.message}；同类共 {len(several)} 座")]


def refused_numbers(findings: Iterable[Finding], numbers: Iterable[str]) -> set[str]:
    """The numbers that blocking findings are about: themselves, or all of a set (its first seven digits)."""
    subjects = {each.subject for each in findings if each.blocking}
    return {number for number in numbers if number in subjects or number[:7] in subjects}
