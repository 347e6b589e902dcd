"""What judges cases of hidden risks and disputes."""

from gis_service.procedures.disputes.rules.cases import R_BND_19, CaseEvidence, judge_case, judge_result
from gis_service.procedures.disputes.rules.catalogue import levels, words_for
from gis_service.procedures.disputes.rules.deciding import R_BND_24, DecisionEvidence, judge_decision

RULES = (R_BND_19, R_BND_24)

__all__ = [
    "RULES",
    "R_BND_19",
    "R_BND_24",
    "CaseEvidence",
    "DecisionEvidence",
    "judge_case",
    "judge_decision",
    "judge_result",
    "levels",
    "words_for",
]
