"""A proposed change as reviewable text, and what a case looks like from outside."""

from gis_service.procedures.changes.schemas.cases import (
    CaseOut,
    CaseSummaryOut,
    CheckedOut,
    EndorsementOut,
    PartyOut,
)
from gis_service.procedures.changes.schemas.moves import (
    AnnouncementIn,
    ApprovalIn,
    ConsentIn,
    DoneIn,
    DutyDoneIn,
    ReasonIn,
    RevocationIn,
    read_announcement,
)
from gis_service.procedures.changes.schemas.operations import NewUnitIn, OperationIn
from gis_service.procedures.changes.schemas.proposals import (
    MAX_PROPOSAL_BYTES,
    ActIn,
    MaterialIn,
    OverrideIn,
    ProposalIn,
    basis_of,
    parse_proposal,
    read_proposal,
    read_table,
)
from gis_service.procedures.changes.schemas.words import SHORTEST_REASON

__all__ = [
    "MAX_PROPOSAL_BYTES",
    "SHORTEST_REASON",
    "ActIn",
    "AnnouncementIn",
    "ApprovalIn",
    "CaseOut",
    "CaseSummaryOut",
    "CheckedOut",
    "ConsentIn",
    "DoneIn",
    "DutyDoneIn",
    "EndorsementOut",
    "MaterialIn",
    "NewUnitIn",
    "OperationIn",
    "OverrideIn",
    "PartyOut",
    "ProposalIn",
    "ReasonIn",
    "RevocationIn",
    "basis_of",
    "parse_proposal",
    "read_announcement",
    "read_proposal",
    "read_table",
]
