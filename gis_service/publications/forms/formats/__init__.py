"""Formats a form can be made in: each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(plan)`.

PDF and DOCX are for people; the others are for machines and hold everything as it was given.
"""

from gis_service.publications.forms.formats import docx, gpkg, json_text, pdf, xlsx

FORMATS = (pdf, docx, xlsx, gpkg, json_text)
