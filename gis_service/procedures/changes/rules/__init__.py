"""What judges the conduct of a change: `JUDGES`, in the order of their findings."""

from __future__ import annotations

from collections.abc import Callable

from gis_service.foundation.findings import Finding
from gis_service.procedures.changes.rules.area import R_CHG_09, judge_areas, judge_totals
from gis_service.procedures.changes.rules.evidence import (
    Basis,
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    UnitFacts,
)
from gis_service.procedures.changes.rules.file import R_CHG_07, judge_file
from gis_service.procedures.changes.rules.plan import R_CHG_05, R_CHG_08, judge_new_codes, judge_plan
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

RULES = (R_CHG_05, R_CHG_07, R_CHG_08, R_CHG_09, R_CHG_STANDING, R_CHG_ONCE)

JUDGES: tuple[Callable[[ChangeEvidence], list[Finding]], ...] = (
    judge_standing,
    judge_each_taken_once,
    judge_plan,
    judge_new_codes,
    judge_areas,
    judge_file,
)

# Findings of these rules may be set aside with a journaled reason; the others state what is impossible.
OVERRIDABLE = frozenset({"R-CHG-05", "R-CHG-07", "R-CHG-08", "R-COD-02", "R-COD-04"})

__all__ = [
    "JUDGES",
    "OVERRIDABLE",
    "RULES",
    "Basis",
    "ChangeEvidence",
    "Duty",
    "OperationEvidence",
    "ProposedUnit",
    "UnitFacts",
    "completion_due",
    "duties",
    "judge_totals",
    "largest_material_bytes",
    "required_materials",
]
