"""A form as PDF, as it is printed and signed."""

from __future__ import annotations

from gis_service.publications.forms.formats.typesetting import typeset
from gis_service.publications.forms.schemas import FormPlan

NAME = "pdf"
MEDIA_TYPE = "application/pdf"
SUFFIX = ".pdf"


def draw(plan: FormPlan) -> bytes:
    """The form."""
    return typeset(plan)
