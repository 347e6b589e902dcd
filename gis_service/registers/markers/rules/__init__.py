"""What judges markers as such: pure, over evidence gathered before; thresholds are data of `markers.toml`."""

from gis_service.registers.markers.rules.bearings import (
    R_MRK_08,
    central_meridian,
    grid_bearing,
    judge_bearings,
)
from gis_service.registers.markers.rules.evidence import (
    BearingFacts,
    LineEvidence,
    MarkerFacts,
    PositionFacts,
    TriPointFacts,
)
from gis_service.registers.markers.rules.given import Bearing, Position
from gis_service.registers.markers.rules.judging import judge_line, judge_marker
from gis_service.registers.markers.rules.numbers import (
    R_MRK_01,
    R_MRK_02,
    R_MRK_03,
    R_MRK_04,
    R_MRK_11,
    judge_taken,
    normalised,
)
from gis_service.registers.markers.rules.photos import R_MRK_15, PhotoFacts, judge_photo, read_photo
from gis_service.registers.markers.rules.places import R_MRK_05, R_MRK_07, R_MRK_12, R_MRK_13, judge_moved
from gis_service.registers.markers.rules.registering import R_BND_09, R_MRK_06, R_MRK_14
from gis_service.registers.markers.rules.stations import runs_with_numbers, stations_of
from gis_service.registers.markers.rules.thresholds import thresholds
from gis_service.registers.markers.rules.upkeep import (
    R_BND_12,
    R_BND_13,
    ActionFacts,
    MoveFacts,
    judge_actions,
    judge_moves,
)

RULES = (
    R_MRK_01,
    R_MRK_02,
    R_MRK_03,
    R_MRK_04,
    R_MRK_05,
    R_MRK_06,
    R_MRK_07,
    R_MRK_08,
    R_MRK_11,
    R_MRK_12,
    R_MRK_13,
    R_MRK_14,
    R_MRK_15,
    R_BND_09,
    R_BND_12,
    R_BND_13,
)

__all__ = [
    "RULES",
    "ActionFacts",
    "Bearing",
    "BearingFacts",
    "LineEvidence",
    "MarkerFacts",
    "MoveFacts",
    "PhotoFacts",
    "Position",
    "PositionFacts",
    "TriPointFacts",
    "central_meridian",
    "grid_bearing",
    "judge_actions",
    "judge_bearings",
    "judge_line",
    "judge_marker",
    "judge_moved",
    "judge_moves",
    "judge_photo",
    "judge_taken",
    "normalised",
    "read_photo",
    "runs_with_numbers",
    "stations_of",
    "thresholds",
]
