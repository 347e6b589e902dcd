"""Sheet types: each module holds `NAME`, `TITLE` and `plan(evidence)`. Listed here means offered."""

from gis_service.publications.maps.sheets import change, division

SHEET_TYPES = (change, division)
