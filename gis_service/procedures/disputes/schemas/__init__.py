"""What is sent to open and lead a case, and what is told of it."""

from gis_service.procedures.disputes.schemas.cases import (
    ChangedOut,
    ClaimEndedOut,
    DecisionEffectOut,
    DisputeIn,
    DisputeOut,
    DisputePartyOut,
    DisputeStepOut,
    StateLengthOut,
)
from gis_service.procedures.disputes.schemas.leading import (
    DisputeDecisionIn,
    DisputeMoveIn,
    MediationIn,
    RevisionIn,
    StepIn,
    Target,
    WithdrawalIn,
)
from gis_service.procedures.disputes.schemas.weighing import (
    DisputeDueOut,
    RiskOut,
    RiskStretchOut,
    YearCountsOut,
    YearOut,
)
from gis_service.procedures.disputes.schemas.written import checked

__all__ = [
    "ChangedOut",
    "ClaimEndedOut",
    "DecisionEffectOut",
    "DisputeDecisionIn",
    "DisputeDueOut",
    "DisputeIn",
    "DisputeMoveIn",
    "DisputeOut",
    "DisputePartyOut",
    "DisputeStepOut",
    "MediationIn",
    "RevisionIn",
    "RiskOut",
    "RiskStretchOut",
    "StateLengthOut",
    "StepIn",
    "Target",
    "WithdrawalIn",
    "YearCountsOut",
    "YearOut",
    "checked",
]
