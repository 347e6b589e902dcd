"""How desk checks are handed on: each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(checks)`.

A check comes with the line it is of, lon/lat.
"""

from gis_service.publications.checks.formats import page, workbook

FORMATS = (page, workbook)
