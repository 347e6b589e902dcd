"""What judges a boundary line as such. Pure; a stored name or code always wins over the rule."""

from gis_service.registers.boundaries.rules.courses import Course, Foot, course_of, gaps_m, runs_eastward
from gis_service.registers.boundaries.rules.cutting import Tolerance, cutting_tolerance
from gis_service.registers.boundaries.rules.drawn import drawn, read_drawn
from gis_service.registers.boundaries.rules.line_code import R_BND_02, line_code
from gis_service.registers.boundaries.rules.line_name import R_BND_01, line_name
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.boundaries.rules.proofs import PROOFS

RULES = (R_BND_01, R_BND_02, *PROOFS)

__all__ = [
    "RULES",
    "Course",
    "Foot",
    "Tolerance",
    "course_of",
    "cutting_tolerance",
    "drawn",
    "gaps_m",
    "line_code",
    "line_name",
    "read_drawn",
    "remark_on_point",
    "runs_eastward",
]
