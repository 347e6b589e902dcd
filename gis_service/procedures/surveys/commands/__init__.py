"""The writers of what agreements, surveys and filings say of lines and of markers."""

from gis_service.procedures.surveys.commands.lines import (
    close_indicator,
    close_use,
    enter_claims,
    enter_indicator,
    enter_record,
    enter_survey,
    enter_use,
    read_use_id,
)
from gis_service.procedures.surveys.commands.markers import (
    add_to_lines,
    enter_bearings,
    enter_keepers,
    enter_locations,
    enter_points,
)
from gis_service.procedures.surveys.commands.tri_points import close_tri_point, enter_tri_point

__all__ = [
    "add_to_lines",
    "close_indicator",
    "close_tri_point",
    "close_use",
    "enter_bearings",
    "enter_claims",
    "enter_indicator",
    "enter_keepers",
    "enter_locations",
    "enter_points",
    "enter_record",
    "enter_survey",
    "enter_tri_point",
    "enter_use",
    "read_use_id",
]
