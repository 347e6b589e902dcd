"""Reading cases, gathering evidence for the rules, and telling what a change did."""

from gis_service.procedures.changes.queries.agenda import pending_of_cases
from gis_service.procedures.changes.queries.archive import archive_list
from gis_service.procedures.changes.queries.cases import (
    case_by_number,
    cases_page,
    follow_up_of,
    follow_ups_of,
    live_case_like,
    material_with_digest,
    materials_of,
)
from gis_service.procedures.changes.queries.conduct import (
    conduct_of,
    consultation_of,
    consultations_of,
    evaluations_of,
    filings_of,
    provinces_of,
    step_of,
    steps_of,
    touched_by,
    verdicts_of,
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
from gis_service.procedures.changes.queries.record import TABLES, record_around, record_for
from gis_service.procedures.changes.queries.told import (
    evaluations_told,
    report_of_round,
    steps_told,
)
from gis_service.procedures.changes.queries.written import WroteOf, altered_since, corrected_since, wrote

__all__ = [
    "TABLES",
    "PartMoved",
    "Sides",
    "Written",
    "WroteOf",
    "altered_since",
    "archive_list",
    "case_by_number",
    "cases_page",
    "conduct_of",
    "consultation_of",
    "consultations_of",
    "corrected_since",
    "endorsements_of",
    "evaluations_of",
    "evaluations_told",
    "filings_of",
    "follow_up_of",
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
    "pending_of_cases",
    "provinces_of",
    "record_around",
    "record_for",
    "report_of_round",
    "sides_of",
    "standing_upon",
    "step_of",
    "steps_of",
    "steps_told",
    "tell",
    "touched_by",
    "verdicts_of",
    "wrote",
]
