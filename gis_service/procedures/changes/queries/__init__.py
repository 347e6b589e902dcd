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
from gis_service.procedures.changes.queries.held import held_by_codes
from gis_service.procedures.changes.queries.later import others_by_the_same_act, standing_upon
from gis_service.procedures.changes.queries.outcome import PartMoved, Written, tell
from gis_service.procedures.changes.queries.parties import (
    Sides,
    endorsements_of,
    governments_above,
    labels_of,
    parties_in,
    parties_of,
    sides_of,
)

__all__ = [
    "PartMoved",
    "Sides",
    "Written",
    "case_by_number",
    "cases_page",
    "endorsements_of",
    "follow_ups_of",
    "gather",
    "governments_above",
    "held_by_codes",
    "labels_of",
    "live_case_like",
    "material_with_digest",
    "materials_of",
    "others_by_the_same_act",
    "parties_in",
    "parties_of",
    "sides_of",
    "standing_upon",
    "tell",
]
