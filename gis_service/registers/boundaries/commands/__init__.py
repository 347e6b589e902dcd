"""The writers of the register of boundaries: areas and what follows from them; what is agreed on lines."""

from gis_service.registers.boundaries.commands.claiming import Claim, claim_line, settle_claims
from gis_service.registers.boundaries.commands.cutting import cut_off, divide
from gis_service.registers.boundaries.commands.derive import derive
from gis_service.registers.boundaries.commands.enter import Entered, enter_areas
from gis_service.registers.boundaries.commands.hand_over import hand_over, hand_over_faces
from gis_service.registers.boundaries.commands.indicating import (
    ChangeBasis,
    IndicatorFacts,
    change_indicator,
    end_indicator,
    moved_feature,
    register_indicator,
)
from gis_service.registers.boundaries.commands.recording import (
    LineFacts,
    correct_record,
    facts_of,
    record_line,
)
from gis_service.registers.boundaries.commands.renewing import Window, renew, replace_holdings, replace_lines
from gis_service.registers.boundaries.commands.restoring import restore_areas
from gis_service.registers.boundaries.commands.sources import name_sources
from gis_service.registers.boundaries.commands.splitting import split_edges
from gis_service.registers.boundaries.commands.subdividing import subdivide
from gis_service.registers.boundaries.commands.surveying import (
    Stretch,
    SurveyDone,
    Surveyed,
    edges_in,
    survey_edges,
)
from gis_service.registers.boundaries.commands.using import Use, end_use, register_use, revise_use

__all__ = [
    "ChangeBasis",
    "Claim",
    "Entered",
    "IndicatorFacts",
    "LineFacts",
    "Stretch",
    "SurveyDone",
    "Surveyed",
    "Use",
    "Window",
    "change_indicator",
    "claim_line",
    "correct_record",
    "cut_off",
    "derive",
    "divide",
    "edges_in",
    "end_indicator",
    "end_use",
    "enter_areas",
    "facts_of",
    "hand_over",
    "hand_over_faces",
    "moved_feature",
    "name_sources",
    "record_line",
    "register_indicator",
    "register_use",
    "renew",
    "replace_holdings",
    "replace_lines",
    "restore_areas",
    "revise_use",
    "settle_claims",
    "split_edges",
    "subdivide",
    "survey_edges",
]
