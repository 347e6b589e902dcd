"""What judges cases of hidden risks and disputes, what they weigh, and how the peace on a line is kept."""

from gis_service.procedures.disputes.rules.agreements import (
    R_PEA_01,
    AgreementEvidence,
    SignerFacts,
    judge_agreement,
)
from gis_service.procedures.disputes.rules.assessing import (
    R_PEA_04,
    AssessmentEvidence,
    Fact,
    Given,
    Sheet,
    fill_in,
    judge_assessment,
    judge_signing,
)
from gis_service.procedures.disputes.rules.assessment_items import FACTS, Catalogue, own_items, read_items
from gis_service.procedures.disputes.rules.cases import (
    R_BND_19,
    CaseEvidence,
    MarkerSaid,
    judge_case,
    judge_result,
)
from gis_service.procedures.disputes.rules.catalogue import band_of, bands, levels, words_for
from gis_service.procedures.disputes.rules.deciding import (
    R_BND_24,
    DecisionEvidence,
    EffectEvidence,
    judge_decision,
    judge_effect,
)
from gis_service.procedures.disputes.rules.leading import (
    RevisionEvidence,
    StepEvidence,
    judge_revision,
    judge_step,
)
from gis_service.procedures.disputes.rules.meetings import (
    R_PEA_02,
    MeetingEvidence,
    ResolutionFacts,
    judge_meeting,
)
from gis_service.procedures.disputes.rules.peace_terms import days_ahead, last_day, review_due, usual_years
from gis_service.procedures.disputes.rules.plans import (
    R_PEA_03,
    ExerciseEvidence,
    PlanEvidence,
    judge_exercise,
    judge_plan,
)
from gis_service.procedures.disputes.rules.stretches import Cut, Piece, Weighed, pieces_of

RULES = (R_BND_19, R_BND_24, R_PEA_01, R_PEA_02, R_PEA_03, R_PEA_04)

__all__ = [
    "FACTS",
    "RULES",
    "R_BND_19",
    "R_BND_24",
    "R_PEA_01",
    "R_PEA_02",
    "R_PEA_03",
    "R_PEA_04",
    "AgreementEvidence",
    "AssessmentEvidence",
    "CaseEvidence",
    "Catalogue",
    "Cut",
    "DecisionEvidence",
    "EffectEvidence",
    "ExerciseEvidence",
    "Fact",
    "Given",
    "MarkerSaid",
    "MeetingEvidence",
    "Piece",
    "PlanEvidence",
    "ResolutionFacts",
    "RevisionEvidence",
    "Sheet",
    "SignerFacts",
    "StepEvidence",
    "Weighed",
    "band_of",
    "bands",
    "days_ahead",
    "fill_in",
    "judge_agreement",
    "judge_assessment",
    "judge_case",
    "judge_decision",
    "judge_effect",
    "judge_exercise",
    "judge_meeting",
    "judge_plan",
    "judge_result",
    "judge_revision",
    "judge_signing",
    "judge_step",
    "last_day",
    "levels",
    "own_items",
    "pieces_of",
    "read_items",
    "review_due",
    "usual_years",
    "words_for",
]
