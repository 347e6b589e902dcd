"""Sheet types: each module holds `NAME`, `TITLE` and `plan(evidence)`. Listed here means offered."""

from gis_service.foundation.typeface import NAME_CAN_BE_PRINTED
from gis_service.publications.maps.sheets import change, comparison, division
from gis_service.publications.maps.sheets.drafting.marginalia import PUBLIC_MAP_IS_REVIEWED

SHEET_TYPES = (change, division, comparison)
RULES = (NAME_CAN_BE_PRINTED, PUBLIC_MAP_IS_REVIEWED)
