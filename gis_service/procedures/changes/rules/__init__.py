"""What judges the conduct of a change: `JUDGES`, in the order of their findings."""

from __future__ import annotations

from collections.abc import Callable

from gis_service.foundation.findings import Finding
from gis_service.procedures.changes.rules.agenda import (
    R_CHG_10,
    R_CHG_11,
    R_COD_09,
)
from gis_service.procedures.changes.rules.agreement import (
    R_CHG_PARTIES,
    R_CHG_PUBLIC,
    R_CHG_UNSEEN,
    judge_agreement,
    judge_publicity,
    judge_unseen,
)
from gis_service.procedures.changes.rules.approver import (
    R_CHG_01,
    R_CHG_02,
    R_CHG_03,
    R_CHG_04,
    Lawful,
    Scale,
    Touched,
    judge_decision,
    judge_filing,
    lawful_approval,
    special_areas,
    tell_approver,
)
from gis_service.procedures.changes.rules.area import R_CHG_09, judge_areas, judge_totals
from gis_service.procedures.changes.rules.author import R_CHG_08, judge_author
from gis_service.procedures.changes.rules.codes_after import (
    Held,
    judge_codes_after,
    recoded,
)
from gis_service.procedures.changes.rules.conduct import Conduct
from gis_service.procedures.changes.rules.correcting import R_CHG_CORRECT, judge_correction
from gis_service.procedures.changes.rules.departments import R_CHG_12, judge_departments
from gis_service.procedures.changes.rules.descent import Descends, descents
from gis_service.procedures.changes.rules.evaluations import R_CHG_13
from gis_service.procedures.changes.rules.evidence import (
    ActStated,
    Basis,
    BoundStated,
    ChangeEvidence,
    OperationEvidence,
    Places,
    ProposedUnit,
    Standing,
    Stated,
    UnitFacts,
)
from gis_service.procedures.changes.rules.figures import R_STD_01, judge_standards
from gis_service.procedures.changes.rules.file import R_CHG_07, judge_file
from gis_service.procedures.changes.rules.issuer import (
    SPELT_OTHERWISE,
    Government,
    issued_by,
    judge_issuer,
)
from gis_service.procedures.changes.rules.outcome import Correction
from gis_service.procedures.changes.rules.plan import (
    R_CHG_05,
    R_CHG_STATED,
    judge_new_codes,
    judge_plan,
)
from gis_service.procedures.changes.rules.planning import Plan, Revised, planned
from gis_service.procedures.changes.rules.record import PutRight, Record, put_right, units_of, window_of
from gis_service.procedures.changes.rules.reshaping import reshaped
from gis_service.procedures.changes.rules.revoking import (
    judge_altered,
    judge_corrections,
    judge_later,
    judge_revoker,
)
from gis_service.procedures.changes.rules.standing import (
    R_CHG_ONCE,
    R_CHG_STANDING,
    judge_each_taken_once,
    judge_standing,
)
from gis_service.procedures.changes.rules.statute import (
    Duty,
    completion_due,
    duties,
    largest_material_bytes,
    required_materials,
)
from gis_service.procedures.changes.rules.steps import R_CHG_STEPS, judge_steps

RULES = (
    R_CHG_01,
    R_CHG_02,
    R_CHG_03,
    R_CHG_04,
    R_CHG_05,
    R_CHG_07,
    R_CHG_08,
    R_CHG_09,
    R_CHG_10,
    R_CHG_11,
    R_CHG_12,
    R_CHG_13,
    R_COD_09,
    R_STD_01,
    R_CHG_STANDING,
    R_CHG_ONCE,
    R_CHG_PARTIES,
    R_CHG_PUBLIC,
    R_CHG_UNSEEN,
    R_CHG_STATED,
    R_CHG_STEPS,
    R_CHG_CORRECT,
)

JUDGES: tuple[Callable[[ChangeEvidence], list[Finding]], ...] = (
    judge_standing,
    judge_each_taken_once,
    judge_plan,
    judge_new_codes,
    judge_areas,
    judge_file,
    judge_author,
)

# How a case was conducted; only of cases, not of proposals.
CONDUCT_JUDGES: tuple[Callable[[Conduct], list[Finding]], ...] = (
    judge_steps,
    judge_departments,
    judge_standards,
)

# Findings of these rules may be set aside with a journaled reason; the others state what is impossible. Of
# R-CHG-01 only another spelling of the issuer may be, never another authority.
OVERRIDABLE = frozenset({"R-CHG-01", "R-CHG-05", "R-CHG-07", "R-CHG-08", "R-COD-02", "R-COD-04"})

__all__ = [
    "CONDUCT_JUDGES",
    "JUDGES",
    "OVERRIDABLE",
    "RULES",
    "SPELT_OTHERWISE",
    "ActStated",
    "Basis",
    "BoundStated",
    "ChangeEvidence",
    "Conduct",
    "Correction",
    "Descends",
    "Duty",
    "Government",
    "Held",
    "Lawful",
    "OperationEvidence",
    "Places",
    "Plan",
    "ProposedUnit",
    "PutRight",
    "Record",
    "Revised",
    "Scale",
    "Standing",
    "Stated",
    "Touched",
    "UnitFacts",
    "completion_due",
    "descents",
    "duties",
    "issued_by",
    "judge_agreement",
    "judge_altered",
    "judge_codes_after",
    "judge_correction",
    "judge_corrections",
    "judge_decision",
    "judge_filing",
    "judge_issuer",
    "judge_later",
    "judge_publicity",
    "judge_revoker",
    "judge_totals",
    "judge_unseen",
    "largest_material_bytes",
    "lawful_approval",
    "planned",
    "put_right",
    "recoded",
    "required_materials",
    "reshaped",
    "special_areas",
    "tell_approver",
    "units_of",
    "window_of",
]
