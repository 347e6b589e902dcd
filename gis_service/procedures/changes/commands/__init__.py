"""The case of a change, move by move, and its enactment in one transaction."""

from gis_service.procedures.changes.commands.cases import (
    add_material,
    approve,
    complete,
    draft,
    extend,
    record_duty_done,
    reject,
    require_revision,
    submit,
    withdraw,
)
from gis_service.procedures.changes.commands.enactment import (
    Checked,
    check,
    check_case,
    enact,
    enact_published,
)
from gis_service.procedures.changes.commands.judging import judge_proposal

__all__ = [
    "Checked",
    "add_material",
    "approve",
    "check",
    "check_case",
    "complete",
    "draft",
    "enact",
    "enact_published",
    "extend",
    "judge_proposal",
    "record_duty_done",
    "reject",
    "require_revision",
    "submit",
    "withdraw",
]
