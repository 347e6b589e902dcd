"""What judges archives and reads files: pure, over plain values and bytes; figures are in `archives.toml`."""

from gis_service.registers.archives.rules.contents import read_contents
from gis_service.registers.archives.rules.control_points import (
    R_ARC_04,
    Given,
    judge_fit,
    read_control,
    residual_allowed,
)
from gis_service.registers.archives.rules.coverage import R_ARC_05, covered, gaps, judge_gaps
from gis_service.registers.archives.rules.figures import Filing, filings, largest_file_bytes, years_kept
from gis_service.registers.archives.rules.fitting import ControlPoint, Fit, fitted
from gis_service.registers.archives.rules.images import ImagePlace, place_of, read_scan, rectified, window
from gis_service.registers.archives.rules.judging import (
    R_ARC_01,
    R_ARC_02,
    R_ARC_03,
    R_ARC_06,
    WHOLE,
    KeptElsewhere,
    StoredFile,
    counted,
    expires_on,
    judge_appraised,
    judge_complete,
    judge_kept,
    judge_stored,
)
from gis_service.registers.archives.rules.world_files import world_rows

RULES = (R_ARC_01, R_ARC_02, R_ARC_03, R_ARC_04, R_ARC_05, R_ARC_06)

__all__ = [
    "RULES",
    "WHOLE",
    "ControlPoint",
    "Filing",
    "Fit",
    "Given",
    "ImagePlace",
    "KeptElsewhere",
    "StoredFile",
    "counted",
    "covered",
    "expires_on",
    "filings",
    "fitted",
    "gaps",
    "judge_appraised",
    "judge_complete",
    "judge_fit",
    "judge_gaps",
    "judge_kept",
    "judge_stored",
    "largest_file_bytes",
    "place_of",
    "read_contents",
    "read_control",
    "read_scan",
    "rectified",
    "residual_allowed",
    "window",
    "world_rows",
    "years_kept",
]
