"""What is sent to open and lead a case, and what is told of it."""

from gis_service.procedures.disputes.schemas.cases import CaseIn, CaseOut, StepIn, StepOut, checked

__all__ = ["CaseIn", "CaseOut", "StepIn", "StepOut", "checked"]
