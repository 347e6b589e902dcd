"""Which findings about markers stop their entering: what an archive lacks is told only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gis_service.foundation.findings import Finding, Severity

# Off the line: the register may hold a generalised line. Without a keeper, bearing objects: old archives lack
# them, and the desk check goes on asking.
_TOLD_ONLY = frozenset({"R-MRK-06", "R-MRK-07", "R-MRK-08", "R-MRK-14"})


def weighed_for_entering(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of the register's own rules, as they weigh when a delivery is entered."""
    return [
        replace(each, severity=Severity.warning) if each.blocking and each.rule in _TOLD_ONLY else each
        for each in findings
    ]


def refused_numbers(findings: Iterable[Finding], numbers: Iterable[str]) -> set[str]:
    """The numbers that blocking findings are about: themselves, or all of a set (its first seven digits)."""
    subjects = {each.subject for each in findings if each.blocking}
    return {number for number in numbers if number in subjects or number[:7] in subjects}
