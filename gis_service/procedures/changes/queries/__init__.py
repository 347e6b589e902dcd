"""Reading cases, gathering evidence for the rules, and telling what a change did."""

from gis_service.procedures.changes.queries.cases import (
    case_by_number,
    cases_page,
    follow_ups_of,
    live_case_like,
    material_with_digest,
    materials_of,
)
from gis_service.procedures.changes.queries.evidence import gather
from gis_service.procedures.changes.queries.outcome import tell

__all__ = [
    "case_by_number",
    "cases_page",
    "follow_ups_of",
    "gather",
    "live_case_like",
    "material_with_digest",
    "materials_of",
    "tell",
]
