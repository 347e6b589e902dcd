"""A proposed change as reviewable text, and what a case looks like from outside."""

from gis_service.procedures.changes.schemas.cases import CaseOut, CaseSummaryOut, CheckedOut
from gis_service.procedures.changes.schemas.moves import ConsentIn, DoneIn, DutyDoneIn, ReasonIn
from gis_service.procedures.changes.schemas.proposals import (
    MAX_PROPOSAL_BYTES,
    ActIn,
    MaterialIn,
    NewUnitIn,
    OperationIn,
    OverrideIn,
    ProposalIn,
    basis_of,
    parse_proposal,
    read_proposal,
)

__all__ = [
    "MAX_PROPOSAL_BYTES",
    "ActIn",
    "CaseOut",
    "CaseSummaryOut",
    "CheckedOut",
    "ConsentIn",
    "DoneIn",
    "DutyDoneIn",
    "MaterialIn",
    "NewUnitIn",
    "OperationIn",
    "OverrideIn",
    "ProposalIn",
    "ReasonIn",
    "basis_of",
    "parse_proposal",
    "read_proposal",
]
