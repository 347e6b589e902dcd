"""What judges cases of hidden risks and disputes, and what they weigh."""

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
from gis_service.procedures.disputes.rules.stretches import Cut, Piece, Weighed, pieces_of

RULES = (R_BND_19, R_BND_24)

__all__ = [
    "RULES",
    "R_BND_19",
    "R_BND_24",
    "CaseEvidence",
    "Cut",
    "DecisionEvidence",
    "EffectEvidence",
    "MarkerSaid",
    "Piece",
    "RevisionEvidence",
    "StepEvidence",
    "Weighed",
    "band_of",
    "bands",
    "judge_case",
    "judge_decision",
    "judge_effect",
    "judge_result",
    "judge_revision",
    "judge_step",
    "levels",
    "pieces_of",
    "words_for",
]
