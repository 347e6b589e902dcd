"""ZIP packages (XLSX, DOCX) packed anew with one date, so that equal content gives equal bytes."""

from __future__ import annotations

import io
import re
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PROPERTIES = "docProps/core.xml"


def packed_alike(package: bytes, on: date) -> bytes:
    """The package with its files and its properties dated the day of the registers."""
    result = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(result, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == _PROPERTIES:
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{on}T00:00:00Z".encode(), content)
            entry = ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return result.getvalue()
