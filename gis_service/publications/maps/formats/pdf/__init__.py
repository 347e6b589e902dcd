"""A sheet as a PDF true to scale: line work as one vector drawing in mm, all lettering as real text.

Typst composes the page in process; the same plan gives the same bytes, since the only date in the file is
the edition's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files

import typst

from gis_service.foundation.typeface import FAMILY, font_file
from gis_service.publications.maps.formats.pdf.lettering import lettering
from gis_service.publications.maps.formats.pdf.linework import drawing
from gis_service.publications.maps.schemas import SheetPlan

NAME = "pdf"
MEDIA_TYPE = "application/pdf"
SUFFIX = ".pdf"


def draw(plan: SheetPlan) -> bytes:
    """The sheet as PDF; rows of the table that find no room follow on continuation pages."""
    content = {"family": FAMILY, **lettering(plan)}
    edition = datetime.combine(plan.evidence.imprint.edition_on, time(), UTC)
    pages = typst.compile(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False), "drawing": drawing(plan)},
        format="pdf",
        timestamp=int(edition.timestamp()),
        pdf_tags=False,
    )
    if not isinstance(pages, bytes):
        raise TypeError("the typesetter returned no single document")
    return pages


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files(__package__).joinpath("sheet.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_file().parent]
    )
