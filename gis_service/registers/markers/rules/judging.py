"""All that is asked of one marker, and of a line with all its markers."""

from __future__ import annotations

from itertools import chain

from gis_service.foundation.findings import Finding, in_order_of_weight
from gis_service.registers.markers.rules.bearings import judge_bearings
from gis_service.registers.markers.rules.evidence import LineEvidence, MarkerFacts
from gis_service.registers.markers.rules.numbers import (
    judge_codes,
    judge_number,
    judge_serials,
    judge_sets,
    judge_twins,
)
from gis_service.registers.markers.rules.places import judge_banks, judge_moved, judge_place, judge_systems
from gis_service.registers.markers.rules.registering import judge_counts, judge_managing, judge_tri_points

_OF_LINES = (
    judge_codes,
    judge_serials,
    judge_sets,
    judge_twins,
    judge_banks,
    judge_counts,
    judge_tri_points,
)
_OF_MARKERS = (judge_number, judge_systems, judge_bearings, judge_moved)
_ON_LINES = (judge_place, judge_managing)


def judge_marker(line: LineEvidence, marker: MarkerFacts) -> list[Finding]:
    """What is wrong with one marker of a line, taken by itself."""
    alone = (judge(marker) for judge in _OF_MARKERS)
    return list(chain(*alone, *(judge(line, marker) for judge in _ON_LINES)))


def judge_line(line: LineEvidence) -> list[Finding]:
    """What is wrong with the markers of a line, by R-MRK and R-BND-09, the grave findings first."""
    of_line = chain.from_iterable(judge(line) for judge in _OF_LINES)
    of_markers = chain.from_iterable(judge_marker(line, marker) for marker in line.markers)
    return in_order_of_weight([*of_line, *of_markers])
