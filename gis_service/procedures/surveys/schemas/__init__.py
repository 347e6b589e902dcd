"""What is sent to be entered of lines and of markers."""

from gis_service.procedures.surveys.schemas.lines import (
    ClaimIn,
    ClaimsIn,
    EnteredOut,
    IndicatorEndIn,
    IndicatorIn,
    LineRecordIn,
    OfLineIn,
    SurveyIn,
    UseIn,
    checked,
)

__all__ = [
    "ClaimIn",
    "ClaimsIn",
    "EnteredOut",
    "IndicatorEndIn",
    "IndicatorIn",
    "LineRecordIn",
    "OfLineIn",
    "SurveyIn",
    "UseIn",
    "checked",
]
