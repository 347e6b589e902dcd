"""Cases as they stand, those due, and how much weighs on each line."""

from gis_service.procedures.disputes.queries.cases import (
    as_features,
    case_numbered,
    cases,
    counted,
    next_number,
    steps_of,
    told,
)

__all__ = ["as_features", "case_numbered", "cases", "counted", "next_number", "steps_of", "told"]
