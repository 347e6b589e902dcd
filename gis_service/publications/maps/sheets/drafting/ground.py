"""What an act did on the ground: which stretches of line went, came, or only changed name and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis_service.foundation.measure import length_km
from gis_service.publications.maps.schemas import LineState, LineTrace, UnitShape
from gis_service.publications.maps.sheets.drafting.linework import (
    Segments,
    borders_of,
    line_of,
    segments_of,
)

STATE_ZH = {LineState.ended: "撤销", LineState.begun: "新增", LineState.stayed: "保留"}
_ORDER = (LineState.ended, LineState.begun, LineState.stayed)
_NOTHING_KM = 0.0005


@dataclass(frozen=True, slots=True)
class GroundChange:
    """Stretches by what became of them; `recoded` stays where it is under another name and code."""

    ended: Segments
    begun: Segments
    recoded: Segments


def ground_change(lines: Sequence[LineTrace]) -> GroundChange:
    """Compare the lines of all states by their segments."""
    by_state = {
        state: frozenset(
            segment for line in lines if line.state is state for segment in segments_of(line.geometry)
        )
        for state in LineState
    }
    ended, begun, stayed = (by_state[state] for state in (LineState.ended, LineState.begun, LineState.stayed))
    return GroundChange(ended - begun - stayed, begun - ended - stayed, (ended & begun) - stayed)


def borders_gone(before: Sequence[UnitShape], after: Sequence[UnitShape]) -> Segments:
    """Stretches that parted units before and part none after; none where nothing is known of before."""
    if not before:
        return frozenset()
    was = frozenset[tuple[int, int, int, int]]().union(*borders_of(before, {}).by_level.values())
    return was - {segment for unit in after for segment in segments_of(unit.geometry)}


def change_rows(lines: Sequence[LineTrace], change: GroundChange) -> list[tuple[str, ...]]:
    """Rows state, code, name, length before, length after (km), remark; ended, begun, stayed."""
    return [_row(line, change) for line in in_table_order(lines)]


def in_table_order(lines: Sequence[LineTrace]) -> list[LineTrace]:
    """By state, then level, then code."""
    levels = list(type(lines[0].level)) if lines else []
    return sorted(
        lines, key=lambda line: (_ORDER.index(line.state), levels.index(line.level), line.code, line.name)
    )


def _row(line: LineTrace, change: GroundChange) -> tuple[str, ...]:
    length = f"{line.length_km:.2f}"
    before = length if line.state is not LineState.begun else "—"
    after = length if line.state is not LineState.ended else "—"
    return (STATE_ZH[line.state], line.code, line.name, before, after, _remark(line, change))


def _remark(line: LineTrace, change: GroundChange) -> str:
    """How much of an ended or begun line is real change on the ground."""
    if line.state is LineState.stayed:
        return ""
    own = frozenset(segments_of(line.geometry))
    changed = own & (change.ended if line.state is LineState.ended else change.begun)
    changed_km = length_km(line_of(changed)) if changed else 0.0
    if changed_km < _NOTHING_KM:
        return "实地不变，改由新线承接" if line.state is LineState.ended else "实地不变，承接原线"
    verb = "实地撤销" if line.state is LineState.ended else "实地新增"
    return verb if changed == own else f"{verb} {changed_km:.2f} km，余段不变"
