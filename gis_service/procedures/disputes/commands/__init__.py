"""Opening, leading, revising and deciding cases of hidden risks and disputes; keeping the peace on lines."""

from gis_service.procedures.disputes.commands.agreements import end_agreement, enter_agreement
from gis_service.procedures.disputes.commands.assessments import assess, propose, sign_assessment
from gis_service.procedures.disputes.commands.deciding import decide
from gis_service.procedures.disputes.commands.leading import mediate, move
from gis_service.procedures.disputes.commands.meetings import enter_meeting, finish_resolution
from gis_service.procedures.disputes.commands.opening import open_case
from gis_service.procedures.disputes.commands.plans import enter_plan, record_exercise
from gis_service.procedures.disputes.commands.revising import revise

__all__ = [
    "assess",
    "decide",
    "end_agreement",
    "enter_agreement",
    "enter_meeting",
    "enter_plan",
    "finish_resolution",
    "mediate",
    "move",
    "open_case",
    "propose",
    "record_exercise",
    "revise",
    "sign_assessment",
]
