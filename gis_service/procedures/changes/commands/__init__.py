"""The case of a change, move by move, and its enactment in one transaction."""

from gis_service.procedures.changes.commands.cancelling import cancel
from gis_service.procedures.changes.commands.cases import draft, endorse, submit, withdraw
from gis_service.procedures.changes.commands.consultations import answer_of_department, ask_department
from gis_service.procedures.changes.commands.decisions import approve, extend, reject
from gis_service.procedures.changes.commands.enactment import (
    Checked,
    check,
    check_case,
    enact,
    enact_published,
)
from gis_service.procedures.changes.commands.evaluations import record_evaluation
from gis_service.procedures.changes.commands.filings import record_filing
from gis_service.procedures.changes.commands.follow_ups import complete, record_duty_done
from gis_service.procedures.changes.commands.in_hand import require_revision
from gis_service.procedures.changes.commands.judging import judge_proposal
from gis_service.procedures.changes.commands.materials import add_duty_document, add_material, kinds_to_add
from gis_service.procedures.changes.commands.standards import attach_verdict, judge_unit
from gis_service.procedures.changes.commands.steps import add_step, correct_step

__all__ = [
    "Checked",
    "add_duty_document",
    "add_material",
    "add_step",
    "answer_of_department",
    "approve",
    "ask_department",
    "attach_verdict",
    "cancel",
    "check",
    "check_case",
    "complete",
    "correct_step",
    "draft",
    "enact",
    "enact_published",
    "endorse",
    "extend",
    "judge_proposal",
    "judge_unit",
    "kinds_to_add",
    "record_duty_done",
    "record_evaluation",
    "record_filing",
    "reject",
    "require_revision",
    "submit",
    "withdraw",
]
