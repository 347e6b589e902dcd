"""Cases as they stand, those due, and how much weighs on each stretch of a line."""

from gis_service.procedures.disputes.queries.cases import (
    Asked,
    case_numbered,
    cases,
    next_number,
    steps_of,
)
from gis_service.procedures.disputes.queries.due import due
from gis_service.procedures.disputes.queries.features import as_geojson_text, shapes_of
from gis_service.procedures.disputes.queries.picture import Picture, picture
from gis_service.procedures.disputes.queries.telling import told
from gis_service.procedures.disputes.queries.weighing import (
    Weighing,
    risk_told,
    weighing,
)
from gis_service.procedures.disputes.queries.yearbook import yearbook
from gis_service.procedures.disputes.queries.yearly import counted, extensions, found_in

__all__ = [
    "Asked",
    "Picture",
    "Weighing",
    "as_geojson_text",
    "case_numbered",
    "cases",
    "counted",
    "due",
    "extensions",
    "found_in",
    "next_number",
    "picture",
    "risk_told",
    "shapes_of",
    "steps_of",
    "told",
    "weighing",
    "yearbook",
]
