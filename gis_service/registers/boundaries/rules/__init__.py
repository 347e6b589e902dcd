"""What judges a boundary line as such. Pure; a stored name or code always wins over the rule."""

from gis_service.registers.boundaries.rules.course_text import (
    R_MRK_10,
    course_text_findings,
    leg_told,
    read_course_text,
)
from gis_service.registers.boundaries.rules.courses import Course, Foot, course_of, gaps_m, runs_eastward
from gis_service.registers.boundaries.rules.cutting import Tolerance, cutting_tolerance
from gis_service.registers.boundaries.rules.directions import R_MRK_09, direction_word
from gis_service.registers.boundaries.rules.drawn import drawn, read_drawn
from gis_service.registers.boundaries.rules.line_code import R_BND_02, line_code
from gis_service.registers.boundaries.rules.line_name import R_BND_01, line_name
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.boundaries.rules.proofs import PROOFS
from gis_service.registers.boundaries.rules.walking import Following, Leg, Station, legs_of

RULES = (R_BND_01, R_BND_02, R_MRK_09, R_MRK_10, *PROOFS)

__all__ = [
    "RULES",
    "Course",
    "Following",
    "Foot",
    "Leg",
    "Station",
    "Tolerance",
    "course_of",
    "course_text_findings",
    "cutting_tolerance",
    "direction_word",
    "drawn",
    "gaps_m",
    "leg_told",
    "legs_of",
    "line_code",
    "line_name",
    "read_course_text",
    "read_drawn",
    "remark_on_point",
    "runs_eastward",
]
