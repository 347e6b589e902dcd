"""How assessments are handed on (考核表): each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(told)`.

A sheet, a section or an object for each side of each line, in the order given.
"""

from gis_service.procedures.disputes.sheets import json_text, page, workbook

SHEET_TYPES = (workbook, page, json_text)
