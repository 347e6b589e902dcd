"""Assessments as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentOut

NAME = "json"
MEDIA_TYPE = "application/json"
SUFFIX = ".json"


def draw(told: Sequence[PeaceAssessmentOut]) -> bytes:
    """An array of assessments."""
    return orjson.dumps([each.model_dump(mode="json") for each in told], option=orjson.OPT_INDENT_2)
