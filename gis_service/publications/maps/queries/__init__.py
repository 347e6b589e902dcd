"""Finding sheets and editions, and gathering from the registers what a sheet shows."""

from gis_service.publications.maps.queries.counts import Counts, counts_on
from gis_service.publications.maps.queries.gathering import gather
from gis_service.publications.maps.queries.kept import (
    EditionKept,
    FileKept,
    SheetKept,
    content_of,
    edition_in,
    newest_sheets,
    note_sheet,
    sheet_kept,
    sheets_kept,
)
from gis_service.publications.maps.queries.sheets import (
    edition_files,
    editions_of,
    newest_edition,
    sheet_of,
    sheets_listed,
)

__all__ = [
    "Counts",
    "EditionKept",
    "FileKept",
    "SheetKept",
    "content_of",
    "counts_on",
    "edition_files",
    "edition_in",
    "editions_of",
    "gather",
    "newest_edition",
    "newest_sheets",
    "note_sheet",
    "sheet_kept",
    "sheet_of",
    "sheets_kept",
    "sheets_listed",
]
