"""What judges a boundary line as such. Pure; a stored name or code always wins over the rule."""

from gis_service.registers.boundaries.rules.copies import (
    R_BND_21,
    R_BND_23,
    Edition,
    judge_copy,
    judge_edition,
)
from gis_service.registers.boundaries.rules.course_text import (
    R_MRK_10,
    course_text_findings,
    leg_told,
    read_course_text,
)
from gis_service.registers.boundaries.rules.courses import (
    Course,
    Foot,
    course_of,
    gaps_m,
    runs_eastward,
    stretch_between_ends,
)
from gis_service.registers.boundaries.rules.cross_line_use import R_BND_16, UseEvidence, judge_use
from gis_service.registers.boundaries.rules.cutting import Tolerance, cutting_tolerance
from gis_service.registers.boundaries.rules.directions import R_MRK_09, direction_word
from gis_service.registers.boundaries.rules.drawn import drawn, read_drawn
from gis_service.registers.boundaries.rules.encroachment import (
    R_BND_22,
    Encroachment,
    Parcel,
    SideArea,
    encroaching,
    judge_encroachments,
)
from gis_service.registers.boundaries.rules.lengths import (
    R_BND_20,
    LengthEvidence,
    Lengths,
    SourceOfLine,
    explained,
    judge_lengths,
)
from gis_service.registers.boundaries.rules.line_code import R_BND_02, line_code
from gis_service.registers.boundaries.rules.line_name import R_BND_01, line_name
from gis_service.registers.boundaries.rules.line_records import (
    R_BND_03,
    R_BND_05,
    Agreed,
    RecordEvidence,
    judge_record,
    judge_sides,
    judge_states,
)
from gis_service.registers.boundaries.rules.line_shape import R_BND_04, judge_shape
from gis_service.registers.boundaries.rules.matching import Apart, Match, coordinates_sha256, matched
from gis_service.registers.boundaries.rules.moved_features import (
    R_BND_14,
    R_BND_15,
    AlongFeature,
    judge_change_of_indicator,
    judge_moved,
)
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.boundaries.rules.proofs import PROOFS
from gis_service.registers.boundaries.rules.sections import (
    SECTIONS_BY,
    EdgeFacts,
    Placed,
    Section,
    placed_along,
    sections_of,
)
from gis_service.registers.boundaries.rules.thresholds import threshold
from gis_service.registers.boundaries.rules.walking import Following, Leg, Station, legs_of

RULES = (
    R_BND_01,
    R_BND_02,
    R_BND_03,
    R_BND_04,
    R_BND_05,
    R_BND_14,
    R_BND_15,
    R_BND_16,
    R_BND_20,
    R_BND_21,
    R_BND_22,
    R_BND_23,
    R_MRK_09,
    R_MRK_10,
    *PROOFS,
)

__all__ = [
    "RULES",
    "SECTIONS_BY",
    "Agreed",
    "AlongFeature",
    "Apart",
    "Course",
    "EdgeFacts",
    "Edition",
    "Encroachment",
    "Following",
    "Foot",
    "Leg",
    "LengthEvidence",
    "Lengths",
    "Match",
    "Parcel",
    "Placed",
    "RecordEvidence",
    "Section",
    "SideArea",
    "SourceOfLine",
    "Station",
    "Tolerance",
    "UseEvidence",
    "coordinates_sha256",
    "course_of",
    "course_text_findings",
    "cutting_tolerance",
    "direction_word",
    "drawn",
    "encroaching",
    "explained",
    "gaps_m",
    "judge_change_of_indicator",
    "judge_copy",
    "judge_edition",
    "judge_encroachments",
    "judge_lengths",
    "judge_moved",
    "judge_record",
    "judge_shape",
    "judge_sides",
    "judge_states",
    "judge_use",
    "leg_told",
    "legs_of",
    "line_code",
    "line_name",
    "matched",
    "placed_along",
    "read_course_text",
    "read_drawn",
    "remark_on_point",
    "runs_eastward",
    "sections_of",
    "stretch_between_ends",
    "threshold",
]
