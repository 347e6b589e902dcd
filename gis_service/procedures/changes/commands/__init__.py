"""The case of a change, move by move, and its enactment in one transaction."""

from gis_service.procedures.changes.commands.cancelling import cancel
from gis_service.procedures.changes.commands.cases import draft, endorse, submit, withdraw
from gis_service.procedures.changes.commands.decisions import approve, extend, reject
from gis_service.procedures.changes.commands.enactment import (
    Checked,
    check,
    check_case,
    enact,
    enact_published,
)
from gis_service.procedures.changes.commands.follow_ups import complete, record_duty_done
from gis_service.procedures.changes.commands.in_hand import require_revision
from gis_service.procedures.changes.commands.judging import judge_proposal
from gis_service.procedures.changes.commands.materials import add_material

__all__ = [
    "Checked",
    "add_material",
    "approve",
    "cancel",
    "check",
    "check_case",
    "complete",
    "draft",
    "enact",
    "enact_published",
    "endorse",
    "extend",
    "judge_proposal",
    "record_duty_done",
    "reject",
    "require_revision",
    "submit",
    "withdraw",
]
