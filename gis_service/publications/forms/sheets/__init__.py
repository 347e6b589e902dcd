"""Forms of a line: each module holds `NAME`, `TITLE` and `plan(evidence)`. Listed here means offered."""

from gis_service.foundation.typeface import NAME_CAN_BE_PRINTED
from gis_service.publications.forms.sheets import course, maintenance, points, record, registration, results

SHEET_TYPES = (registration, results, points, course, record, maintenance)
RULES = (NAME_CAN_BE_PRINTED,)
