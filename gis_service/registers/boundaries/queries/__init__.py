"""Boundaries as they stood on a day: who borders whom, along which edges, and the area of each unit."""

from gis_service.registers.boundaries.queries.areas import areas_on, extents_on
from gis_service.registers.boundaries.queries.between import border_between, merged, neighbours_of
from gis_service.registers.boundaries.queries.lines import (
    LineOnDate,
    LinesChanged,
    Stretch,
    bordering_pairs,
    lines_along,
    lines_changed,
    lines_in_force,
    measured,
)

__all__ = [
    "LineOnDate",
    "LinesChanged",
    "Stretch",
    "areas_on",
    "border_between",
    "bordering_pairs",
    "extents_on",
    "lines_along",
    "lines_changed",
    "lines_in_force",
    "measured",
    "merged",
    "neighbours_of",
]
