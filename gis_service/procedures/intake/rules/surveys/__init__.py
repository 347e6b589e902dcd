"""What judges survey tables: which columns they have, what their figures mean, what is wrong."""

from gis_service.procedures.intake.rules.surveys.comparing import R_SUR_11
from gis_service.procedures.intake.rules.surveys.markers import (
    R_SUR_06,
    R_SUR_07,
    R_SUR_08,
    GivenMarker,
    read_markers,
)
from gis_service.procedures.intake.rules.surveys.photos import R_SUR_12
from gis_service.procedures.intake.rules.surveys.points import (
    R_SUR_09,
    GivenPoint,
    GivenTrace,
    read_points,
    read_traces,
)
from gis_service.procedures.intake.rules.surveys.positions import (
    R_SUR_03,
    R_SUR_04,
    R_SUR_05,
    Told,
)
from gis_service.procedures.intake.rules.surveys.table import (
    R_SUR_01,
    R_SUR_02,
    R_SUR_10,
    Notes,
    SurveyRow,
    SurveyTable,
    column_names,
    first_words,
    recognised,
)

RULES = (
    *(R_SUR_01, R_SUR_02, R_SUR_03, R_SUR_04, R_SUR_05, R_SUR_06),
    *(R_SUR_07, R_SUR_08, R_SUR_09, R_SUR_10, R_SUR_11, R_SUR_12),
)

__all__ = [
    "RULES",
    "GivenMarker",
    "GivenPoint",
    "GivenTrace",
    "Notes",
    "SurveyRow",
    "SurveyTable",
    "Told",
    "column_names",
    "first_words",
    "read_markers",
    "read_points",
    "read_traces",
    "recognised",
]
