"""Cases of a year, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from gis_service.procedures.disputes.models import STATE_WORDS, DisputeState
from gis_service.procedures.disputes.schemas import DisputeOut, YearCountsOut, YearOut

DUE = "期限"  # how a revision names the due date it changed


def found_in(told: Iterable[DisputeOut], year: int) -> list[DisputeOut]:
    """Cases found in a year, those entered by mistake left out."""
    withdrawn = STATE_WORDS[DisputeState.withdrawn]
    return [case for case in told if case.found_on.year == year and case.state != withdrawn]


def counted(found: Iterable[DisputeOut], year: int, *, on: date) -> YearOut:
    """Cases found in a year by what they are and by line."""
    found = list(found)
    by: dict[str, Any] = {
        title: dict(Counter(getattr(case, title) for case in found).most_common())
        for title in ("level", "kind", "state", "cause")
    }
    lines = Counter((case.line, case.line_code, case.line_name) for case in found)
    return YearOut(
        year=year,
        on=on,
        cases=len(found),
        closed=sum(case.closed_on is not None for case in found),
        overdue=sum(case.overdue for case in found),
        recurrences=sum(case.recurrences for case in found),
        extensions=sum(extensions(case) for case in found),
        line=[
            YearCountsOut(line=line, code=code, name=name, cases=number)
            for (line, code, name), number in lines.most_common()
        ],
        **by,
    )


def extensions(case: DisputeOut) -> int:
    """How often the due date of a case was put off."""
    changes = (change for step in case.steps for change in step.changes)
    return sum(change.field == DUE and change.after > change.before for change in changes)
