"""Judging a list by itself, where there is no register to hold it against."""

from __future__ import annotations

from collections.abc import Callable

from gis_service.foundation.findings import Finding, in_order_of_weight
from gis_service.procedures.intake.commands.placenames.opening import PlaceList
from gis_service.procedures.intake.rules.placenames import Tally
from gis_service.procedures.intake.rules.placenames.judging import judge_filled, judge_record, spell


def judge_alone(listed: PlaceList, progress: Callable[[str], None]) -> tuple[int, list[Finding]]:
    """How many rows there are, and everything found in them."""
    tally, rows = Tally(listed.source), 0
    for chunk in listed.chunks(tally):
        for record in chunk:
            judge_record(record, tally)
            spell(record, _code(record.divisions), tally)
            judge_filled(record, tally, fields=True)
        rows += len(chunk)
        progress(f"已核对 {rows:,} 行")
    return rows, in_order_of_weight([*listed.findings, *tally.findings])


def _code(divisions: tuple[str, ...]) -> str:
    return divisions[0] if divisions and divisions[0].isdigit() else ""
